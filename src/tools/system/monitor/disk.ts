import { statfs } from 'node:fs/promises';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import { formatBytes, percent } from './format.js';
import { kernelTable } from './proc.js';

/** File systems that keep nothing on a disk. */
const VIRTUAL =
  /^(?:proc|sysfs|dev(?:pts|tmpfs)|tmpfs|ramfs|cgroup2?|mqueue|(?:security|debug|trace|config|efivar|huget?lb|binder|ns|self|pipe|sock)\w*fs|pstore|bpf|fusectl|autofs|binfmt_misc|rpc_pipefs|squashfs|fuse\.(?:lxcfs|portal|gvfsd-fuse))$/;
const MOST_MOUNTS = 20;
/** Milliseconds that a file system gets to answer: one on a lost server never does. */
const PATIENCE_MS = 1000;

/** Something that is mounted. */
export interface Mount {
  path: string;
  type: string;
}

/** How full each disk is. */
export async function describeDisks(context: ExecutionContext): Promise<JsonObject> {
  const table = process.platform === 'linux' ? await kernelTable('/proc/self/mounts') : undefined;
  const mounts = table === undefined ? [{ path: process.cwd(), type: 'unknown' }] : parseMounts(table);
  const disks: JsonObject = {};
  for (const mount of mounts.slice(0, MOST_MOUNTS)) {
    const usage = await within(PATIENCE_MS, usageOf(mount), context);
    if (usage) disks[mount.path] = usage;
  }
  return { disk_usage: disks };
}

/** The mounts of real file systems; one that is mounted in several places counts once, where it was first. */
export function parseMounts(table: string): Mount[] {
  const devices = new Set<string>();
  const mounts = new Map<string, Mount>();
  for (const line of table.split('\n')) {
    const [device, path, type] = line.split(' ').map(withoutEscapes);
    if (!device || !path || !type || VIRTUAL.test(type)) continue;
    if (device.startsWith('/') && devices.has(device)) continue;
    devices.add(device);
    mounts.set(path, { path, type });
  }
  return [...mounts.values()];
}

async function usageOf({ path, type }: Mount): Promise<JsonObject | undefined> {
  const stats = await statfs(path).catch(() => undefined);
  if (!stats || stats.blocks === 0) return undefined;
  const total = stats.blocks * stats.bsize;
  const available = stats.bavail * stats.bsize;
  const used = (stats.blocks - stats.bfree) * stats.bsize;
  return {
    total_bytes: total,
    available_bytes: available,
    used_bytes: used,
    usage_percent: percent(used, used + available),
    filesystem: type,
    total_formatted: formatBytes(total),
    available_formatted: formatBytes(available),
  };
}

async function within<T>(
  ms: number,
  work: Promise<T>,
  { effects, signal }: ExecutionContext,
): Promise<T | undefined> {
  const timer = new AbortController();
  const late = effects.sleep(ms, AbortSignal.any([timer.signal, signal])).then(
    () => undefined,
    () => undefined,
  );
  const first = await Promise.race([work, late]);
  timer.abort();
  signal.throwIfAborted();
  return first;
}

/** Blanks and the like are written as octal numbers. */
function withoutEscapes(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

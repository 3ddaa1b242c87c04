import { readdir } from 'node:fs/promises';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { CpuSample } from './cpu.js';
import { percent } from './format.js';
import { kernelTable } from './proc.js';

/** A process at one moment. */
export interface ProcessRow {
  pid: number;
  name: string;
  state: string;
  threads: number;
  /** Time on processors, in the unit of {@link CpuSample}. */
  ticks: number;
  /** When it started, in the same unit; with the number it says whether two rows are of one process. */
  started: number;
  pages: number;
}

/** Tables read at once. */
const AT_ONCE = 16;
const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting',
  T: 'stopped',
  t: 'stopped',
  Z: 'zombie',
  I: 'idle',
};

/** Numbers of all processes; undefined on systems that do not show them. */
export async function processIds(): Promise<number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const names = await readdir('/proc').catch(() => undefined);
  return names?.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** All processes: their names, but not what they were called with. */
export async function sampleProcesses({
  signal,
}: ExecutionContext): Promise<Map<number, ProcessRow> | undefined> {
  const ids = await processIds();
  if (!ids) return undefined;
  const rows = new Map<number, ProcessRow>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    signal.throwIfAborted();
    const tables = await Promise.all(
      ids.slice(at, at + AT_ONCE).map((pid) => kernelTable(`/proc/${pid}/stat`)),
    );
    for (const table of tables) {
      const row = table === undefined ? undefined : parseStat(table);
      if (row) rows.set(row.pid, row);
    }
  }
  return rows;
}

/** A line of `/proc/<pid>/stat`. The name stands in brackets and may hold brackets and blanks itself. */
export function parseStat(line: string): ProcessRow | undefined {
  const [, pid, name, rest] = /^(\d+) \(([\s\S]*)\) ([\s\S]*)$/.exec(line) ?? [];
  const fields = rest?.trim().split(' ') ?? [];
  if (fields.length < 22) return undefined;
  const at = (index: number) => Number(fields[index]);
  return {
    pid: Number(pid),
    name: name!,
    state: STATES[fields[0]!] ?? 'unknown',
    threads: at(17),
    ticks: at(11) + at(12),
    started: at(19),
    pages: at(21),
  };
}

/** How many processes there are and which take most. */
export function describeProcesses(
  [before, after]: readonly (Map<number, ProcessRow> | undefined)[],
  [cpuBefore, cpuAfter]: readonly [CpuSample, CpuSample],
  {
    sortBy,
    limit,
    pageBytes,
    totalMemory,
  }: { sortBy: 'cpu' | 'memory'; limit: number; pageBytes: number; totalMemory: number },
): JsonObject {
  if (!before || !after) return { process_count: null, processes: null };
  const oneCore = (cpuAfter.whole.total - cpuBefore.whole.total) / Math.max(1, cpuAfter.cores.length);
  const rows = [...after.values()].map((row) => {
    const then = before.get(row.pid);
    const ticks = then?.started === row.started ? row.ticks - then.ticks : 0;
    return { row, cpu: oneCore > 0 ? Math.round((ticks / oneCore) * 1000) / 10 : 0 };
  });
  rows.sort(
    (a, b) => (sortBy === 'cpu' ? b.cpu - a.cpu : 0) || b.row.pages - a.row.pages || a.row.pid - b.row.pid,
  );
  const count = (state: string) => rows.filter(({ row }) => row.state === state).length;
  return {
    process_count: rows.length,
    running_count: count('running'),
    zombie_count: count('zombie'),
    processes: rows.slice(0, limit).map(({ row, cpu }) => ({
      pid: row.pid,
      name: row.name,
      state: row.state,
      threads: row.threads,
      cpu_percent: cpu,
      memory_bytes: row.pages * pageBytes,
      memory_percent: percent(row.pages * pageBytes, totalMemory),
    })),
  };
}

/** Bytes in one page of memory, told from this process, of which both are known. */
export async function pageSize(): Promise<number> {
  const own = parseStat((await kernelTable('/proc/self/stat')) ?? '');
  const status = /^VmRSS:\s+(\d+) kB$/m.exec((await kernelTable('/proc/self/status')) ?? '');
  if (!own || !status || own.pages === 0) return 4096;
  return 2 ** Math.round(Math.log2((Number(status[1]) * 1024) / own.pages));
}

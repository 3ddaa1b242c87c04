import { createHash } from 'node:crypto';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import type { ScriptValue } from '../../../core/values.js';
import { type DirectoryEntry, listGuarded, statGuarded } from '../../../security/files.js';
import type { State } from '../../../state/state.js';
import { type RawEvent, type WatchEvent, withRenames } from './events.js';
import { MAX_SNAPSHOT_ENTRIES } from './limits.js';
import type { Watched } from './roots.js';

/** Under which the snapshots are kept. */
const SCOPE = 'tool:file-watcher';

/** A file or folder as it was. */
interface Entry {
  readonly directory: boolean;
  readonly size: number;
  readonly modifiedMs: number;
}

/** What is below the roots, by path. */
export type Snapshot = ReadonlyMap<string, Entry>;

/** Where a snapshot is kept: under the name it was given, or under one made of what it shows. */
export function snapshotKey(name: string | undefined, watched: Watched, pattern: string | undefined): string {
  if (name !== undefined) return `named.${name}`;
  const what = JSON.stringify([[...watched.roots].sort(), watched.recursive, pattern ?? null]);
  return createHash('sha256').update(what).digest('hex').slice(0, 40);
}

/** Looks at everything below the roots. Links are looked at themselves and not followed. */
export async function takeSnapshot(watched: Watched, context: ExecutionContext): Promise<Snapshot> {
  const found = new Map<string, Entry>();
  for (const root of watched.roots) {
    const info = await statGuarded(root, context);
    if (info.type === 'directory') await walk(root, root, watched, found, context);
    else if (watched.wanted(info.path)) add(info.path, info, found);
  }
  return found;
}

async function walk(
  root: string,
  folder: string,
  watched: Watched,
  found: Map<string, Entry>,
  context: ExecutionContext,
): Promise<void> {
  for (const entry of await entriesOf(root, folder, context)) {
    context.signal.throwIfAborted();
    if (watched.wanted(entry.path)) add(entry.path, entry, found);
    if (entry.type === 'directory' && watched.recursive)
      await walk(root, entry.path, watched, found, context);
  }
}

/** A folder below the root that cannot be listed is passed over. */
async function entriesOf(root: string, folder: string, context: ExecutionContext): Promise<DirectoryEntry[]> {
  try {
    return (await listGuarded(folder, context, { maxEntries: MAX_SNAPSHOT_ENTRIES, within: root })).entries;
  } catch (error) {
    if (folder === root || context.signal.aborted || !(error instanceof LlmspellError)) throw error;
    return [];
  }
}

function add(
  path: string,
  { type, size, modifiedMs }: Pick<DirectoryEntry, 'type' | 'size' | 'modifiedMs'>,
  found: Map<string, Entry>,
): void {
  if (found.size >= MAX_SNAPSHOT_ENTRIES)
    throw fail('tool.failed', `File watching failed: there are more than ${MAX_SNAPSHOT_ENTRIES} files`);
  const directory = type === 'directory';
  found.set(path, { directory, size: directory ? 0 : size, modifiedMs });
}

/** What is different now. A file that went and another of its size and time that came are one that was renamed. */
export function changesBetween(before: Snapshot, after: Snapshot, nowMs: number): WatchEvent[] {
  const events: RawEvent[] = [];
  for (const [path, entry] of before)
    if (!after.has(path))
      events.push({ type: 'Delete', path, kind: kindOf(entry), atMs: nowMs, identity: traceOf(entry) });
  for (const [path, entry] of after) {
    const old = before.get(path);
    const event = { path, kind: kindOf(entry), atMs: Math.min(entry.modifiedMs, nowMs) };
    if (!old) events.push({ ...event, type: 'Create', identity: traceOf(entry) });
    else if (isModified(old, entry)) events.push({ ...event, type: 'Modify' });
  }
  return withRenames(events);
}

/** The time of a folder changes with what is in it, which is told anyway. */
function isModified(old: Entry, now: Entry): boolean {
  if (old.directory !== now.directory) return true;
  return !now.directory && (old.size !== now.size || old.modifiedMs !== now.modifiedMs);
}

function kindOf({ directory }: Entry): WatchEvent['kind'] {
  return directory ? 'directory' : 'file';
}

function traceOf({ directory, size, modifiedMs }: Entry): string {
  return `${directory}:${size}:${modifiedMs}`;
}

/** The snapshot that was kept, or nothing. */
export async function loadSnapshot(
  state: State,
  key: string,
  context: ExecutionContext,
): Promise<Snapshot | undefined> {
  const stored = await state.load(SCOPE, key, context);
  if (!Array.isArray(stored)) return undefined;
  return new Map(
    (stored as [string, number, number, number][]).map(([path, directory, size, modifiedMs]) => [
      path,
      { directory: directory === 1, size, modifiedMs: Number(modifiedMs) },
    ]),
  );
}

/** Keeps a snapshot for the next time. */
export async function saveSnapshot(
  state: State,
  key: string,
  snapshot: Snapshot,
  context: ExecutionContext,
): Promise<void> {
  const rows = [...snapshot].map(([path, { directory, size, modifiedMs }]) => [
    path,
    directory ? 1 : 0,
    size,
    modifiedMs,
  ]);
  await state.save(SCOPE, key, rows as ScriptValue, context);
}

/** Forgets a snapshot; whether there was one. */
export function forgetSnapshot(state: State, key: string, context: ExecutionContext): Promise<boolean> {
  return state.delete(SCOPE, key, context);
}

import type { Stats } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { Progress } from '../../progress.js';
import { EventLog, type RawEvent, type WatchEvent } from './events.js';
import { MAX_FOLDERS } from './limits.js';
import type { Watched } from './roots.js';

/** Milliseconds without a change after which what happened is given back. */
const QUIET_MS = 100;
/** Milliseconds between two looks at the clock. */
const TICK_MS = 25;

/** How long to watch. */
export interface WatchOptions {
  timeoutMs: number;
  debounceMs: number;
  maxEvents: number;
}

/** What was seen. */
export interface Sighting {
  events: WatchEvent[];
  /** Nothing more was waited for: the time was over, or there were as many events as asked for. */
  ended: 'quiet' | 'timeout' | 'max_events';
}

/**
 * Watches until something has happened and it is quiet again, until the time is over, or until there are enough
 * events. Nothing is watched any more when it returns or throws.
 */
export async function watch(
  watched: Watched,
  options: WatchOptions,
  context: ExecutionContext,
  progress: Progress,
): Promise<Sighting> {
  const { watch: start } = await import('chokidar');
  context.signal.throwIfAborted();
  const guard = new FolderGuard(context);
  const watcher = start([...watched.roots], {
    ignoreInitial: false,
    followSymlinks: false,
    ignorePermissionErrors: true,
    alwaysStat: true,
    atomic: false,
    ignored: (path, stats) => guard.refuses(path, stats),
    ...(!watched.recursive && { depth: 0 }),
  });
  const session = new Session(watcher, watched, options, context);
  try {
    await session.ready(guard);
    progress(`Watching ${watched.roots.join(', ')}`);
    return await session.watch(guard);
  } finally {
    await watcher.close();
  }
}

/** Keeps the watcher out of what is not granted, and the number of folders in bounds. */
class FolderGuard {
  private folders = 0;
  problem: Error | undefined;

  constructor(private readonly context: ExecutionContext) {}

  refuses(path: string, stats: Stats | undefined): boolean {
    if (this.problem || this.context.signal.aborted || !this.context.permissions.allows('read', path))
      return true;
    if (!stats?.isDirectory() || ++this.folders <= MAX_FOLDERS) return false;
    this.problem = fail(
      'tool.failed',
      `File watching failed: there are more than ${MAX_FOLDERS} folders to watch`,
      {
        hint: 'Watch fewer folders, or pass recursive = false.',
      },
    );
    return true;
  }
}

class Session {
  private readonly log: EventLog;
  private readonly identities = new Map<string, string>();
  private isReady = false;
  private lastMs = 0;
  private problem: Error | undefined;

  constructor(
    watcher: FSWatcher,
    private readonly watched: Watched,
    private readonly options: WatchOptions,
    private readonly context: ExecutionContext,
  ) {
    this.log = new EventLog(options.debounceMs);
    watcher
      .on('add', (path, stats) => this.came('file', path, stats))
      .on('addDir', (path, stats) => this.came('directory', path, stats))
      .on('change', (path, stats) => this.changed(path, stats))
      .on('unlink', (path) => this.went('file', path))
      .on('unlinkDir', (path) => this.went('directory', path))
      .on('ready', () => {
        this.isReady = true;
      })
      .on('error', (error) => {
        this.problem = fail('tool.failed', `File watching failed: ${(error as Error).message}`, {
          cause: error,
        });
      });
  }

  /** Waits until every folder is watched. */
  async ready(guard: FolderGuard): Promise<void> {
    while (!this.isReady) await this.tick(guard);
  }

  async watch(guard: FolderGuard): Promise<Sighting> {
    const { timeoutMs, maxEvents, debounceMs } = this.options;
    const end = this.now() + timeoutMs;
    for (;;) {
      await this.tick(guard);
      const now = this.now();
      if (this.log.size >= maxEvents) return this.sighting('max_events');
      const quiet = this.log.size > 0 && now - this.lastMs >= Math.max(QUIET_MS, debounceMs);
      if (quiet) return this.sighting('quiet');
      if (now >= end) return this.sighting('timeout');
    }
  }

  private async tick(guard: FolderGuard): Promise<void> {
    await this.context.effects.sleep(TICK_MS, this.context.signal);
    const problem = this.problem ?? guard.problem;
    if (problem) throw problem;
  }

  private sighting(ended: Sighting['ended']): Sighting {
    return { events: this.log.result().slice(0, this.options.maxEvents), ended };
  }

  private came(kind: RawEvent['kind'], path: string, stats: Stats | undefined): void {
    const identity = identityOf(stats);
    if (identity !== undefined) this.identities.set(path, identity);
    if (this.isReady) this.note({ type: 'Create', kind, path, atMs: this.now(), identity });
  }

  private changed(path: string, stats: Stats | undefined): void {
    const identity = identityOf(stats);
    if (identity !== undefined) this.identities.set(path, identity);
    this.note({ type: 'Modify', kind: 'file', path, atMs: this.now() });
  }

  private went(kind: RawEvent['kind'], path: string): void {
    this.note({ type: 'Delete', kind, path, atMs: this.now(), identity: this.identities.get(path) });
    this.identities.delete(path);
  }

  private note(event: RawEvent): void {
    if (!this.watched.wanted(event.path) || this.log.size >= this.options.maxEvents * 2) return;
    this.log.add(event);
    this.lastMs = event.atMs;
  }

  private now(): number {
    return this.context.effects.now();
  }
}

/** Inodes are used again; together with its time of birth one is unique. */
function identityOf(stats: Stats | undefined): string | undefined {
  if (!stats || stats.ino === 0) return undefined;
  return `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
}

import { type FileHandle, lstat, mkdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { makeDirGuarded } from './file-writes.js';
import { admit, type Directory, OPEN, openAt, openDirectory } from './handles.js';
import { ioError } from './io-error.js';

/** Folders that are kept open at once. */
const MAX_OPEN = 32;

/** Bytes of a file that is written to a tree. */
export type TreeContent = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Opens a folder, which is made when it is missing, for writing many files below it. Needs `write` for its real path;
 * the decision is journaled once, and again only for what is refused. The caller closes it.
 */
export async function openTreeGuarded(path: string, context: ExecutionContext): Promise<GuardedTree> {
  const { path: real } = await makeDirGuarded(path, context, { recursive: true });
  const directory = await openDirectory(real);
  try {
    await admit('write', directory.path, context);
    return new GuardedTree(directory, context);
  } catch (error) {
    await directory.handle.close();
    throw error;
  }
}

/**
 * A folder that many files are written to. Every step down is taken from the handle of the folder above and follows
 * no symbolic link, so nothing lands anywhere else, whatever lies in the folder or is put there meanwhile. Files are
 * not flushed to the disk one by one.
 *
 * Names are relative, with forward slashes. Contract: they have no empty part, no `.` and no `..`.
 */
export class GuardedTree {
  private readonly folders = new Map<string, Promise<Directory>>();
  private readonly users = new Map<string, number>();

  constructor(
    private readonly top: Directory,
    private readonly context: ExecutionContext,
  ) {}

  /** The real path of the folder. */
  get root(): string {
    return this.top.path;
  }

  /** Makes a folder and those above it; one that exists is fine. */
  async makeDir(name: string): Promise<void> {
    await this.inFolder(name, async () => {});
  }

  /**
   * Writes a file whole or not at all, in place of one that exists.
   * @throws `tool.failed` where a link, a folder or a device has its name, or a link the name of a folder above it
   */
  async write(name: string, content: TreeContent): Promise<void> {
    const slash = name.lastIndexOf('/');
    const base = name.slice(slash + 1);
    await this.inFolder(name.slice(0, Math.max(0, slash)), async (folder) => {
      const shown = join(folder.path, base);
      await admit('write', shown, this.context, this.root);
      const created = await this.create(folder.at(base), shown);
      if (created) await this.fill(created, folder.at(base), content);
      else await this.replace(folder, base, shown, content);
    });
  }

  /** Closes every folder. */
  async close(): Promise<void> {
    const open = await Promise.allSettled(this.folders.values());
    this.folders.clear();
    for (const one of open) if (one.status === 'fulfilled') await one.value.handle.close();
    await this.top.handle.close();
  }

  /** Nothing when there is something of that name. */
  private async create(at: string, shown: string): Promise<FileHandle | undefined> {
    try {
      return await openAt(at, OPEN.write | OPEN.create | OPEN.noFollow, shown);
    } catch (error) {
      if ((error as { details?: { errno?: string } }).details?.errno === 'EEXIST') return undefined;
      throw error;
    }
  }

  private async fill(handle: FileHandle, at: string, content: TreeContent): Promise<void> {
    try {
      try {
        for await (const chunk of content) {
          this.context.signal.throwIfAborted();
          for (let from = 0; from < chunk.length; )
            from += (await handle.write(chunk, from, chunk.length - from)).bytesWritten;
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      await unlink(at).catch(() => {});
      throw error;
    }
  }

  private async replace(folder: Directory, base: string, shown: string, content: TreeContent): Promise<void> {
    const stats = await lstat(folder.at(base));
    if (!stats.isFile())
      throw fail('tool.failed', `Failed to access '${shown}': it is not a regular file`, {
        details: { path: shown, errno: stats.isSymbolicLink() ? 'ELOOP' : 'EISDIR' },
      });
    const temporary = folder.at(`.${base.slice(0, 40)}.tmp.${this.context.effects.uuid()}`);
    const handle = await openAt(temporary, OPEN.write | OPEN.create | OPEN.noFollow, shown);
    await this.fill(handle, temporary, content);
    try {
      await rename(temporary, folder.at(base));
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw ioError(error, shown);
    }
  }

  private async inFolder(name: string, work: (folder: Directory) => Promise<void>): Promise<void> {
    this.users.set(name, (this.users.get(name) ?? 0) + 1);
    try {
      await work(await this.folder(name));
    } finally {
      const users = this.users.get(name)! - 1;
      if (users === 0) this.users.delete(name);
      else this.users.set(name, users);
      await this.closeIdle();
    }
  }

  private folder(name: string): Promise<Directory> {
    if (name === '') return Promise.resolve(this.top);
    const known = this.folders.get(name);
    const opening = known ?? this.stepDown(name);
    // What was used last is closed last.
    this.folders.delete(name);
    this.folders.set(name, opening);
    if (!known) opening.catch(() => this.folders.delete(name));
    return opening;
  }

  private async stepDown(name: string): Promise<Directory> {
    const slash = name.lastIndexOf('/');
    const base = name.slice(slash + 1);
    let opened: Directory | undefined;
    await this.inFolder(name.slice(0, Math.max(0, slash)), async (parent) => {
      const path = join(parent.path, base);
      await admit('write', path, this.context, this.root);
      await mkdir(parent.at(base)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw ioError(error, path);
      });
      opened = await openDirectory(parent.at(base), OPEN.noFollow, path);
    });
    return opened!;
  }

  private async closeIdle(): Promise<void> {
    for (const [name, opening] of this.folders) {
      if (this.folders.size <= MAX_OPEN) return;
      if (this.users.has(name)) continue;
      this.folders.delete(name);
      await (await opening).handle.close();
    }
  }
}

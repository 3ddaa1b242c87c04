import { dirname, join } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { LlmspellError } from '../../../core/errors.js';
import { type GuardedTree, openTreeGuarded, type TreeContent } from '../../../security/file-trees.js';
import { existsGuarded, resolvePath, workingDirectory } from '../../../security/files.js';
import { realPath } from '../../../security/paths.js';
import { refuseEntry } from './refusal.js';

/**
 * The folder that an archive is unpacked to. Nothing in it is reached through a symbolic link, whether one lay there
 * before or is put there meanwhile.
 */
export class Target {
  private readonly folders = new Map<string, Promise<boolean>>();
  private tree: GuardedTree | undefined;

  private constructor(
    /** The real path. */
    readonly root: string,
    private readonly context: ExecutionContext,
  ) {}

  /** Nothing is made yet. */
  static async at(path: string, context: ExecutionContext): Promise<Target> {
    return new Target(await realPath(resolvePath(path, workingDirectory(context))), context);
  }

  /** Where an entry goes. */
  pathOf(name: string): string {
    return join(this.root, ...name.split('/'));
  }

  /** Looks, before anything is written, whether an entry would pass through a link. */
  async check(name: string): Promise<void> {
    const path = this.pathOf(name);
    if (!(await this.folderExists(dirname(path), name))) return;
    if ((await realPath(path)) !== path) throw throughLink(name);
  }

  /** Whether something lies where an entry goes. */
  exists(name: string): Promise<boolean> {
    return existsGuarded(this.pathOf(name), this.context);
  }

  /** Makes the folder, and is ready to write. */
  async open(): Promise<void> {
    this.tree = await openTreeGuarded(this.root, this.context);
  }

  /** Makes a folder and those above it. */
  makeDir(name: string): Promise<void> {
    return this.opened().makeDir(name).catch(refusing(name));
  }

  /** Writes a file whole or not at all. */
  write(name: string, content: TreeContent): Promise<void> {
    return this.opened().write(name, content).catch(refusing(name));
  }

  /** Nothing is written any more. */
  async close(): Promise<void> {
    await this.tree?.close();
  }

  private opened(): GuardedTree {
    if (!this.tree) throw new Error('The target is not open');
    return this.tree;
  }

  /** What may not be looked at counts as there. */
  private folderExists(folder: string, name: string): Promise<boolean> {
    const known = this.folders.get(folder);
    if (known) return known;
    const looking = realPath(folder).then(async (real) => {
      if (real !== folder) throw throughLink(name);
      return existsGuarded(folder, this.context).catch(() => true);
    });
    this.folders.set(folder, looking);
    return looking;
  }
}

function refusing(name: string) {
  return (error: unknown): never => {
    const errno = error instanceof LlmspellError ? error.details?.errno : undefined;
    if (errno === 'ELOOP' || errno === 'ENOTDIR') throw throughLink(name);
    throw error;
  };
}

function throughLink(name: string): Error {
  return refuseEntry(name, 'would be written through a symbolic link in the target folder');
}

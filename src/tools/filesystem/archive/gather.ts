import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import {
  type FileInfo,
  isInside,
  listGuarded,
  resolvePath,
  statGuarded,
  workingDirectory,
} from '../../../security/files.js';
import { realPath } from '../../../security/paths.js';
import type { ArchiveLimits } from './limits.js';

/** Entries that one folder may have. */
const MAX_FOLDER_ENTRIES = 100_000;

/** Something that goes into an archive. */
export interface Ingredient {
  /** The real path. */
  readonly path: string;
  /** Its name in the archive; folders end with a slash. */
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** The real path of the folder whose grant is journaled already. */
  readonly within?: string;
}

/** What goes into an archive, and what was left out and why. */
export interface Gathered {
  files: Ingredient[];
  /** Folders that hold nothing. */
  emptyFolders: Ingredient[];
  skipped: { path: string; reason: string }[];
}

/** How names in the archive are made. */
export interface GatherOptions {
  /** Names are relative to this folder; without it each input is named by its last part. */
  base?: string | undefined;
  /** The archive itself, which is left out. */
  archive: string;
}

/**
 * The files to pack: each input, folders with everything in them. Links, pipes and devices are left out, as is what
 * is larger than one entry may be. Two inputs of one name get names of their own: `a.txt`, `a (2).txt`.
 */
export async function gather(
  inputs: readonly string[],
  options: GatherOptions,
  limits: ArchiveLimits,
  context: ExecutionContext,
): Promise<Gathered> {
  const own = await realPath(resolvePath(options.archive, workingDirectory(context)));
  const work = new Gathering(own, limits, context);
  for (const input of inputs) {
    const info = await statGuarded(input, context);
    const name =
      options.base === undefined ? lastPart(info.path) : await nameBelow(options.base, info, context);
    await work.add(info, work.freeName(name));
  }
  return work.gathered;
}

class Gathering {
  readonly gathered: Gathered = { files: [], emptyFolders: [], skipped: [] };
  private readonly names = new Set<string>();

  constructor(
    private readonly own: string,
    private readonly limits: ArchiveLimits,
    private readonly context: ExecutionContext,
  ) {}

  /** The name, or one with a number where another input has it. */
  freeName(name: string): string {
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : numbered(name, number);
      if (this.names.has(free)) continue;
      this.names.add(free);
      return free;
    }
  }

  async add(info: Pick<FileInfo, 'path' | 'type' | 'size' | 'modifiedMs'>, name: string, within?: string) {
    this.context.signal.throwIfAborted();
    if (info.type === 'directory') return this.folder(info, name, within ?? info.path);
    const reason = this.reasonToSkip(info);
    if (reason !== undefined) {
      this.gathered.skipped.push({ path: info.path, reason });
      return;
    }
    const { path, size, modifiedMs } = info;
    this.gathered.files.push({ path, name, size, modifiedMs, ...(within !== undefined && { within }) });
    this.checkCount();
  }

  private reasonToSkip({ path, type, size }: Pick<FileInfo, 'path' | 'type' | 'size'>): string | undefined {
    if (type === 'symlink') return 'it is a symbolic link';
    if (type !== 'file') return 'it is not a regular file';
    if (path === this.own) return 'it is the archive itself';
    if (size <= this.limits.maxFileSize) return undefined;
    return `its ${size} bytes exceed the maximum allowed size of ${this.limits.maxFileSize} bytes`;
  }

  private async folder(info: Pick<FileInfo, 'path' | 'modifiedMs'>, name: string, within: string) {
    const { context } = this;
    const { entries } = await listGuarded(info.path, context, { maxEntries: MAX_FOLDER_ENTRIES, within });
    const prefix = name === '' ? '' : `${name}/`;
    for (const entry of entries) await this.add(entry, `${prefix}${entry.name}`, within);
    if (entries.length > 0 || name === '') return;
    const { path, modifiedMs } = info;
    this.gathered.emptyFolders.push({ path, name: prefix, size: 0, modifiedMs });
    this.checkCount();
  }

  private checkCount(): void {
    const { files, emptyFolders } = this.gathered;
    if (files.length + emptyFolders.length > this.limits.maxEntries)
      throw fail('tool.failed', `There are more than ${this.limits.maxEntries} files to pack`, {
        hint: 'Raise max_entries in [tools.archive_handler] of the configuration.',
      });
  }
}

function lastPart(path: string): string {
  const name = basename(path);
  if (name === '') throw fail('input.invalid', 'The root of a file system cannot be packed');
  return name;
}

async function nameBelow(base: string, { path }: FileInfo, context: ExecutionContext): Promise<string> {
  const root = await realPath(resolvePath(base, workingDirectory(context)));
  const name = relative(root, path);
  if (!isInside(root, path) || isAbsolute(name))
    throw fail('input.invalid', `'${path}' does not lie below the base_path '${join(root)}'`);
  return name.split(sep).join('/');
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const at = dot > name.lastIndexOf('/') + 1 ? dot : name.length;
  return `${name.slice(0, at)} (${number})${name.slice(at)}`;
}

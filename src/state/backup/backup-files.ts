import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, LlmspellError, toLlmspellError } from '../../core/errors.js';
import { syncDirectory } from '../../storage/sync-directory.js';
import { MANIFEST_BYTES, type ReadManifest, readManifest } from './format.js';

const ENDING = '.backup';
/** While it is found out whether another needs it. */
const LEAVING = `${ENDING}.leaving`;
/** Removing takes a moment; what takes longer has nobody any more who does it. */
const LEAVING_MS = 60_000;
const ID = /^backup_[A-Za-z0-9_-]{1,80}$/;

/** A backup file as it lies there. */
export interface BackupFile extends ReadManifest {
  readonly bytes: number;
}

/** A file that should be a backup and is none. */
export interface BrokenFile {
  readonly id: string;
  readonly bytes: number;
  readonly error: LlmspellError;
}

/** The backups of one tenant: files in a directory that several processes may use at once. */
export class BackupFiles {
  constructor(private readonly directory: string) {}

  /** Writes a file that is there whole or not at all. @throws `backup.failed` */
  async write(id: string, bytes: Uint8Array): Promise<void> {
    const path = this.path(id);
    const temporary = `${path}.${process.pid}.writing`;
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await writeDurably(temporary, bytes);
      await rename(temporary, path);
      await syncDirectory(this.directory);
    } catch (cause) {
      await unlink(temporary).catch(() => undefined);
      throw fail(
        'backup.failed',
        `The backup could not be written to ${this.directory}: ${reasonOf(cause)}`,
        {
          hint: 'Check that the directory can be written to and that the disk is not full.',
          cause,
        },
      );
    }
  }

  /** All of a file. @throws `backup.not_found`, `backup.failed` */
  async read(id: string): Promise<Uint8Array> {
    try {
      return await readFile(this.path(id));
    } catch (cause) {
      throw unreadable(id, cause);
    }
  }

  /** Whether there is such a file. */
  async has(id: string): Promise<boolean> {
    return stat(this.path(id)).then(
      () => true,
      () => false,
    );
  }

  /** The newest first; what is broken apart. */
  async list(): Promise<{ files: BackupFile[]; broken: BrokenFile[] }> {
    const names = await readdir(this.directory).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return [];
      throw fail('backup.failed', `The backups in ${this.directory} cannot be listed: ${reasonOf(cause)}`);
    });
    const [files, broken]: [BackupFile[], BrokenFile[]] = [[], []];
    for (const id of names.flatMap((name) => idOf(name) ?? [])) {
      const file = await this.look(id);
      if (file) 'error' in file ? broken.push(file) : files.push(file);
    }
    files.sort((a, b) => b.manifest.createdAt - a.manifest.createdAt);
    return { files, broken };
  }

  /**
   * Removes a file unless `needed` says, when it is out of the way already, that another backup needs it. Who adds one
   * that needs it looks afterwards whether it is still there, so that of the two one always notices.
   */
  async remove(id: string, needed: () => Promise<boolean>): Promise<boolean> {
    const path = this.path(id);
    const leaving = path.slice(0, -ENDING.length) + LEAVING;
    try {
      await rename(path, leaving);
      const stays = await needed();
      if (stays) await rename(leaving, path);
      else await unlink(leaving);
      await syncDirectory(this.directory);
      return !stays;
    } catch (cause) {
      throw unreadable(id, cause);
    }
  }

  /** Puts back what a process left behind that died while it removed something. @param now milliseconds since the epoch. */
  async recover(now: number): Promise<void> {
    for (const name of await readdir(this.directory).catch(() => [])) {
      if (!name.endsWith(LEAVING)) continue;
      const left = join(this.directory, name);
      const since = await stat(left).catch(() => undefined);
      if (!since || now - since.ctimeMs < LEAVING_MS) continue;
      await rename(left, left.slice(0, -LEAVING.length) + ENDING).catch(() => undefined);
    }
  }

  private async look(id: string): Promise<BackupFile | BrokenFile | undefined> {
    try {
      const file = await open(this.path(id), 'r');
      try {
        const { size: bytes } = await file.stat();
        const head = await file.read(Buffer.alloc(MANIFEST_BYTES), 0, MANIFEST_BYTES, 0);
        const read = await readManifest(id, head.buffer.subarray(0, head.bytesRead)).catch(toLlmspellError);
        return read instanceof LlmspellError ? { id, bytes, error: read } : { ...read, bytes };
      } finally {
        await file.close();
      }
    } catch (cause) {
      // Somebody else has removed it meanwhile.
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unreadable(id, cause);
    }
  }

  /** An id is part of a path, so it may be nothing else. */
  private path(id: string): string {
    if (!ID.test(id)) throw notFound(id);
    return join(this.directory, id + ENDING);
  }
}

/** The error of a backup that is not there. */
export function notFound(id: string): LlmspellError {
  return fail('backup.not_found', `There is no backup ${JSON.stringify(id)}`, {
    hint: 'See: llmspell backup list',
  });
}

function idOf(name: string): string | undefined {
  const id = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : '';
  return ID.test(id) ? id : undefined;
}

function unreadable(id: string, cause: unknown): LlmspellError {
  if (cause instanceof LlmspellError) return cause;
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return notFound(id);
  return fail('backup.failed', `The backup ${id} cannot be used: ${reasonOf(cause)}`, { cause });
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

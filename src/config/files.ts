import { existsSync, promises, statSync } from 'node:fs';
import path from 'node:path';
import { fail } from '../core/errors.js';

const PROJECT_FILES = ['llmspell.toml', '.llmspell.toml', 'config/llmspell.toml', '.config/llmspell.toml'];
const WRITABLE_BY_ALL = 0o002;

/** A project's file and the directory that it belongs to. */
export interface ProjectFile {
  path: string;
  directory: string;
}

/** Where a user's own file may be, first one wins. */
export function userFileCandidates(home: string, env: Record<string, string | undefined>): string[] {
  const xdg = env.XDG_CONFIG_HOME;
  return [
    ...(xdg && path.isAbsolute(xdg) ? [path.join(xdg, 'llmspell/config.toml')] : []),
    path.join(home, '.config/llmspell/config.toml'),
    path.join(home, '.llmspell/config.toml'),
    path.join(home, '.llmspell.toml'),
    path.join(home, '.config/llmspell.toml'),
  ];
}

/** The user's own file, if there is one. */
export function findUserFile(home: string, env: Record<string, string | undefined>): string | undefined {
  return userFileCandidates(home, env).find(isFile);
}

/**
 * The project's file: in the working directory or the nearest parent that has one. Parents that everybody may write
 * to (such as `/tmp`) are passed over, since the file can grant permissions. `exclude` holds the user's own files.
 */
export function findProjectFile(cwd: string, exclude: readonly string[]): ProjectFile | undefined {
  let directory = path.resolve(cwd);
  while (true) {
    if (directory === path.resolve(cwd) || !isWritableByAll(directory)) {
      const found = PROJECT_FILES.map((name) => path.join(directory, name)).find(
        (file) => !exclude.includes(file) && isFile(file),
      );
      if (found) return { path: found, directory };
    }
    const parent = path.dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isWritableByAll(directory: string): boolean {
  const mode = process.platform === 'win32' ? 0 : (statSync(directory, { throwIfNoEntry: false })?.mode ?? 0);
  return (mode & WRITABLE_BY_ALL) !== 0;
}

/**
 * The text of a configuration file.
 * @throws `config.not_found` if there is none, `config.unreadable` if it cannot be read, `config.syntax` if it is not UTF-8.
 */
export async function readConfigFile(file: string): Promise<string> {
  const bytes = await promises.readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw fail('config.not_found', `Configuration file not found: ${file}`, {
        hint: 'Check the path, or write a new file with: llmspell config init',
        details: { file },
      });
    throw fail(
      'config.unreadable',
      `Configuration file ${file} cannot be read: ${error.code ?? error.message}`,
      {
        hint: 'It has to be a regular file that you may read.',
        details: { file },
      },
    );
  });
  return decode(bytes, file);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fail('config.syntax', `${file}: not valid UTF-8`, {
      hint: 'Save the file as UTF-8.',
      details: { file },
    });
  }
}

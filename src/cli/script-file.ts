import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fail } from '../core/errors.js';
import type { Source } from '../script/protocol.js';

/** Reads a script, or standard input for `-`. @throws `script.not_found`, `script.encoding` */
export function readScriptFile(cwd: string, script: string): Source & { directory: string } {
  const path = script === '-' ? 0 : resolve(cwd, script);
  const name = path === 0 ? 'stdin' : displayName(cwd, path);
  return {
    code: decode(read(path, script), name),
    name,
    directory: path === 0 ? cwd : dirname(path),
  };
}

function displayName(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return shown.startsWith('..') || isAbsolute(shown) ? path : shown;
}

function read(path: string | 0, script: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw fail('script.not_found', `Script file not found: ${script}`);
    if (code === 'EISDIR') throw fail('script.not_found', `${script} is a directory, not a script file`);
    throw fail('script.not_found', `Cannot read ${script}: ${(thrown as Error).message}`, { cause: thrown });
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fail('script.encoding', `${name} is not valid UTF-8 text`, { hint: 'Save it as UTF-8.' });
  }
}

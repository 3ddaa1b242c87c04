import { promises } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../core/errors.js';

/**
 * Writes a file that a command makes, with the folders above it.
 * @param force replace what is there.
 * @throws `config.exists` when something is there already, `config.unwritable` when writing fails.
 */
export async function writeNewFile(path: string, text: string, force: boolean): Promise<void> {
  try {
    await promises.mkdir(dirname(path), { recursive: true });
    await promises.writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (thrown) {
    throw explain(thrown as NodeJS.ErrnoException, path);
  }
}

function explain(error: NodeJS.ErrnoException, path: string): Error {
  if (error.code === 'EEXIST' && error.syscall === 'open')
    return fail('config.exists', `${path} exists already`, {
      hint: 'Give another place, or --force to replace it.',
      details: { path },
    });
  return fail('config.unwritable', `Cannot write ${path}: ${error.message}`, {
    details: { path },
    cause: error,
  });
}

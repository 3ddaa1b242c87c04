import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../core/errors.js';

/**
 * The path of a file that the package carries, e.g. `types/llmspell.d.ts`: sought from this module's folder upwards,
 * so that it is found from `dist/`, from its chunks and from the source tree alike.
 * @throws `internal.error` when the installation lacks the file.
 */
export function packageFile(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, name);
    if (existsSync(join(folder, 'package.json')) && existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) throw missing(name);
    folder = parent;
  }
}

function missing(name: string): Error {
  return fail('internal.error', `The installation lacks its file ${name}`, {
    hint: 'Install llmspell again.',
  });
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseToml } from '../../config/toml.js';
import { fail, LlmspellError } from '../../core/errors.js';
import { parseJson } from '../../core/json-parse.js';
import type { Schemas } from './schemas.js';

/** Registers every schema in a directory: its `.toml` and `.json` files. @throws `migration.invalid` */
export async function loadSchemas(directory: string, schemas: Schemas): Promise<void> {
  const names = await readdir(directory).catch((cause: Error) => {
    throw fail('migration.invalid', `The directory of the schemas cannot be read: ${cause.message}`, {
      hint: 'Check runtime.state_persistence.schema_directory.',
      cause,
    });
  });
  for (const name of names.sort())
    if (/\.(toml|json)$/.test(name)) schemas.register(await read(join(directory, name)), name);
}

async function read(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    return path.endsWith('.toml') ? await parseToml(text, path) : parseJson(text);
  } catch (cause) {
    const { message } = cause instanceof LlmspellError ? cause : (cause as Error);
    throw fail('migration.invalid', `The schema ${path} cannot be read: ${message}`, { cause });
  }
}

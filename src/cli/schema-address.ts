import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from './package-file.js';

const SCHEMA = 'schema/llmspell.schema.json';
/** Where a project may have the schema: installed with the package, or copied by `llmspell init`. */
const IN_PROJECT = [`node_modules/llmspell/${SCHEMA}`, '.llmspell/types/llmspell.schema.json'];

/**
 * Where an editor finds the JSON Schema of a configuration file in `directory`: relative where the project has it,
 * else this installation's own copy.
 */
export function schemaAddress(directory: string): string {
  const own = IN_PROJECT.find((path) => existsSync(join(directory, path)));
  return own === undefined ? packageFile(SCHEMA) : `./${own}`;
}

import { extname } from 'node:path';
import { fail } from '../core/errors.js';
import type { Language } from '../script/protocol.js';

const BY_EXTENSION: Record<string, string> = {
  '.lua': 'lua',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.ts': 'typescript',
  '.mts': 'typescript',
};

/** Which engine runs a script, and whether its types have to be removed first. */
export interface ScriptLanguage {
  language: Language;
  typescript: boolean;
}

/** The language of a script: as asked for, else by the file's ending, else the configured default. */
export function scriptLanguage(
  engine: string | undefined,
  file: string | undefined,
  fallback: string,
): ScriptLanguage {
  const name = engine ?? (file === undefined ? fallback : byExtension(file, fallback));
  const typescript = name === 'typescript' || name === 'ts';
  if (typescript || name === 'javascript' || name === 'js') return { language: 'javascript', typescript };
  if (name === 'lua') return { language: 'lua', typescript: false };
  throw fail('script.unsupported', `Script engine '${name}' is not available`, {
    hint: 'Engines: lua, javascript, typescript.',
  });
}

function byExtension(file: string, fallback: string): string {
  const extension = extname(file).toLowerCase();
  const known = BY_EXTENSION[extension];
  if (known) return known;
  if (extension === '' || extension === '.spell') return fallback;
  throw fail('script.unsupported', `No script engine runs ${extension} files`, {
    hint: 'Spells end in .lua, .js or .ts; say --engine LANGUAGE for other names.',
  });
}

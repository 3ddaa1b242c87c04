import { fail, type LlmspellError } from '../core/errors.js';
import { isRecord, setOwn } from '../core/values.js';
import type { FreeTable } from './types.js';

const MAX_NESTING = 100;

/**
 * Parses TOML into plain data; dates become ISO text.
 * @throws `config.syntax` with the position as `details.line` and `details.column`, both from 1.
 */
export async function parseToml(text: string, file: string): Promise<FreeTable> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return toPlain(parse(text, { maxDepth: MAX_NESTING })) as FreeTable;
  } catch (error) {
    if (error instanceof TomlError) throw syntaxError(error, file);
    throw error;
  }
}

function syntaxError(error: { message: string; line: number; column: number }, file: string): LlmspellError {
  const { line, column } = error;
  // The parser's message goes on with an excerpt of the file, which may show a key.
  const reason = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
  return fail('config.syntax', `${file}:${line}:${column}: not valid TOML: ${reason}`, {
    hint: 'Correct the file at that position; strings need quotes, tables look like [runtime.security].',
    details: { file, line, column },
  });
}

/** The parser's tables have no prototype and its dates are objects of its own; the rest of the house expects neither. */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Date) return value.toISOString();
  if (!isRecord(value)) return value;
  const out: FreeTable = {};
  for (const key of Object.keys(value)) setOwn(out, key, toPlain(value[key]));
  return out;
}

import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';

/** The largest text that is compared, in bytes. */
export const MAX_BYTES = 10_000_000;
/** How deeply JSON may be nested. */
const MAX_DEPTH = 200;

/** The two sides of a comparison, as a caller gives them. */
export interface Sides {
  old_text?: string | undefined;
  new_text?: string | undefined;
  old_file?: string | undefined;
  new_file?: string | undefined;
  old_json?: unknown;
  new_json?: unknown;
}

/** Which side. */
export type Side = 'old' | 'new';

/** One side as text. A file comes before a text. @throws `input.invalid` when there is neither */
export async function textOf(side: Side, sides: Sides, context: ExecutionContext): Promise<string> {
  const file = sides[`${side}_file`];
  const text = file === undefined ? sides[`${side}_text`] : await fileText(file, context);
  if (text === undefined) throw missing('text');
  if (text.length > MAX_BYTES)
    throw fail('tool.failed', `The text exceeds maximum allowed size of ${MAX_BYTES} bytes`);
  return text;
}

/** One side as JSON: a file, a text, or a value. @throws `input.invalid` when it is none */
export async function jsonOf(side: Side, sides: Sides, context: ExecutionContext): Promise<JsonValue> {
  const value = sides[`${side}_json`];
  const written = value === undefined || sides[`${side}_file`] !== undefined;
  if (written && sides[`${side}_file`] === undefined && sides[`${side}_text`] === undefined)
    throw missing('json');
  const parsed = written
    ? parseJson(
        await textOf(side, sides, context),
        `${side}_${sides[`${side}_file`] === undefined ? 'text' : 'file'}`,
      )
    : typeof value === 'string'
      ? parseJson(value, `${side}_json`)
      : (value as JsonValue);
  if (isDeep(parsed)) throw fail('input.invalid', `The JSON is nested more than ${MAX_DEPTH} levels deep`);
  return parsed;
}

/** The value of a JSON text. @throws `input.invalid` */
export function parseJson(text: string, name: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw fail('input.invalid', `Invalid JSON in '${name}': ${(cause as Error).message}`, { cause });
  }
}

async function fileText(path: string, context: ExecutionContext): Promise<string> {
  const bytes = await readFileGuarded(path, context, { maxBytes: MAX_BYTES });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fail('tool.failed', `Failed to read '${path}': invalid UTF-8`, {
      hint: 'Convert it with file-converter first.',
    });
  }
}

function missing(what: 'text' | 'json'): Error {
  return fail(
    'input.invalid',
    `Either 'old_${what}' and 'new_${what}' or 'old_file' and 'new_file' must be provided`,
  );
}

/** Level by level, so that no depth is too much to measure. */
function isDeep(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
  return false;
}

import { fail } from '../../../../core/errors.js';
import { isRecord } from '../../../../core/values.js';
import { type Dialect, type Token, tokensOf } from './tokens.js';

/** A value for a placeholder; bytes are `{ base64: … }` in the input. Only PostgreSQL gets lists. */
export type Parameter = null | boolean | number | string | Uint8Array | readonly unknown[];
/** Parameters as a call gives them: by position or by name. */
export type GivenParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** A statement in the spelling of its server, with a value for each placeholder. */
export interface BoundStatement {
  sql: string;
  values: Parameter[];
}

/** How each server writes the n-th placeholder. */
const SPELLING: Readonly<Record<Dialect, (position: number) => string>> = {
  postgres: (position) => `$${position}`,
  sqlite: (position) => `?${position}`,
  mysql: () => '?',
};

/**
 * Puts parameters to placeholders: `?` in order, `$1` and `?1` by number, `:name` by name, whatever the server's own
 * spelling is. Without parameters the statement stays as it is.
 * @throws `input.invalid` for a placeholder without a value and a value without a placeholder
 */
export function bindParameters(sql: string, given: GivenParameters, dialect: Dialect): BoundStatement {
  const keys = Object.keys(given);
  if (keys.length === 0) return { sql, values: [] };
  const places = placesOf(sql, Array.isArray(given), dialect);
  const unused = keys.filter((key) => !places.some((place) => place.key === key));
  if (unused.length > 0)
    throw fail('input.invalid', `No placeholder for the parameter ${unused.map(nameOf).join(', ')}`, {
      hint: 'Write ? or $1 for values of a list, :name for values of a table.',
    });
  return spell(sql, places, given as Readonly<Record<string, unknown>>, dialect);
}

/** A placeholder and the key of its value. */
interface Place {
  token: Token;
  key: string;
}

function placesOf(sql: string, byPosition: boolean, dialect: Dialect): Place[] {
  const tokens = [...tokensOf(sql, dialect)].filter((token) => token.kind === 'placeholder');
  if (!byPosition)
    return tokens
      .filter((token) => /^[:@$][A-Za-z_]/.test(token.text))
      .map((token) => ({ token, key: token.text.slice(1) }));
  const numbered = tokens.filter((token) => /^[?$]\d/.test(token.text));
  if (numbered.length > 0)
    return numbered.map((token) => ({ token, key: String(Number(token.text.slice(1)) - 1) }));
  return tokens
    .filter((token) => token.text === '?')
    .map((token, position) => ({ token, key: String(position) }));
}

function spell(
  sql: string,
  places: readonly Place[],
  given: Readonly<Record<string, unknown>>,
  dialect: Dialect,
): BoundStatement {
  const values: Parameter[] = [];
  const positions = new Map<string, number>();
  let text = '';
  let from = 0;
  for (const { token, key } of places) {
    if (!Object.hasOwn(given, key)) throw fail('input.invalid', `No value for the placeholder ${token.text}`);
    let position = positions.get(key);
    if (position === undefined || dialect === 'mysql') {
      position = values.push(parameterOf(given[key], key, dialect));
      positions.set(key, position);
    }
    text += sql.slice(from, token.start) + SPELLING[dialect](position);
    from = token.end;
  }
  return { sql: text + sql.slice(from), values };
}

/** Tables become JSON; so do lists where the server has none. */
function parameterOf(value: unknown, key: string, dialect: Dialect): Parameter {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (isRecord(value) && Object.keys(value).length === 1 && typeof value.base64 === 'string')
    return bytesOf(value.base64, key);
  if (Array.isArray(value) && dialect === 'postgres') return value;
  return JSON.stringify(value);
}

function bytesOf(text: string, key: string): Uint8Array {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throw fail('input.invalid', `The parameter ${nameOf(key)} is not valid base64`);
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function nameOf(key: string): string {
  return /^\d+$/.test(key) ? String(Number(key) + 1) : `'${key}'`;
}

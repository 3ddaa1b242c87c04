import { isRecord, setOwn } from './values.js';

/** What stands in place of a secret. */
export const REDACTED = '<REDACTED>';

const SECRET = /api_?key|secret|passw(?:or)?d|passphrase|credential|private_?key|authorization|cookie/;
const TOKEN = /token/;
/** Words with "token" in them that count tokens of text instead of naming a credential. */
const TOKEN_COUNT =
  /(?:^|_)(?:max|min|num|total|prompt|completion|input|output|estimated|embedding)_?tokens?(?:_|$)|^tokens$|tokens_(?:per|used|in|out|left|limit)|token_(?:count|limit|budget|usage)|tokeniz/;
/** The name of a variable, as `api_key_env` holds: a key pasted there by mistake does not look like one. */
const VARIABLE_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi;

/** Whether a key by its name holds a secret: `api_key`, `X-Api-Key`, `smtpPassword`, `access_token` … */
export function isSecretKey(key: string): boolean {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return SECRET.test(name) || (TOKEN.test(name) && !TOKEN_COUNT.test(name));
}

/**
 * A copy of plain data in which every secret, at any depth, reads `<REDACTED>`, and so do passwords inside addresses.
 * What is not set (`null`, empty text) and what cannot be a secret (`true`, `false`) stays.
 */
export function redactSecrets<T>(value: T): T {
  return redact(value, false) as T;
}

function redact(value: unknown, secret: boolean): unknown {
  if (value === null || value === undefined || value === '' || typeof value === 'boolean') return value;
  if (secret) return REDACTED;
  if (typeof value === 'string') return value.replace(URL_PASSWORD, `$1${REDACTED}@`);
  if (Array.isArray(value)) return value.map((item) => redact(item, false));
  return isRecord(value) ? redactTable(value) : value;
}

function redactTable(table: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(table)) setOwn(out, key, redact(table[key], holdsSecret(key, table[key])));
  return out;
}

function holdsSecret(key: string, value: unknown): boolean {
  if (!isSecretKey(key)) return false;
  return !(/_env$/i.test(key) && typeof value === 'string' && VARIABLE_NAME.test(value));
}

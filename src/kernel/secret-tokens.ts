import type { Secret, Secrets } from '../core/secrets.js';
import { isRecord, type JsonValue, setOwn } from '../core/values.js';

/** What stands for the n-th secret of a recording. Percent-encoding, case and JSON leave it as it is. */
const TOKEN = /MASKED-SECRET-\d+/g;
const WHOLE_TOKEN = /^MASKED-SECRET-\d+$/;
/** Values that are no text, although JSON spells them as one. */
const NO_TEXT = new Set(['$float', '$int', '$ref']);

/** Parts of a line whose texts are the recording's own words. */
const OWN_WORDS = new Set(['t', 'member', 'handle', 'stream', 'language', 'hash', 'token', 'timezone']);

/** A token and the name of the secret that it stands for. */
export interface NamedToken {
  token: string;
  name?: string;
}

/**
 * Puts tokens in place of secrets: the same for the same secret, numbered as they first occur, so that two recordings
 * of the same run are alike.
 */
export class SecretTokens {
  private readonly tokens: Map<string, NamedToken>;

  /** @param inherited tokens that a replayed recording brings along, by the secret or, where that is not known, by themselves. */
  constructor(
    private readonly secrets: Secrets,
    inherited: ReadonlyMap<string, NamedToken> = new Map(),
  ) {
    this.tokens = new Map(inherited);
  }

  /** The tokens given out so far. */
  get given(): NamedToken[] {
    return [...this.tokens.values()];
  }

  /** The text with a token in place of every known secret. */
  mask(text: string): string {
    return this.secrets.substitute(text, (secret) => this.tokenOf(secret));
  }

  /** One line of a recording, with a token in place of every known secret in what crossed: in keys, texts and bytes. */
  maskLine<T extends object>(line: T): T {
    if (this.secrets.size === 0) return line;
    const mask = (text: string) => this.mask(text);
    const parts = Object.entries(line).map(([key, part]) => [
      key,
      OWN_WORDS.has(key) ? part : mapText(part, mask),
    ]);
    return Object.fromEntries(parts) as T;
  }

  private tokenOf({ value, name }: Secret): string {
    // What a replay brings along is masked already.
    if (WHOLE_TOKEN.test(value)) return value;
    const known = this.tokens.get(value);
    if (known) return known.token;
    const token = `MASKED-SECRET-${this.tokens.size + 1}`;
    this.tokens.set(value, { token, ...(name !== undefined && { name }) });
    return token;
  }
}

/** Tagged data with the secrets that are known again in place of their tokens. */
export function unmaskData<T>(data: T, values: ReadonlyMap<string, string>): T {
  const unmask = (text: string) => text.replace(TOKEN, (token) => values.get(token) ?? token);
  return values.size === 0 ? data : (mapText(data as JsonValue, unmask) as T);
}

function mapText(data: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof data === 'string') return change(data);
  if (Array.isArray(data)) return data.map((item) => mapText(item, change));
  if (!isRecord(data)) return data;
  const record: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(data)) setOwn(record, change(key), mapMember(key, value, change));
  return record;
}

function mapMember(key: string, value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value !== 'string') return mapText(value, change);
  if (NO_TEXT.has(key)) return value;
  return key === '$bytes' ? mapBytes(value, change) : change(value);
}

function mapBytes(base64: string, change: (text: string) => string): string {
  const bytes = Buffer.from(base64, 'base64').toString('latin1');
  const changed = change(bytes);
  return changed === bytes ? base64 : Buffer.from(changed, 'latin1').toString('base64');
}

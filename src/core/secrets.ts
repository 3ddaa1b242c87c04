import { isSecretKey, REDACTED } from './redact.js';
import { isRecord } from './values.js';

/** Shorter values would blank out ordinary words. */
const SHORTEST = 6;
/** A value that only its key makes a secret is more often an ordinary word. */
const SHORTEST_LEARNED = 8;

/** A secret value, and where it comes from if that is known. */
export interface Secret {
  readonly value: string;
  readonly name?: string;
}

/**
 * The secret values that a kernel knows of (keys of providers, passwords of databases, variables with telling
 * names). Whatever leaves llmspell for people to read (journal, logs, errors) is masked with it. A value that is
 * added later masks what is written later.
 */
export class Secrets {
  /** By how it is written: as it is, and percent-encoded. */
  private readonly values = new Map<string, Secret>();
  private pattern: RegExp | undefined;

  /** How many spellings are known; grows when a secret is added. */
  get size(): number {
    return this.values.size;
  }

  /**
   * Remembers a secret, its percent-encoded form too; what is shorter than six characters cannot be told from ordinary text.
   * @param name where it comes from, e.g. the variable.
   */
  add(value: string | undefined, name?: string): void {
    if (value === undefined || value.length < SHORTEST || this.values.has(value)) return;
    const secret: Secret = { value, ...(name !== undefined && { name }) };
    this.values.set(value, secret);
    this.values.set(encodeURIComponent(value), secret);
    const longestFirst = [...this.values.keys()].sort((a, b) => b.length - a.length);
    this.pattern = new RegExp(
      longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
      'g',
    );
  }

  /** Remembers every text of plain data that stands under a telling key, such as `password` or `api_key`. */
  learn(data: unknown): void {
    if (Array.isArray(data)) for (const item of data) this.learn(item);
    if (!isRecord(data)) return;
    for (const [key, value] of Object.entries(data)) {
      if (typeof value !== 'string') this.learn(value);
      else if (value.length >= SHORTEST_LEARNED && isSecretKey(key)) this.add(value, key);
    }
  }

  /** The secrets that have this name. */
  named(name: string): string[] {
    const found = [...this.values.values()].filter((secret) => secret.name === name);
    return [...new Set(found.map(({ value }) => value))];
  }

  /** The text with something else in place of every known secret. */
  substitute(text: string, by: (secret: Secret) => string): string {
    return this.pattern ? text.replace(this.pattern, (found) => by(this.values.get(found)!)) : text;
  }

  /** The text with every known secret masked. */
  mask(text: string): string {
    return this.pattern ? text.replace(this.pattern, REDACTED) : text;
  }

  /** A copy of plain data with every known secret masked, in keys and values; the very same data when there is none in it. */
  maskData<T>(data: T): T {
    return this.pattern ? (maskDeep(data, (text) => this.mask(text)) as T) : data;
  }
}

function maskDeep(data: unknown, mask: (text: string) => string): unknown {
  if (typeof data === 'string') return mask(data);
  if (Array.isArray(data)) return data.map((item) => maskDeep(item, mask));
  if (data === null || typeof data !== 'object' || Object.getPrototypeOf(data) !== Object.prototype)
    return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [mask(key), maskDeep(value, mask)]));
}

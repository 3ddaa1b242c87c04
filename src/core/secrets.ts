import { isSecretKey, REDACTED } from './redact.js';
import { isRecord } from './values.js';

/** Shorter values would blank out ordinary words. */
const SHORTEST = 6;
/** A value that only its key makes a secret is more often an ordinary word. */
const SHORTEST_LEARNED = 8;

/**
 * The secret values that a kernel knows of (keys of providers, passwords of databases, variables with telling
 * names). Whatever leaves llmspell for people to read (journal, logs, errors) is masked with it. A value that is
 * added later masks what is written later.
 */
export class Secrets {
  private readonly values = new Set<string>();
  private pattern: RegExp | undefined;

  /** Remembers a secret, its percent-encoded form too; what is shorter than six characters cannot be told from ordinary text. */
  add(value: string | undefined): void {
    if (value === undefined || value.length < SHORTEST || this.values.has(value)) return;
    this.values.add(value);
    this.values.add(encodeURIComponent(value));
    const longestFirst = [...this.values].sort((a, b) => b.length - a.length);
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
      else if (value.length >= SHORTEST_LEARNED && isSecretKey(key)) this.add(value);
    }
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

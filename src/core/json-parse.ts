import { fail } from './errors.js';
import { float, MAX_DEPTH, type ScriptValue, setOwn } from './values.js';

/** Numbers that the platform's parser would flatten: `3.0`, `1e3`, and integers past 2^53. */
const NEEDS_CARE = /\d[.eE]|\d{16}/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Parses JSON keeping what JavaScript's own parser loses: `3.0` stays a float, integers past 2^53 their digits
 * (up to 64 bits; larger ones become floats). Texts without such numbers take the platform's fast path.
 * @throws `input.invalid` with the position of the first mistake.
 */
export function parseJson(text: string): ScriptValue {
  if (!NEEDS_CARE.test(text)) return parseFast(text);
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

function parseFast(text: string): ScriptValue {
  try {
    return JSON.parse(text) as ScriptValue;
  } catch (error) {
    throw fail('input.invalid', `JSON parse error: ${(error as Error).message}`);
  }
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(depth: number): ScriptValue {
    if (depth > MAX_DEPTH) throw fail('value.too_deep', `JSON is nested deeper than ${MAX_DEPTH} levels`);
    this.space();
    const char = this.text[this.at];
    if (char === '{') return this.object(depth);
    if (char === '[') return this.array(depth);
    if (char === '"') return this.string();
    if (char === 't') return this.word('true', true);
    if (char === 'f') return this.word('false', false);
    if (char === 'n') return this.word('null', null);
    return this.number();
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.error();
  }

  private object(depth: number): ScriptValue {
    const out: Record<string, ScriptValue> = {};
    this.at++;
    if (this.take('}')) return out;
    do {
      this.space();
      const key = this.string();
      if (!this.take(':')) throw this.error();
      setOwn(out, key, this.value(depth + 1));
    } while (this.take(','));
    if (!this.take('}')) throw this.error();
    return out;
  }

  private array(depth: number): ScriptValue {
    const out: ScriptValue[] = [];
    this.at++;
    if (this.take(']')) return out;
    do out.push(this.value(depth + 1));
    while (this.take(','));
    if (!this.take(']')) throw this.error();
    return out;
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw this.error();
    const start = this.at++;
    while (this.at < this.text.length && this.text[this.at] !== '"')
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    if (this.at >= this.text.length) throw this.error();
    try {
      return JSON.parse(this.text.slice(start, ++this.at)) as string;
    } catch {
      this.at = start;
      throw this.error('a string with a wrong escape or control character');
    }
  }

  private number(): ScriptValue {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (!match) throw this.error();
    this.at = NUMBER.lastIndex;
    return toNumber(match[0]);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.error();
    this.at += word.length;
    return value;
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private take(char: string): boolean {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private error(
    found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'end of text',
  ): Error {
    return fail('input.invalid', `JSON parse error: unexpected ${found} at position ${this.at}`);
  }
}

function toNumber(text: string): ScriptValue {
  const value = Number(text);
  if (/[.eE]/.test(text)) return Number.isInteger(value) ? float(value) : value;
  if (Number.isSafeInteger(value)) return value;
  const big = BigInt(text);
  return big === BigInt.asIntN(64, big) ? big : value;
}

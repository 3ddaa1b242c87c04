import { compileGlob } from '../../core/glob.js';
import { redactSecrets } from '../../core/redact.js';
import { isRecord, type JsonObject, type JsonValue } from '../../core/values.js';

/** Data without secrets, as JSON text of at most so many characters where it is longer. */
export function shortened(data: JsonValue, characters: number): JsonValue {
  const clean = redactSecrets(data);
  const text = JSON.stringify(clean);
  return text.length <= characters ? clean : `${text.slice(0, characters)}… (${text.length} characters)`;
}

/** Whether a name is one of those that patterns stand for. */
export function nameTest(patterns: readonly string[]): (name: string) => boolean {
  const globs = patterns.map(compileGlob);
  return (name) => globs.some((glob) => glob.matches(name));
}

/** The same JSON with every text in it changed; the same object where nothing changes. */
export function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isRecord(value)) return value;
  const table = value as JsonObject;
  const entries = Object.entries(table).map(([key, item]) => [key, mapTexts(item, change)] as const);
  return entries.some(([key, item]) => item !== table[key]) ? Object.fromEntries(entries) : value;
}

/** Text of a JSON value that does not depend on the order of its keys. */
export function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const table = value as JsonObject;
  const keys = Object.keys(table).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(table[key]!)}`).join(',')}}`;
}

/** A list that forgets its oldest entries. */
export class Recent<T> {
  private readonly items: T[] = [];

  constructor(private readonly most: number) {}

  add(item: T): void {
    this.items.push(item);
    if (this.items.length > this.most) this.items.splice(0, this.items.length - this.most);
  }

  get all(): readonly T[] {
    return this.items;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What must come of an attack. */
export type Expectation =
  /** It runs to its end and returns this. */
  | { kind: 'value'; value: unknown }
  /** It fails with one of these codes. */
  | { kind: 'error'; codes: string[] }
  /** Its time limit ends it: `timeout` with its globals kept, `killed` with its thread, `stopped` either way. */
  | { kind: 'timeout' | 'killed' | 'stopped' }
  /** It ends itself with this code. */
  | { kind: 'exit'; code: number };

/** A script that tries to get out, and what its first lines say about it. */
export interface Attack {
  name: string;
  language: 'lua' | 'javascript';
  /** What it tries. */
  title: string;
  code: string;
  expected: Expectation;
  /** Milliseconds it may run. */
  timeout: number;
  /** Megabytes its machine may hold. */
  memory: number;
  /** Megabytes by which the whole process may grow meanwhile. */
  grows: number | undefined;
}

/** The attacks in a folder, by name. */
export function readAttacks(directory: string, language: Attack['language']): Attack[] {
  const files = readdirSync(directory).sort();
  return files.map((file) => parse(file, language, readFileSync(join(directory, file), 'utf8')));
}

function parse(name: string, language: Attack['language'], code: string): Attack {
  const field = (key: string) => new RegExp(`^(?:--|//) ${key}: (.*)$`, 'm').exec(code)?.[1];
  const option = (key: string) => new RegExp(`\\b${key}=(\\d+)`).exec(field('with') ?? '')?.[1];
  const [title, expect] = [field('attack'), field('expect')];
  if (!title || !expect) throw new Error(`${name} does not begin with its 'attack:' and 'expect:' lines`);
  return {
    name,
    language,
    title,
    code,
    expected: expectation(name, expect),
    timeout: Number(option('timeout') ?? 10_000),
    memory: Number(option('memory') ?? 64),
    grows: option('grows') === undefined ? undefined : Number(option('grows')),
  };
}

function expectation(name: string, text: string): Expectation {
  const [kind, rest] = [text.split(' ', 1)[0]!, text.slice(text.indexOf(' ') + 1)];
  switch (kind) {
    case 'value':
      return { kind, value: JSON.parse(rest) };
    case 'error':
      return { kind, codes: rest.split('|') };
    case 'exit':
      return { kind, code: Number(rest) };
    case 'timeout':
    case 'killed':
    case 'stopped':
      return { kind };
    default:
      throw new Error(`${name} expects '${text}', which means nothing`);
  }
}

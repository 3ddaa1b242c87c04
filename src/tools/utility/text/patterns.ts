import { fail } from '../../../core/errors.js';
import { runInWorker } from '../../worker.js';

/** Milliseconds a pattern may search; a pattern that backtracks for ever ends here. */
const PATTERN_TIMEOUT_MS = 2000;
/** The most matches `extract` returns. */
const MAX_MATCHES = 10_000;

/** Patterns that may be asked for by name. */
const NAMED: Readonly<Record<string, string>> = {
  email: String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
  url: String.raw`https?://[^\s<>"']+`,
  number: String.raw`-?\d+(?:\.\d+)?`,
  integer: String.raw`-?\d+`,
  date: String.raw`\d{4}-\d{2}-\d{2}`,
  phone: String.raw`\+?\d[\d ().-]{5,}\d`,
  ipv4: String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  uuid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  word: String.raw`[\p{L}\p{N}_]+`,
};

const SOURCE = `
const matches = [];
for (const match of data.text.matchAll(new RegExp(data.pattern, 'gu'))) {
  matches.push(match.length > 1 ? (match[1] ?? '') : match[0]);
  if (matches.length >= data.limit) break;
}
return matches;`;

/**
 * Every match of a regular expression, or of a named pattern such as `email`; the first group's text when
 * the pattern has one. Runs in a thread, so no pattern can block the program.
 * @throws `input.invalid` for a pattern that is none, `component.timeout` for one that takes too long.
 */
export function findMatches(text: string, pattern: string, signal: AbortSignal): Promise<string[]> {
  const source = checked(namedPattern(pattern) ?? pattern);
  const data = { text, pattern: source, limit: MAX_MATCHES };
  return runInWorker<string[]>(SOURCE, data, { timeoutMs: PATTERN_TIMEOUT_MS, signal });
}

/** Whether the pattern is found in the text; a named pattern must match all of it. */
export async function testPattern(text: string, pattern: string, signal: AbortSignal): Promise<boolean> {
  const named = namedPattern(pattern);
  const data = { text, pattern: named ? `^(?:${named})$` : checked(pattern), limit: 1 };
  const matches = await runInWorker<string[]>(SOURCE, data, { timeoutMs: PATTERN_TIMEOUT_MS, signal });
  return matches.length > 0;
}

function namedPattern(name: string): string | undefined {
  return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
}

function checked(pattern: string): string {
  try {
    return new RegExp(pattern, 'gu').source;
  } catch (error) {
    throw fail('input.invalid', `Invalid pattern: ${(error as Error).message}`, {
      hint: `Give a regular expression, or one of the names ${Object.keys(NAMED).join(', ')}.`,
    });
  }
}

import { fail } from '../../../core/errors.js';

/** What is looked for. */
export interface Query {
  text: string;
  regex: boolean;
  caseSensitive: boolean;
  wholeWord: boolean;
}

/** Where it was found. */
export interface Match {
  /** As it stands on the page, with white space made one blank. */
  text: string;
  /** The words around it. */
  context: string;
  /** Counted from 1. */
  line: number;
}

/** Finds what is looked for in a text; `limit` bounds how often. Contract: takes time linear in the text's length. */
export type Finder = (text: string, limit: number) => Match[];

/** Characters that a search for a pattern sees at once. */
const WINDOW = 20_000;
const CONTEXT = 60;

type Span = [from: number, to: number];

/**
 * Makes a finder. Words are found across the ends of lines, also where a hyphen divides them; expressions are of
 * the linear kind, without references back.
 * @throws `input.invalid` for an expression that cannot be read
 */
export async function finderFor(query: Query): Promise<Finder> {
  if (query.text.trim() === '') throw fail('input.invalid', "The operation 'search' needs 'query'");
  const spans = query.regex ? await expressionSpans(query) : literalSpans(query);
  return (text, limit) => spans(text, limit).map(([from, to]) => describe(text, from, to));
}

function literalSpans({ text, caseSensitive, wholeWord }: Query): (text: string, limit: number) => Span[] {
  const words = text.normalize('NFKC').trim().split(/\s+/);
  const letters = (word: string) => [...word].map(escaped).join('(?:[-\\u00ad]\\n)?');
  const pattern = words.map(letters).join('\\s+');
  const whole = wholeWord ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])` : pattern;
  const expression = new RegExp(whole, caseSensitive ? 'gu' : 'giu');
  return (page, limit) => {
    const spans: Span[] = [];
    for (const match of page.matchAll(expression)) {
      if (spans.length >= limit) break;
      spans.push([match.index, match.index + match[0].length]);
    }
    return spans;
  };
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

async function expressionSpans(query: Query): Promise<(text: string, limit: number) => Span[]> {
  const { RE2JS } = await import('re2js');
  const source = query.wholeWord ? `\\b(?:${query.text})\\b` : query.text;
  const compile = () =>
    RE2JS.compile(source, RE2JS.MULTILINE | (query.caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE));
  let expression: ReturnType<typeof compile>;
  try {
    expression = compile();
  } catch (error) {
    throw fail('input.invalid', `Invalid regular expression: ${(error as Error).message}`);
  }
  return (page, limit) => {
    const spans: Span[] = [];
    for (let start = 0; start < page.length && spans.length < limit; start += WINDOW) {
      const matcher = expression.matcher(page.slice(start, start + WINDOW));
      while (spans.length < limit && matcher.find())
        if (matcher.end() > matcher.start()) spans.push([start + matcher.start(), start + matcher.end()]);
    }
    return spans;
  };
}

function describe(text: string, from: number, to: number): Match {
  const before = text.slice(Math.max(0, from - CONTEXT), from);
  const after = text.slice(to, to + CONTEXT);
  const left = from > CONTEXT ? `…${before.replace(/^\S*\s/, '')}` : before;
  const right = to + CONTEXT < text.length ? `${after.replace(/\s\S*$/, '')}…` : after;
  const found = plain(text.slice(from, to));
  return {
    text: found,
    context: plain(`${left}${text.slice(from, to)}${right}`),
    line: text.slice(0, from).split('\n').length,
  };
}

function plain(text: string): string {
  return text
    .replace(/([\p{L}])[-\u00ad]\n(?=\p{Ll})/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

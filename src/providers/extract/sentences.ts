import type { SourceLine } from './documents.js';

/** A sentence and the line on which it begins. */
export interface Sentence {
  line: number;
  text: string;
}

/** Words whose point does not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|approx|resp|incl|no|fig|eq|sec|ch|p|pp|vol|dr|mr|mrs|ms|prof|st|[A-Z])\.$/i;
/** The end of a sentence: a mark, closing quotes or brackets, and a space or the end; East Asian marks need no space. */
const END = /[.!?…]+["'”’)\]*_]*(?=\s|$)|[。！？]+/g;

/** Splits the wrapped lines of one paragraph into sentences. */
export function splitSentences(lines: readonly SourceLine[]): Sentence[] {
  const text = lines.map((line) => line.text).join(' ');
  const starts = lineStarts(lines);
  return bounds(text).flatMap(([from, to]) => {
    const sentence = text.slice(from, to);
    const begin = from + (sentence.length - sentence.trimStart().length);
    return sentence.trim() ? [{ line: lineAt(starts, begin), text: sentence.trim() }] : [];
  });
}

function bounds(text: string): [number, number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (const match of text.matchAll(END)) {
    const to = match.index + match[0].length;
    if (!endsSentence(text, from, to)) continue;
    found.push([from, to]);
    from = to;
  }
  return [...found, [from, text.length]];
}

function endsSentence(text: string, from: number, to: number): boolean {
  const sentence = text.slice(from, to);
  if ((sentence.split('`').length - 1) % 2 === 1) return false;
  if (/[。！？]$/.test(sentence)) return true;
  if (ABBREVIATION.test(sentence)) return false;
  return !/^\s+\p{Ll}/u.test(text.slice(to)) || /[!?]$/.test(sentence);
}

/** Offsets at which each line begins in the joined text. */
function lineStarts(lines: readonly SourceLine[]): { offset: number; number: number }[] {
  let offset = 0;
  return lines.map(({ number, text }) => {
    const start = { offset, number };
    offset += text.length + 1;
    return start;
  });
}

function lineAt(starts: { offset: number; number: number }[], offset: number): number {
  return starts.findLast((start) => start.offset <= offset)?.number ?? 1;
}

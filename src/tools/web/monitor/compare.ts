import type { JsonObject } from '../../../core/values.js';

/** A run of lines that differ. Line numbers begin with 1. */
export interface LineChange {
  type: 'addition' | 'deletion' | 'modification';
  old_line?: number;
  new_line?: number;
  /** What was added or removed. */
  content?: string;
  old_content?: string;
  new_content?: string;
}

/** How two texts differ. */
export interface Comparison {
  changes: LineChange[];
  added: number;
  removed: number;
  /** Whether the texts were too different or too long to be compared line by line. */
  coarse: boolean;
}

/** Lines and edits up to which texts are compared line by line: a few ten milliseconds of work. */
const MOST_LINES = 20_000;
const MOST_EDITS = 600;

/** Lines as they count for the comparison: without differences of white space, if these do not matter. */
export function normalizeLines(lines: readonly string[], ignoreWhitespace: boolean): string[] {
  const split = lines.flatMap((line) => (ignoreWhitespace ? [line] : line.split('\n')));
  if (!ignoreWhitespace) return split;
  return split.map((line) => line.replace(/\s+/g, ' ').trim()).filter((line) => line !== '');
}

/** Compares line by line; what is replaced is one modification per run of lines. */
export async function compareLines(before: readonly string[], after: readonly string[]): Promise<Comparison> {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const from = before.slice(start, before.length - end);
  const to = after.slice(start, after.length - end);
  const fine = await fineRuns(from, to);
  const runs = fine ?? coarseRuns(from, to);
  const total = (kind: 'added' | 'removed') =>
    runs.reduce((sum, run) => sum + (run[kind] ? run.count : 0), 0);
  return {
    changes: changesOf(runs, from, to, start),
    added: total('added'),
    removed: total('removed'),
    coarse: fine === undefined,
  };
}

/** The changes as a text with `-` and `+` before each line. */
export function diffText({ changes }: Pick<Comparison, 'changes'>): string {
  const marked = (mark: string, text: string | undefined) =>
    text === undefined ? [] : text.split('\n').map((line) => `${mark} ${line}`);
  return changes
    .flatMap((change) => [
      ...marked('-', change.old_content ?? (change.type === 'deletion' ? change.content : undefined)),
      ...marked('+', change.new_content ?? (change.type === 'addition' ? change.content : undefined)),
    ])
    .join('\n');
}

/** The changes as data, numbered, with no more than `most` characters of text altogether. */
export function changeList(changes: readonly LineChange[], most: number): JsonObject[] {
  let left = most;
  const cut = (text: string) => {
    const kept = text.slice(0, Math.max(0, left));
    left -= text.length;
    return kept;
  };
  return changes.slice(0, MOST_EDITS).map((change, group) => {
    const entries = Object.entries(change).map(([key, value]) =>
      key.endsWith('content') ? [key, cut(value as string)] : [key, value],
    );
    return { ...(Object.fromEntries(entries) as JsonObject), group };
  });
}

/** Lines that are the same, or that only one text has. */
type Run = { added: boolean; removed: boolean; count: number };

/** Undefined where finding the runs would take too long. */
async function fineRuns(from: readonly string[], to: readonly string[]): Promise<Run[] | undefined> {
  if (from.length > MOST_LINES || to.length > MOST_LINES) return undefined;
  const { diffArrays } = await import('diff');
  const parts = diffArrays(...numbered(from, to), { maxEditLength: MOST_EDITS });
  return parts?.map(({ added, removed, value }) => ({ added, removed, count: value.length }));
}

function coarseRuns(from: readonly string[], to: readonly string[]): Run[] {
  return [
    { added: false, removed: true, count: from.length },
    { added: true, removed: false, count: to.length },
  ];
}

/** Equal lines get equal numbers, which are quicker to compare. */
function numbered(before: readonly string[], after: readonly string[]): [number[], number[]] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  };
  return [before.map(numberOf), after.map(numberOf)];
}

/** @param offset lines before the first run */
function changesOf(
  runs: readonly Run[],
  from: readonly string[],
  to: readonly string[],
  offset: number,
): LineChange[] {
  const changes: LineChange[] = [];
  let [oldLine, newLine] = [0, 0];
  for (let at = 0; at < runs.length; at++) {
    const run = runs[at]!;
    const next = runs[at + 1];
    const paired = run.removed && next?.added;
    const gone = run.removed ? run.count : 0;
    const come = run.added ? run.count : paired ? next.count : 0;
    const lines = [from.slice(oldLine, oldLine + gone), to.slice(newLine, newLine + come)] as const;
    if (gone + come > 0) changes.push(lineChange(...lines, oldLine + offset, newLine + offset));
    oldLine += run.added ? 0 : run.count;
    newLine += run.removed ? come : run.count;
    if (paired) at++;
  }
  return changes;
}

function lineChange(
  gone: readonly string[],
  come: readonly string[],
  oldLine: number,
  newLine: number,
): LineChange {
  if (gone.length === 0) return { type: 'addition', new_line: newLine + 1, content: come.join('\n') };
  if (come.length === 0) return { type: 'deletion', old_line: oldLine + 1, content: gone.join('\n') };
  return {
    type: 'modification',
    old_line: oldLine + 1,
    new_line: newLine + 1,
    old_content: gone.join('\n'),
    new_content: come.join('\n'),
  };
}

function commonStart(before: readonly string[], after: readonly string[]): number {
  let count = 0;
  while (count < before.length && count < after.length && before[count] === after[count]) count++;
  return count;
}

/** @param start lines at the beginning that are spoken for */
function commonEnd(before: readonly string[], after: readonly string[], start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let count = 0;
  while (count < most && before.at(-1 - count) === after.at(-1 - count)) count++;
  return count;
}

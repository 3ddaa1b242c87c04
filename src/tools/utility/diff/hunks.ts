import type { Change } from './changes.js';

/** One line of a comparison, its line break included. */
export interface DiffLine {
  readonly kind: Change<string>['kind'];
  readonly text: string;
}

/** Lines that changed, with those around them. Positions count from 1. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly DiffLine[];
}

/** A text as lines that keep their line breaks; the last may have none. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Every line of both sides, in order. */
export function* diffLines(changes: readonly Change<string>[]): Generator<DiffLine> {
  for (const { kind, tokens } of changes) for (const text of tokens) yield { kind, text };
}

/** The hunks with so many unchanged lines around each change; hunks that touch are one. */
export function hunksOf(changes: readonly Change<string>[], context: number): Hunk[] {
  const lines = [...diffLines(changes)];
  const hunks: Hunk[] = [];
  let [oldLine, newLine, start] = [1, 1, 0];
  for (const [from, to] of spans(lines, context)) {
    for (const { kind } of lines.slice(start, from)) {
      if (kind !== 'added') oldLine++;
      if (kind !== 'removed') newLine++;
    }
    const part = lines.slice(from, to);
    const oldLines = part.filter(({ kind }) => kind !== 'added').length;
    const newLines = part.filter(({ kind }) => kind !== 'removed').length;
    hunks.push({ oldStart: oldLine, oldLines, newStart: newLine, newLines, lines: part });
    [oldLine, newLine, start] = [oldLine + oldLines, newLine + newLines, to];
  }
  return hunks;
}

/** Where hunks begin and end in the list of lines. */
function spans(lines: readonly DiffLine[], context: number): [number, number][] {
  const found: [number, number][] = [];
  lines.forEach(({ kind }, i) => {
    if (kind === 'same') return;
    const [from, to] = [Math.max(0, i - context), Math.min(lines.length, i + context + 1)];
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  });
  return found;
}

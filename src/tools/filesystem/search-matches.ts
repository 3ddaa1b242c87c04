import type { Hit } from './search-pattern.js';

/** Characters of a line that a match shows; longer lines are cut around the match. */
const MAX_LINE = 1000;

/** One place where the pattern was found. */
export type SearchMatch = {
  file_path: string;
  /** From 1. */
  line_number: number;
  /** From 1, in bytes of UTF-8. */
  column_number: number;
  line_content: string;
  matched_text: string;
  context_before: string[];
  context_after: string[];
};

/** The lines of a text, without their ends. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Hits, which come in order, as what the caller sees. */
export function toMatches(
  path: string,
  lines: string[],
  hits: readonly Hit[],
  context: number,
): SearchMatch[] {
  const columns = byteColumns(lines, hits);
  return hits.map(([line, column, length], index) => ({
    file_path: path,
    line_number: line + 1,
    column_number: columns[index]!,
    line_content: excerpt(lines[line]!, column),
    matched_text: lines[line]!.slice(column, column + Math.min(length, MAX_LINE)),
    context_before: lines.slice(Math.max(0, line - context), line).map((text) => excerpt(text, 0)),
    context_after: lines.slice(line + 1, line + 1 + context).map((text) => excerpt(text, 0)),
  }));
}

/** Counts each line's bytes once, however many hits it has. */
function byteColumns(lines: string[], hits: readonly Hit[]): number[] {
  let [line, column, bytes] = [-1, 0, 0];
  return hits.map((hit) => {
    if (hit[0] !== line) [line, column, bytes] = [hit[0], 0, 0];
    bytes += Buffer.byteLength(lines[line]!.slice(column, hit[1]));
    column = hit[1];
    return bytes + 1;
  });
}

function excerpt(line: string, around: number): string {
  if (line.length <= MAX_LINE) return line;
  const start = Math.max(0, Math.min(around - MAX_LINE / 2, line.length - MAX_LINE));
  const end = start + MAX_LINE;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}

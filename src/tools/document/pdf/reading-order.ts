import { bottomOf, linesOf, type Segment, topOf } from './segments.js';

/** White space between columns is at least this wide, as a share of the font's size. */
const MIN_GUTTER = 1;
/** A column of prose has at least so many lines, and so many characters in each. */
const MIN_LINES = 3;
const MIN_LINE_CHARS = 15;
/** More parts inside parts are no columns but a drawing. */
const MAX_DEPTH = 6;
/** Steps that the search for columns may take on one page; what is left then is read row by row. */
const MAX_STEPS = 40_000;

type Interval = [from: number, to: number];

/**
 * The segments of a page in blocks that are read one after the other: columns of prose are read column by column,
 * everything else row by row, tables included.
 */
export function readingBlocks(
  segments: readonly Segment[],
  effort = { steps: MAX_STEPS },
  depth = 0,
): Segment[][] {
  const bands = bandsOf(segments);
  const blocks: Segment[][] = [];
  let plain: Segment[] = [];
  for (let start = 0; start < bands.length; ) {
    const { end, columns } = columnsFrom(bands, start, effort);
    if (columns && depth < MAX_DEPTH) {
      if (plain.length > 0) blocks.push(plain);
      plain = [];
      blocks.push(...columns.flatMap((column) => readingBlocks(column, effort, depth + 1)));
      start = end;
    } else plain.push(...bands[start++]!);
  }
  if (plain.length > 0) blocks.push(plain);
  return blocks;
}

/** Slices of the page between which white space runs from edge to edge. */
function bandsOf(segments: readonly Segment[]): Segment[][] {
  const bands: Segment[][] = [];
  let bottom = Number.NEGATIVE_INFINITY;
  for (const segment of [...segments].sort((a, b) => topOf(a) - topOf(b))) {
    if (topOf(segment) >= bottom) bands.push([]);
    bands.at(-1)!.push(segment);
    bottom = Math.max(bottom, bottomOf(segment));
  }
  return bands;
}

/** The columns that begin with a band, and the band that is no longer part of them. */
function columnsFrom(
  bands: readonly Segment[][],
  start: number,
  effort: { steps: number },
): { end: number; columns?: Segment[][] } {
  let covered: Interval[] = [];
  let gutters: Interval[] = [];
  let end = start;
  for (; end < bands.length; end++) {
    effort.steps -= covered.length + bands[end]!.length;
    if (effort.steps < 0) return { end };
    if (end > start && isFarBelow(bands[end - 1]!, bands[end]!)) break;
    const next = union([...covered, ...bands[end]!.map(({ left, right }): Interval => [left, right])]);
    const left = gapsOf(next).filter((gap) => wide(gap, bands[end]!));
    if (gutters.length > 0 && left.length === 0) break;
    covered = next;
    gutters = left;
  }
  const columns = gutters.length > 0 ? splitAt(bands.slice(start, end).flat(), gutters) : [];
  return columns.length > 1 && columns.every(isProse) ? { end, columns } : { end };
}

/** The foot of a page belongs to no column. */
function isFarBelow(above: readonly Segment[], below: readonly Segment[]): boolean {
  const gap = Math.min(...below.map(topOf)) - Math.max(...above.map(bottomOf));
  return gap > 3 * Math.min(...below.map(({ size }) => size));
}

function union(intervals: Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const [from, to] of intervals.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function gapsOf(covered: readonly Interval[]): Interval[] {
  return covered.slice(1).map(([from], index): Interval => [covered[index]![1], from]);
}

function wide([from, to]: Interval, band: readonly Segment[]): boolean {
  return to - from >= MIN_GUTTER * Math.min(...band.map(({ size }) => size));
}

function splitAt(segments: readonly Segment[], gutters: readonly Interval[]): Segment[][] {
  const columns: Segment[][] = Array.from({ length: gutters.length + 1 }, () => []);
  for (const segment of segments) {
    const column = gutters.findIndex(([, to]) => segment.left < to);
    columns[column < 0 ? gutters.length : column]!.push(segment);
  }
  return columns.filter((column) => column.length > 0);
}

/** Most lines of prose fill their column; the cells of a table do not. */
function isProse(column: readonly Segment[]): boolean {
  const lines = linesOf(column);
  if (lines.length < MIN_LINES) return false;
  const width = Math.max(...column.map(({ right }) => right)) - Math.min(...column.map(({ left }) => left));
  const chars = column.reduce((sum, { text }) => sum + text.length, 0) / lines.length;
  const full = lines.filter(({ segments }) => spanOf(segments) >= 0.6 * width).length;
  return chars >= MIN_LINE_CHARS && full * 2 >= lines.length;
}

function spanOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { left, right }) => sum + right - left, 0);
}

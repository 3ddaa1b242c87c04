import { textLayers } from './fragments.js';
import type { RawText } from './raw-document.js';
import { bottomOf, type Line, linesOf, type Segment, segmentsOf, topOf } from './segments.js';

/** A table as it was recognised from where its words stand. */
export interface Table {
  /** The cells, row by row; empty cells are empty text. */
  rows: string[][];
  /** From 0 to 1: how much the words look like a table. */
  confidence: number;
  /** Left, top, right and bottom edge in points from the upper left corner. */
  bounds: [number, number, number, number];
}

/** The narrowest gap between cells, as a share of the font's size. */
const CELL_GAP = 0.75;
const MIN_ROWS = 2;
const MAX_COLUMNS = 50;
/** Lines with one cell only that may stand between rows with several. */
const MAX_SINGLES = 2;
/** A gap between columns may be crossed by so many of the rows, for headings that span several columns. */
const CROSSED = 0.15;
/** Lines that are looked at to say where the columns of a table in the making are. */
const RECENT = 30;
const MARK = /^(?:[•◦▪‣·*–—-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])$/i;

type Interval = [from: number, to: number];

/** The tables of a page, from top to bottom. */
export function findTables(raw: RawText): Table[] {
  const fragments = textLayers(raw).find(({ angle, vertical }) => angle === 0 && !vertical)?.fragments ?? [];
  const lines = linesOf(segmentsOf(fragments, CELL_GAP));
  return runsOf(lines).flatMap((run) => tableOf(run) ?? []);
}

/** Lines one below the other that have several cells each, few exceptions allowed. */
function runsOf(lines: readonly Line[]): Line[][] {
  const runs: Line[][] = [];
  let run: Line[] = [];
  const close = () => {
    while (run.length > 0 && run.at(-1)!.segments.length < 2) run.pop();
    if (run.length >= MIN_ROWS) runs.push(run);
    run = [];
  };
  for (const line of lines) {
    if (run.length > 0 && farBelow(run.at(-1)!, line)) close();
    if (line.segments.length > 1 || (run.length > 0 && isInside(line, run))) run.push(line);
    else close();
    if (run.slice(-MAX_SINGLES - 1).every(({ segments }) => segments.length < 2)) close();
  }
  close();
  return runs;
}

function farBelow(above: Line, below: Line): boolean {
  return topOf(below) - bottomOf(above) > 2.5 * Math.max(above.size, below.size);
}

/** Whether a line with one cell could go on a cell of the rows above, or stand alone in its row. */
function isInside({ segments }: Line, run: readonly Line[]): boolean {
  const columns = columnsOf(run.slice(-RECENT));
  return segments.length === 1 && columns.filter((column) => touches(segments[0]!, column)).length === 1;
}

function touches({ left, right }: Segment, [from, to]: Interval): boolean {
  return left < to && right > from;
}

/** Where the columns are: between them is a gap that hardly any row crosses. */
function columnsOf(lines: readonly Line[]): Interval[] {
  const edges = lines
    .flatMap(({ segments }) => segments)
    .flatMap(({ left, right }) => [
      { at: left, step: 1 },
      { at: right, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.step - b.step);
  const allowed = Math.floor(CROSSED * lines.length);
  const columns: Interval[] = [];
  let depth = 0;
  for (const { at, step } of edges) {
    const before = depth;
    depth += step;
    if (before <= allowed && depth > allowed) columns.push([at, at]);
    if (before > allowed && depth <= allowed) columns.at(-1)![1] = at;
  }
  return joinTouching(columns, Math.min(...lines.map(({ size }) => size)));
}

function joinTouching(columns: readonly Interval[], size: number): Interval[] {
  const joined: Interval[] = [];
  for (const [from, to] of columns) {
    const last = joined.at(-1);
    if (last && from - last[1] < 0.3 * size) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}

function tableOf(run: readonly Line[]): Table | undefined {
  const columns = columnsOf(run);
  if (columns.length < 2 || columns.length > MAX_COLUMNS) return undefined;
  const placed = run.map((line) => cellsOf(line, columns));
  const rows = joinContinuations(run, placed).map(({ cells }) => cells);
  if (rows.length < MIN_ROWS) return undefined;
  const segments = run.flatMap((line) => line.segments);
  return {
    rows,
    confidence: confidenceOf(rows, segments, columns),
    bounds: [
      Math.min(...segments.map(({ left }) => left)),
      topOf(run[0]!),
      Math.max(...segments.map(({ right }) => right)),
      bottomOf(run.at(-1)!),
    ],
  };
}

function cellsOf({ segments }: Line, columns: readonly Interval[]): string[] {
  const cells: string[] = columns.map(() => '');
  for (const segment of segments) {
    const column = nearest(segment, columns);
    cells[column] = cells[column] === '' ? segment.text : `${cells[column]} ${segment.text}`;
  }
  return cells;
}

/** The column that a segment shares most with; one that stands between columns belongs to the nearest. */
function nearest({ left, right }: Segment, columns: readonly Interval[]): number {
  const shared = columns.map(([from, to]) => Math.min(right, to) - Math.max(left, from));
  return shared.indexOf(Math.max(...shared));
}

interface Row {
  cells: string[];
  last: Line;
}

/** A line that lacks the first cell and follows closer than rows do goes on the row above. */
function joinContinuations(run: readonly Line[], placed: readonly string[][]): Row[] {
  const usual = usualGap(run, placed);
  const rows: Row[] = [];
  for (const [index, cells] of placed.entries()) {
    const above = rows.at(-1);
    const line = run[index]!;
    if (above && cells[0] === '' && topOf(line) - bottomOf(above.last) < usual) {
      above.cells = above.cells.map((cell, column) => `${cell} ${cells[column]}`.trim());
      above.last = line;
    } else rows.push({ cells, last: line });
  }
  return rows;
}

/** Nine tenths of the median gap above lines that have a first cell; nothing is closer when all are alike. */
function usualGap(run: readonly Line[], placed: readonly string[][]): number {
  const gaps = run
    .slice(1)
    .map((line, index) => ({ gap: topOf(line) - bottomOf(run[index]!), full: placed[index + 1]![0] !== '' }));
  const full = gaps.filter((entry) => entry.full).map(({ gap }) => gap);
  const sorted = full.sort((a, b) => a - b);
  return 0.9 * (sorted[Math.floor(sorted.length / 2)] ?? 0);
}

/**
 * Tables have filled, short cells whose edges line up, and several rows; prose in columns has long cells that fill
 * their column.
 */
function confidenceOf(rows: readonly string[][], segments: readonly Segment[], columns: Interval[]): number {
  const cells = rows.flat();
  const filled = cells.filter((cell) => cell !== '');
  const fill = filled.length / cells.length;
  const short = filled.filter((cell) => cell.length <= 40).length / filled.length;
  const figures = filled.filter((cell) => /^[-+(]?[\p{Sc}]?\s?\d[\d.,:\s%/-]*\)?%?$/u.test(cell)).length;
  const enough = Math.min(1, (rows.length - 1) / 3);
  const score =
    0.3 * alignment(segments, columns) +
    0.25 * fill +
    0.25 * short +
    0.1 * enough +
    0.1 * Math.min(1, (2 * figures) / filled.length);
  return Math.round(score * (isList(rows) ? 50 : 100)) / 100;
}

/** Bullets and numbers in front of paragraphs line up too. */
function isList(rows: readonly string[][]): boolean {
  const marks = rows.filter((cells) => cells.length === 2 && MARK.test(cells[0]!)).length;
  return marks * 2 > rows.length;
}

/** The share of segments that stand at the left edge, the right edge or the middle that their column keeps to. */
function alignment(segments: readonly Segment[], columns: readonly Interval[]): number {
  const groups = columns.map((_, index) => segments.filter((one) => nearest(one, columns) === index));
  const aligned = groups.map((group) => {
    const edges = [
      group.map(({ left }) => left),
      group.map(({ right }) => right),
      group.map(({ left, right }) => (left + right) / 2),
    ];
    return Math.max(...edges.map((values) => largestCluster(values)));
  });
  return aligned.reduce((sum, count) => sum + count, 0) / segments.length;
}

/** The most values that lie within two points of each other. */
function largestCluster(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  let [best, from] = [0, 0];
  for (let to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! > 2) from++;
    best = Math.max(best, to - from + 1);
  }
  return best;
}

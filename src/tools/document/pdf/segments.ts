import type { Fragment } from './fragments.js';

/** Words that stand next to each other on one baseline. */
export interface Segment {
  text: string;
  left: number;
  right: number;
  baseline: number;
  size: number;
  rtl: boolean;
}

/** Segments that stand beside each other, in reading order. */
export interface Line {
  segments: Segment[];
  baseline: number;
  size: number;
}

/** A gap up to this share of the font's size is none. */
const WORD_GAP = 0.15;

/** The upper edge of a line's letters. */
export const topOf = ({ baseline, size }: { baseline: number; size: number }) => baseline - 0.75 * size;
/** Their lower edge. */
export const bottomOf = ({ baseline, size }: { baseline: number; size: number }) => baseline + 0.2 * size;

/**
 * Joins pieces into segments.
 * @param joinGap the widest gap inside a segment, as a share of the font's size
 */
export function segmentsOf(fragments: readonly Fragment[], joinGap: number): Segment[] {
  return baselines(fragments).flatMap((row) => joinRow(row, joinGap));
}

/** Pieces with the same baseline, each row from left to right. */
function baselines(fragments: readonly Fragment[]): Fragment[][] {
  const sorted = [...fragments].sort((a, b) => a.baseline - b.baseline || a.left - b.left);
  const rows: Fragment[][] = [];
  for (const fragment of sorted) {
    const row = rows.at(-1);
    const near = row && fragment.baseline - row[0]!.baseline <= 0.12 * Math.min(fragment.size, row[0]!.size);
    if (near) row.push(fragment);
    else rows.push([fragment]);
  }
  return rows.map((row) => row.sort((a, b) => a.left - b.left || a.order - b.order));
}

function joinRow(row: readonly Fragment[], joinGap: number): Segment[] {
  const segments: { pieces: Fragment[]; right: number }[] = [];
  for (const fragment of row) {
    const last = segments.at(-1);
    if (last && isDrawnTwice(last.pieces.at(-1)!, fragment)) continue;
    const gap = last ? fragment.left - last.right : Number.POSITIVE_INFINITY;
    if (last && gap <= joinGap * Math.max(fragment.size, last.pieces.at(-1)!.size)) {
      last.pieces.push(fragment);
      last.right = Math.max(last.right, fragment.right);
    } else segments.push({ pieces: [fragment], right: fragment.right });
  }
  return segments.map(({ pieces, right }) => toSegment(pieces, right));
}

/** Some programs make letters bold by drawing them twice. */
function isDrawnTwice(one: Fragment, other: Fragment): boolean {
  return one.text === other.text && Math.abs(one.left - other.left) < 0.3 * one.size;
}

function toSegment(pieces: Fragment[], right: number): Segment {
  const rtl = pieces.filter((piece) => piece.rtl).length * 2 > pieces.length;
  const ordered = rtl ? [...pieces].reverse() : pieces;
  return {
    text: joinText(ordered, rtl),
    left: pieces[0]!.left,
    right,
    baseline: pieces[0]!.baseline,
    size: Math.max(...pieces.map(({ size }) => size)),
    rtl,
  };
}

function joinText(pieces: readonly Fragment[], rtl: boolean): string {
  let text = pieces[0]!.text;
  for (let index = 1; index < pieces.length; index++) {
    const [before, piece] = [pieces[index - 1]!, pieces[index]!];
    const gap = rtl ? before.left - piece.right : piece.left - before.right;
    const apart = gap > WORD_GAP * piece.size || (piece.spaced && piece.order === before.order + 2);
    text += apart && !/\s$/.test(text) && !/^\s/.test(piece.text) ? ` ${piece.text}` : piece.text;
  }
  return text.replace(/\s+/g, ' ').trim();
}

/** Segments by line, from top to bottom; a raised or lowered number stays in the line that it overlaps. */
export function linesOf(segments: readonly Segment[]): Line[] {
  const lines: Line[] = [];
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline || a.left - b.left)) {
    const line = lines.at(-1);
    if (!line || overlap(line, segment) < 0.5) {
      lines.push({ segments: [segment], baseline: segment.baseline, size: segment.size });
      continue;
    }
    line.segments.push(segment);
    if (segment.size > line.size) Object.assign(line, { size: segment.size, baseline: segment.baseline });
  }
  for (const line of lines) line.segments.sort(readingOrder(line.segments));
  return lines;
}

/** The share of the smaller one's height that both have in common. */
function overlap(one: { baseline: number; size: number }, other: { baseline: number; size: number }): number {
  const shared = Math.min(bottomOf(one), bottomOf(other)) - Math.max(topOf(one), topOf(other));
  return shared / (0.95 * Math.min(one.size, other.size));
}

function readingOrder(segments: readonly Segment[]): (a: Segment, b: Segment) => number {
  const rtl = segments.filter((segment) => segment.rtl).length * 2 > segments.length;
  return rtl ? (a, b) => b.right - a.right : (a, b) => a.left - b.left;
}

import { type Fragment, type TextLayer, textLayers } from './fragments.js';
import type { RawText } from './raw-document.js';
import { readingBlocks } from './reading-order.js';
import { bottomOf, type Line, linesOf, type Segment, segmentsOf, topOf } from './segments.js';

/** How the text of a page is set out. */
export type Layout = 'reading' | 'physical' | 'raw';

/** Wider gaps than this share of the font's size divide columns and cells. */
const COLUMN_GAP = 1.3;
/** Most blank characters that a physical layout sets in a row, and most characters of a line. */
const MAX_COLUMN = 400;

/**
 * The text of a page: in reading order, as it looks (columns side by side, made with blanks), or in the order in
 * which the page draws it.
 */
export function pageText(raw: RawText, layout: Layout = 'reading'): string {
  const layers = textLayers(raw);
  return layers
    .map((layer) => layerText(layer, layout))
    .filter((text) => text !== '')
    .join('\n\n');
}

function layerText(layer: TextLayer, layout: Layout): string {
  if (layout === 'raw' || layer.vertical) return drawnText(layer.fragments, layer.vertical);
  if (layout === 'physical') return physicalText(layer.fragments);
  const blocks = readingBlocks(segmentsOf(layer.fragments, COLUMN_GAP));
  return blocks.map((block) => blockText(linesOf(block))).join('\n\n');
}

function blockText(lines: readonly Line[]): string {
  const gaps = lines.slice(1).map((line, index) => topOf(line) - bottomOf(lines[index]!));
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? 0;
  return lines
    .map((line, index) => {
      const apart = index > 0 && gaps[index - 1]! > usual + 0.5 * Math.min(line.size, lines[index - 1]!.size);
      return `${apart ? '\n' : ''}${lineText(line)}`;
    })
    .join('\n');
}

function lineText({ segments, size }: Line): string {
  let text = segments[0]!.text;
  for (let index = 1; index < segments.length; index++) {
    const gap = distance(segments[index - 1]!, segments[index]!);
    text += `${gap > COLUMN_GAP * size ? '  ' : gap > 0.15 * size ? ' ' : ''}${segments[index]!.text}`;
  }
  return text;
}

function distance(one: Segment, other: Segment): number {
  return Math.max(other.left - one.right, one.left - other.right);
}

function drawnText(fragments: readonly Fragment[], vertical: boolean): string {
  let text = '';
  let before: Fragment | undefined;
  for (const fragment of fragments) {
    text += before ? separator(before, fragment, vertical) : '';
    text += fragment.text;
    before = fragment;
  }
  return text;
}

function separator(before: Fragment, fragment: Fragment, vertical: boolean): string {
  const across = vertical ? fragment.left - before.left : fragment.baseline - before.baseline;
  if (Math.abs(across) > 0.5 * before.size) return '\n';
  return fragment.spaced && !vertical ? ' ' : '';
}

/** Each segment stands at the column of characters that is nearest to its place on the page. */
function physicalText(fragments: readonly Fragment[]): string {
  const lines = linesOf(segmentsOf(fragments, COLUMN_GAP));
  const origin = Math.min(...lines.flatMap(({ segments }) => segments.map(({ left }) => left)));
  const cell = typicalWidth(fragments);
  return blockText(
    lines.map((line) => ({
      ...line,
      segments: [{ ...line.segments[0]!, text: gridText(line, origin, cell) }],
    })),
  );
}

function gridText({ segments }: Line, origin: number, cell: number): string {
  let text = '';
  for (const segment of segments) {
    const column = Math.min(MAX_COLUMN, Math.round((segment.left - origin) / cell));
    const gap = text === '' ? 0 : 2;
    text = `${text.padEnd(Math.max(column, text.length + gap))}${segment.text}`;
  }
  return text;
}

function typicalWidth(fragments: readonly Fragment[]): number {
  const widths = fragments
    .map(({ left, right, text }) => (right - left) / text.length)
    .filter((w) => w > 0.1);
  return widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 5;
}

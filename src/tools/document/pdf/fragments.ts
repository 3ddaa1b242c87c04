import type { RawText } from './raw-document.js';

/** A piece of text that was drawn at once, on a page whose text runs from left to right along `baseline`. */
export interface Fragment {
  text: string;
  /** In points; `baseline` is measured downwards. */
  left: number;
  right: number;
  baseline: number;
  /** Size of the font. */
  size: number;
  rtl: boolean;
  /** White space was drawn before it. */
  spaced: boolean;
  /** Where it stands in the order in which the page draws. */
  order: number;
}

/** The pieces that run in one direction, turned so that they run from left to right. */
export interface TextLayer {
  /** Degrees by which they are turned on the page. */
  angle: number;
  vertical: boolean;
  fragments: Fragment[];
}

/** More directions than this are the edge of a stamp or a circle of letters; they are taken for one. */
const MAX_LAYERS = 8;
const UPRIGHT_DEGREES = 3;
const MAX_COORDINATE = 1e6;

/** The pieces of a page by the direction in which they run; the direction with most text comes first. */
export function textLayers(raw: RawText): TextLayer[] {
  const layers = new Map<string, TextLayer>();
  let spaced = false;
  for (let index = 0; index < raw.ends.length; index++) {
    const text = raw.text.slice(raw.ends[index - 1] ?? 0, raw.ends[index]);
    const clean = text.replace(/[\0-\x1f\x7f]/g, ' ');
    if (clean.trim() !== '') addFragment(layers, raw, index, clean, spaced);
    spaced = clean.trim() === '';
  }
  return [...layers.values()].sort((a, b) => amount(b) - amount(a));
}

function addFragment(
  layers: Map<string, TextLayer>,
  raw: RawText,
  index: number,
  text: string,
  spaced: boolean,
): void {
  const [x, y, width, size, turn] = raw.boxes.subarray(index * 5, index * 5 + 5) as unknown as Box;
  if (![x, y, width, size, turn].every((value) => Math.abs(value) < MAX_COORDINATE)) return;
  const vertical = (raw.flags[index]! & 2) !== 0;
  const { layer, radians } = layerOf(layers, turn, vertical);
  const [cos, sin] = [Math.cos(-radians), Math.sin(-radians)];
  const left = x * cos - y * sin;
  layer.fragments.push({
    text,
    left,
    right: left + Math.max(width, 0),
    baseline: x * sin + y * cos,
    size: Math.max(size, 0.1),
    rtl: (raw.flags[index]! & 1) !== 0,
    spaced,
    order: index,
  });
}

type Box = [x: number, y: number, width: number, size: number, turn: number];

function layerOf(layers: Map<string, TextLayer>, turn: number, vertical: boolean) {
  const degrees = Math.round((turn * 180) / Math.PI);
  const angle = Math.abs(degrees) <= UPRIGHT_DEGREES ? 0 : degrees;
  const key = layers.size < MAX_LAYERS || layers.has(`${angle}${vertical}`) ? `${angle}${vertical}` : 'rest';
  const layer = layers.get(key) ?? { angle: key === 'rest' ? 0 : angle, vertical, fragments: [] };
  layers.set(key, layer);
  return { layer, radians: angle === 0 ? 0 : turn };
}

function amount({ fragments }: TextLayer): number {
  return fragments.reduce((sum, { text }) => sum + text.length, 0);
}

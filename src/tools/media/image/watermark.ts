import type { OverlayOptions } from 'sharp';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { MediaLimits } from '../limits.js';
import { decode, type LoadedImage, loadImage, loadSharp, readable } from './load.js';
import type { ImageInput } from './schema.js';
import type { Transform } from './transform.js';
import { writeImage } from './write.js';

/** Width of a letter as a share of its height, generously: text that is too wide would be cut off. */
const LETTER_WIDTH = 0.75;
const LINE_HEIGHT = 1.5;
const SMALLEST_TEXT = 4;

interface Overlay {
  input: Buffer;
  width: number;
  height: number;
}

/** Lays a text or a picture over a picture. */
export const watermark: Transform = async (input, source, limits, context) => {
  if ((input.text === undefined) === (input.watermark_path === undefined))
    throw fail('input.invalid', "A watermark needs either 'text' or 'watermark_path'");
  const overlay =
    input.text === undefined
      ? await pictureOverlay(input, source, limits, context)
      : textOverlay(input, input.text, source);
  const { pipeline } = await decode(source, limits);
  const stamped = pipeline.composite([placed(overlay, input, source)]);
  return writeImage(stamped, input, source, limits, context);
};

/** The text as a drawing of its own, no larger than the picture. */
function textOverlay(input: ImageInput, text: string, source: LoadedImage): Overlay {
  if (/[\0-\x08\x0b-\x1f\ufffe\uffff]/.test(text))
    throw fail('input.invalid', 'The text of a watermark may hold no control characters');
  const size = input.font_size ?? fittingSize(text, source);
  const width = Math.min(source.width, Math.ceil([...text].length * size * LETTER_WIDTH) + size);
  const height = Math.min(source.height, Math.ceil(size * LINE_HEIGHT));
  const [anchor, x] = textAnchor(input.position, width);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<text x="${x}" y="${Math.round(height / 2 + size * 0.35)}" text-anchor="${anchor}" font-family="sans-serif" ` +
    `font-size="${size}" fill="${input.color}" fill-opacity="${input.opacity}">${escapeXml(text)}</text></svg>`;
  return { input: Buffer.from(svg), width, height };
}

function fittingSize(text: string, source: LoadedImage): number {
  const byWidth = (source.width * 0.6) / ([...text].length * LETTER_WIDTH);
  return Math.max(SMALLEST_TEXT, Math.floor(Math.min(byWidth, source.height / 6)));
}

/** Text begins at the edge that it stands at. */
function textAnchor(position: ImageInput['position'], width: number): [string, number] {
  if (position.endsWith('left')) return ['start', 0];
  return position.endsWith('right') ? ['end', width] : ['middle', Math.round(width / 2)];
}

function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

async function pictureOverlay(
  input: ImageInput,
  source: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<Overlay> {
  const picture = await loadImage(input.watermark_path!, limits, context);
  const { pipeline } = await decode(picture, limits);
  const small = pipeline
    .resize({
      width: Math.max(1, Math.round(source.width * input.watermark_scale)),
      height: source.height,
      fit: 'inside',
    })
    .ensureAlpha()
    .png();
  const { data, info } = await readable(picture.path, small.toBuffer({ resolveWithObject: true }), limits);
  context.signal.throwIfAborted();
  return { input: await faded(data, input.opacity), width: info.width, height: info.height };
}

/** The picture with its alpha channel multiplied. */
async function faded(picture: Buffer, opacity: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const veil = Buffer.from([255, 255, 255, Math.round(opacity * 255)]);
  return sharp(picture)
    .composite([{ input: veil, raw: { width: 1, height: 1, channels: 4 }, tile: true, blend: 'dest-in' }])
    .png()
    .toBuffer();
}

function placed(overlay: Overlay, input: ImageInput, source: LoadedImage): OverlayOptions {
  const { position, margin } = input;
  const across = position.endsWith('left') ? 0 : position.endsWith('right') ? 1 : 0.5;
  const down = position.startsWith('top') ? 0 : position.startsWith('bottom') ? 1 : 0.5;
  return {
    input: overlay.input,
    left: along(source.width, overlay.width, across, margin),
    top: along(source.height, overlay.height, down, margin),
  };
}

/** Where something begins that stands at the start (0), in the middle or at the end (1) of an edge. */
function along(whole: number, part: number, share: number, margin: number): number {
  const free = whole - part;
  const inset = Math.min(margin, Math.floor(free / 2));
  return Math.round(inset + (free - 2 * inset) * share);
}

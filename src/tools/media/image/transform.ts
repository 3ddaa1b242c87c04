import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { ToolOutcome } from '../../define.js';
import { checkDimensions, type MediaLimits, needed } from '../limits.js';
import { decode, type LoadedImage } from './load.js';
import type { ImageInput } from './schema.js';
import { targetSize } from './size.js';
import { backgroundFor, outputFormat, writeImage } from './write.js';

/** Makes a new picture from one. Contract: decodes nothing before every parameter was checked. */
export type Transform = (
  input: ImageInput,
  source: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
) => Promise<ToolOutcome>;

/** Formats whose animations stay animations. */
const ANIMATED: ReadonlySet<string> = new Set(['gif', 'webp']);

/** Changes the size. */
export const resize: Transform = async (input, source, limits, context) => {
  const { fit, width, height } = targetSize(input, source);
  checkDimensions('the result', width, height, limits);
  const format = outputFormat(input, source.header.format);
  const { pipeline } = await decode(source, limits, keepsFrames(source, format));
  const background = backgroundFor(input, format);
  const resized = pipeline.resize({ width, height, fit, background });
  return writeImage(resized, input, source, limits, context);
};

/** Makes a small picture that fits into a box; what is small already stays as it is. */
export const thumbnail: Transform = (input, source, limits, context) => {
  const box = { width: input.max_width, height: input.max_height };
  return resize(
    { ...input, ...box, maintain_aspect_ratio: true, fit: 'inside', allow_enlargement: false },
    source,
    limits,
    context,
  );
};

/** Cuts out a rectangle. */
export const crop: Transform = async (input, source, limits, context) => {
  const region = {
    left: needed('x', input.x),
    top: needed('y', input.y),
    width: needed('width', input.width),
    height: needed('height', input.height),
  };
  if (region.left + region.width > source.width || region.top + region.height > source.height)
    throw fail(
      'input.invalid',
      `The region lies outside the image of ${source.width} × ${source.height} pixels`,
    );
  const format = outputFormat(input, source.header.format);
  const { pipeline } = await decode(source, limits, keepsFrames(source, format));
  return writeImage(pipeline.extract(region), input, source, limits, context);
};

/** Turns by any angle; the picture grows so that nothing is cut off. */
export const rotate: Transform = async (input, source, limits, context) => {
  const angle = (input.degrees * Math.PI) / 180;
  const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  const { width, height } = source;
  const grown = [width * cos + height * sin, width * sin + height * cos].map((size) => Math.round(size));
  checkDimensions('the result', grown[0]!, grown[1]!, limits);
  const background = backgroundFor(input, outputFormat(input, source.header.format));
  const { pipeline } = await decode(source, limits);
  return writeImage(pipeline.rotate(input.degrees, { background }), input, source, limits, context);
};

/** Mirrors. */
export const flip: Transform = async (input, source, limits, context) => {
  const { pipeline } = await decode(source, limits);
  if (input.direction !== 'horizontal') pipeline.flip();
  if (input.direction !== 'vertical') pipeline.flop();
  return writeImage(pipeline, input, source, limits, context);
};

/** Writes the picture in another format. */
export const convert: Transform = async (input, source, limits, context) => {
  if (input.target_format === undefined && input.target_path !== undefined) outputFormat(input); // a name that says nothing would leave the format as it is
  const format = outputFormat(input, source.header.format);
  const { pipeline } = await decode(source, limits, keepsFrames(source, format));
  return writeImage(pipeline, input, source, limits, context);
};

function keepsFrames({ header }: LoadedImage, format: string): boolean {
  return (header.pages ?? 1) > 1 && ANIMATED.has(header.format) && ANIMATED.has(format);
}

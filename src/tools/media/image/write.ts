import type { Sharp } from 'sharp';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { writeFileGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { type MediaLimits, needed } from '../limits.js';
import { formatOfName, type OutputFormat } from './format.js';
import { type LoadedImage, readable } from './load.js';
import type { ImageInput } from './schema.js';

const NO_ALPHA: ReadonlySet<OutputFormat> = new Set(['jpeg']);
const DEFAULT_QUALITY = 85;
const DEFAULT_AVIF_QUALITY = 60;

type Encode = (pipeline: Sharp, input: ImageInput) => Sharp;

const ENCODERS: Readonly<Record<OutputFormat, Encode>> = {
  png: (pipeline) => pipeline.png({ compressionLevel: 6 }),
  jpeg: (pipeline, { quality = DEFAULT_QUALITY, background = '#ffffff' }) =>
    pipeline.flatten({ background }).jpeg({ quality }),
  webp: (pipeline, { quality = DEFAULT_QUALITY, lossless }) => pipeline.webp({ quality, lossless }),
  avif: (pipeline, { quality = DEFAULT_AVIF_QUALITY, lossless }) => pipeline.avif({ quality, lossless }),
  gif: (pipeline) => pipeline.gif(),
  tiff: (pipeline) => pipeline.tiff({ compression: 'lzw' }),
};

/** The format of the new picture: what was asked for, what the name says, or that of the source. */
export function outputFormat(
  { target_format, target_path }: ImageInput,
  source?: OutputFormat,
): OutputFormat {
  if (target_format !== undefined) return target_format === 'jpg' ? 'jpeg' : target_format;
  const format = formatOfName(needed('target_path', target_path)) ?? source;
  if (format) return format;
  throw fail('input.invalid', `The format that '${target_path}' should have is not supported or not known`, {
    hint: 'Give target_format: png, jpeg, webp, avif, gif or tiff.',
  });
}

/** What fills corners and bars: nothing where the format can leave it out. */
export function backgroundFor(input: ImageInput, format: OutputFormat): string {
  return input.background ?? (NO_ALPHA.has(format) ? '#ffffff' : 'transparent');
}

/** Encodes a picture and writes it; nothing is written once the call has been stopped. */
export async function writeImage(
  pipeline: Sharp,
  input: ImageInput,
  source: LoadedImage,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const target = needed('target_path', input.target_path);
  const format = outputFormat(input, source.header.format);
  const kept = input.keep_metadata ? pipeline.keepMetadata() : pipeline;
  const encoded = ENCODERS[format](kept, input).toBuffer({ resolveWithObject: true });
  const { data, info } = await readable(source.path, encoded, limits);
  context.signal.throwIfAborted();
  const { size } = await writeFileGuarded(target, data, context, { maxBytes: limits.maxBytes });
  const height = info.pageHeight ?? info.height;
  return {
    result: {
      source_path: source.path,
      target_path: target,
      format,
      width: info.width,
      height,
      pages: info.pages ?? 1,
      file_size: size,
      success: true,
    },
    message: `Wrote ${format} of ${info.width} × ${height} pixels to ${target}`,
    metadata: { file_path: target, file_size: size },
  };
}

import type { Metadata } from 'sharp';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { type MediaLimits, readAt, withMediaFile } from '../limits.js';
import { isOutputFormat, mimeType, SNIFF_BYTES, sniffImage } from './format.js';
import { type ImageHeader, readHeader, shownSize } from './header.js';
import { decode, type LoadedImage } from './load.js';

/** What kind of image a file is, by its first bytes. Something else is a result too: `unknown`. */
export function detect(path: string, limits: MediaLimits, context: ExecutionContext): Promise<ToolOutcome> {
  return withMediaFile(path, limits, context, async (file) => {
    const format = sniffImage(await readAt(file, 0, SNIFF_BYTES));
    return {
      result: { file_path: path, format, mime_type: mimeType(format), supported: isOutputFormat(format) },
      message: `Detected image format: ${format}`,
    };
  });
}

/** What a file says about its picture. The headers are read here; where the image library is installed, it adds to that. */
export async function describe(
  path: string,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const bytes = await readFileGuarded(path, context, { maxBytes: limits.maxBytes });
  const header = readHeader(bytes);
  if (!header)
    throw fail('tool.failed', `Image format not supported: '${path}' has no header of a known image`, {
      details: { format: sniffImage(bytes) },
    });
  const more = await librarySays(path, bytes, header, limits);
  context.signal.throwIfAborted();
  const metadata = { ...headerFields(header, bytes.length), ...more };
  return {
    result: { file_path: path, metadata },
    message: `Read metadata of ${header.format} image`,
    metadata: { file_path: path, file_size: bytes.length },
  };
}

function headerFields(header: ImageHeader, size: number): JsonObject {
  return {
    format: header.format,
    mime_type: mimeType(header.format),
    dimensions: shownSize(header),
    color_mode: header.colorMode ?? null,
    bit_depth: header.bitDepth ?? null,
    has_alpha: header.hasAlpha ?? null,
    orientation: header.orientation ?? null,
    dpi: header.dpi ?? null,
    pages: header.pages ?? null,
    exif: header.exif ?? null,
    file_size: size,
  };
}

/** What only the library knows; nothing where it is missing or refuses the file. */
async function librarySays(
  path: string,
  bytes: Buffer,
  header: ImageHeader,
  limits: MediaLimits,
): Promise<JsonObject> {
  const { format } = header;
  if (!isOutputFormat(format)) return {};
  const image: LoadedImage = { path, bytes, header: { ...header, format }, ...shownSize(header) };
  try {
    return libraryFields((await decode(image, limits)).metadata, header);
  } catch (error) {
    if (!(error instanceof LlmspellError)) throw error;
    return error.code === 'feature.missing' ? {} : { warning: error.message };
  }
}

function libraryFields(metadata: Metadata, header: ImageHeader): JsonObject {
  return {
    color_space: metadata.space,
    channels: metadata.channels,
    has_profile: metadata.hasProfile,
    progressive: metadata.isProgressive,
    pages: header.pages ?? metadata.pages ?? 1,
    ...(metadata.hasAlpha !== undefined && { has_alpha: metadata.hasAlpha }),
    ...(metadata.delay && { frame_delays_ms: metadata.delay.slice(0, 100) }),
  };
}

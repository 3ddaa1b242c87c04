import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { type GuardedFile, openGuarded } from '../../security/files.js';
import type { ToolHost } from '../host.js';

const MB = 1024 * 1024;

/** The kinds of media, each with the largest file that is taken unless the configuration says otherwise. */
const MAX_BYTES = { image: 100 * MB, audio: 500 * MB, video: 1024 * MB } as const;
const DEFAULT_TIMEOUT_SECONDS = { image: 60, audio: 300, video: 600 } as const;
const DEFAULT_DIMENSIONS = [10_000, 10_000] as const;

/** What one media operation may take. */
export interface MediaLimits {
  /** Bytes of a file, read or written. */
  maxBytes: number;
  /** Pixels of a picture, before it is decoded and after. */
  maxWidth: number;
  maxHeight: number;
  /** Seconds that one operation may take. */
  timeoutSeconds: number;
}

/** The limits of `[tools.media]`. */
export function mediaLimits(kind: keyof typeof MAX_BYTES, { config }: ToolHost): MediaLimits {
  const media = config.media ?? {};
  const [maxWidth = DEFAULT_DIMENSIONS[0], maxHeight = DEFAULT_DIMENSIONS[1]] =
    media.image_max_dimensions ?? [];
  return {
    maxBytes: media.max_file_size ?? MAX_BYTES[kind],
    maxWidth,
    maxHeight,
    timeoutSeconds: media.processing_timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS[kind],
  };
}

/** Raises `tool.failed` for pictures with more pixels than allowed. */
export function checkDimensions(what: string, width: number, height: number, limits: MediaLimits): void {
  const { maxWidth, maxHeight } = limits;
  if (width <= maxWidth && height <= maxHeight) return;
  throw fail(
    'tool.failed',
    `An image of ${width} × ${height} pixels (${what}) exceeds maximum dimensions of ${maxWidth} × ${maxHeight}`,
    {
      hint: 'tools.media.image_max_dimensions sets the limit.',
      details: { width, height, max_width: maxWidth, max_height: maxHeight },
    },
  );
}

/**
 * Does something that the configured time limits, in a context of its own that ends with the time.
 * @throws `component.timeout` when it was too long
 */
export async function withinTime<T>(
  step: string,
  limits: MediaLimits,
  parent: ExecutionContext,
  work: (context: ExecutionContext) => Promise<T>,
): Promise<T> {
  const context = parent.child('tool', step, { timeoutMs: limits.timeoutSeconds * 1000 });
  try {
    return await work(context);
  } catch (error) {
    if (!context.signal.aborted || parent.signal.aborted) throw error;
    throw tooLate(step, limits);
  }
}

/** The error for work that took longer than the configured time. */
export function tooLate(step: string, { timeoutSeconds }: MediaLimits): Error {
  return fail('component.timeout', `${step} took longer than ${timeoutSeconds} seconds`, {
    hint: 'tools.media.processing_timeout_seconds sets the limit.',
  });
}

/** Opens a media file for the length of the work, unless it is larger than allowed. */
export async function withMediaFile<T>(
  path: string,
  limits: MediaLimits,
  context: ExecutionContext,
  work: (file: GuardedFile) => Promise<T>,
): Promise<T> {
  const file = await openGuarded(path, context);
  try {
    const { size } = file.stats;
    if (size > limits.maxBytes)
      throw fail(
        'tool.failed',
        `File size ${size} of '${file.path}' exceeds maximum allowed size of ${limits.maxBytes} bytes`,
        {
          hint: 'tools.media.max_file_size sets the limit.',
          details: { path: file.path, size, limit: limits.maxBytes },
        },
      );
    return await work(file);
  } finally {
    await file.handle.close();
  }
}

/** The bytes at `offset`, fewer where the file ends. */
export async function readAt(file: GuardedFile, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

/** A parameter that the operation cannot do without. @throws `input.invalid` */
export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}

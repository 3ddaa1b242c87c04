import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { MEDIA_PARAMETER_ALIASES, METADATA_ALIASES } from './aliases.js';
import { compare } from './image/compare.js';
import { describe, detect } from './image/describe.js';
import { loadImage } from './image/load.js';
import { type ImageInput, imageInput } from './image/schema.js';
import { statistics } from './image/statistics.js';
import { convert, crop, flip, resize, rotate, type Transform, thumbnail } from './image/transform.js';
import { watermark } from './image/watermark.js';
import { imageProcessorSamples } from './image-processor.samples.js';
import { type MediaLimits, mediaLimits, needed } from './limits.js';

/** What works on a picture that was opened and found to be decodable. */
const WORK: Readonly<Record<Exclude<ImageInput['operation'], 'detect' | 'metadata'>, Transform>> = {
  resize,
  crop,
  rotate,
  flip,
  convert,
  thumbnail,
  watermark,
  compare,
  statistics,
};
const WRITES_NOTHING: ReadonlySet<string> = new Set(['compare', 'statistics']);

/** Describes, changes and compares pictures. Kind and size come from the headers, before anything is decoded. */
export default defineTool({
  name: 'image-processor',
  aliases: ['image-converter', 'image'],
  category: 'media',
  level: 'restricted',
  description:
    'Describes, resizes, crops, rotates, flips, converts, watermarks, compares and measures images (png, jpeg, webp, avif, gif, tiff).',
  capabilities: ['read', 'write'],
  input: imageInput,
  parameterAliases: {
    ...MEDIA_PARAMETER_ALIASES,
    angle: 'degrees',
    other_path: 'compare_path',
    reference_path: 'compare_path',
    overlay_path: 'watermark_path',
  },
  operationAliases: {
    ...METADATA_ALIASES,
    mirror: 'flip',
    scale: 'resize',
    stats: 'statistics',
    histogram: 'statistics',
    diff: 'compare',
  },
  timeoutMs: 300_000,
  samples: imageProcessorSamples,
  run: (input, context, host) => process(input, mediaLimits('image', host), context),
});

async function process(
  input: ImageInput,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const path = needed('file_path', input.file_path ?? input.source_path);
  if (input.operation === 'detect') return detect(path, limits, context);
  if (input.operation === 'metadata') return describe(path, limits, context);
  if (!WRITES_NOTHING.has(input.operation)) needed('target_path', input.target_path);
  checkComplete(input);
  const source = await loadImage(path, limits, context);
  return WORK[input.operation](input, source, limits, context);
}

/** What is missing is said before the picture is read. */
function checkComplete({ operation, compare_path, text, watermark_path }: ImageInput): void {
  if (operation === 'compare') needed('compare_path', compare_path);
  if (operation === 'watermark' && text === undefined && watermark_path === undefined)
    throw fail('input.invalid', "A watermark needs either 'text' or 'watermark_path'");
}

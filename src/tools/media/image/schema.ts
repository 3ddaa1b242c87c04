import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath, writePath } from '../../parameters.js';

/** Pixels along one edge that any of the formats can hold. */
const MAX_EDGE = 65_535;

const edge = z.int().min(1).max(MAX_EDGE);
const place = z.int().min(0).max(MAX_EDGE);

/** Where a watermark stands. */
export const POSITIONS = [
  'top-left',
  'top',
  'top-right',
  'left',
  'center',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const;

const color = z
  .string()
  .regex(
    /^(#[0-9a-f]{3}|#[0-9a-f]{6}|#[0-9a-f]{8}|transparent|black|white|gray|red|green|blue|yellow|orange)$/i,
    'Give a colour as #rrggbb, #rrggbbaa, or a simple name such as white or transparent',
  );

/** What `image-processor` takes. */
export const imageInput = z.object({
  operation: operationParameter([
    'detect',
    'metadata',
    'resize',
    'crop',
    'rotate',
    'flip',
    'convert',
    'thumbnail',
    'watermark',
    'compare',
    'statistics',
  ])
    .default('metadata')
    .describe('What to do.'),
  file_path: readPath('A file that is read.').optional().describe('The picture.'),
  source_path: readPath('A file that is read.').optional().describe('The picture; the same as file_path.'),
  target_path: writePath('A file that is written.')
    .optional()
    .describe('Where the new picture goes; its extension names the format.'),
  target_format: z
    .enum(['png', 'jpeg', 'jpg', 'webp', 'avif', 'gif', 'tiff'])
    .optional()
    .describe('Format of the new picture; by default what the extension of target_path says.'),
  quality: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Quality of jpeg, webp and avif; 85 (avif: 60) when absent.'),
  lossless: z.boolean().default(false).describe('Write webp and avif without loss.'),
  keep_metadata: z
    .boolean()
    .default(false)
    .describe('Keep EXIF and colour profile; otherwise the new picture carries neither camera nor place.'),
  width: edge.optional().describe('resize, crop: width in pixels.'),
  height: edge.optional().describe('resize, crop: height in pixels.'),
  maintain_aspect_ratio: z
    .boolean()
    .default(true)
    .describe('resize: keep the proportions inside width and height; false stretches.'),
  fit: z
    .enum(['inside', 'outside', 'cover', 'contain', 'fill'])
    .optional()
    .describe(
      'resize: how the picture fills width and height: inside or outside them in proportion, cut to them (cover), with bars (contain), or stretched (fill).',
    ),
  allow_enlargement: z.boolean().default(true).describe('resize: also make a smaller picture larger.'),
  x: place.optional().describe('crop: left edge in pixels.'),
  y: place.optional().describe('crop: upper edge in pixels.'),
  degrees: z.number().min(-360).max(360).default(90).describe('rotate: angle, clockwise.'),
  direction: z
    .enum(['horizontal', 'vertical', 'both'])
    .default('horizontal')
    .describe('flip: exchange left and right, top and bottom, or both.'),
  background: color.optional().describe('Colour of bars, corners and of what was transparent.'),
  max_width: edge.default(200).describe('thumbnail: most pixels across.'),
  max_height: edge.default(200).describe('thumbnail: most pixels down.'),
  text: z.string().min(1).max(500).optional().describe('watermark: the text.'),
  watermark_path: readPath('A file that is read.').optional().describe('watermark: the picture to lay over.'),
  position: z.enum(POSITIONS).default('bottom-right').describe('watermark: where it stands.'),
  opacity: z.number().min(0).max(1).default(0.5).describe('watermark: from 0 (invisible) to 1 (solid).'),
  margin: z.int().min(0).max(10_000).default(10).describe('watermark: distance from the edges in pixels.'),
  font_size: z
    .int()
    .min(4)
    .max(2000)
    .optional()
    .describe('watermark: height of the text in pixels; fits the picture when absent.'),
  color: color.default('#ffffff').describe('watermark: colour of the text.'),
  watermark_scale: z
    .number()
    .min(0.01)
    .max(1)
    .default(0.25)
    .describe('watermark: width of the laid-over picture as a share of the whole.'),
  compare_path: readPath('A file that is read.')
    .optional()
    .describe('compare: the second picture. With target_path, an image of the differences is written.'),
  threshold: z
    .int()
    .min(0)
    .max(255)
    .default(0)
    .describe('compare: difference of a channel up to which two pixels count as equal.'),
  bins: z.int().min(2).max(256).default(16).describe('statistics: bars of the histograms.'),
});

/** Checked input of `image-processor`. */
export type ImageInput = z.output<typeof imageInput>;

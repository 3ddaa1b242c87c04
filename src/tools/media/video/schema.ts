import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath, writePath } from '../../parameters.js';
import { AUDIO_FORMATS } from '../audio/encoders.js';
import { QUALITIES, VIDEO_FORMATS } from './encoders.js';

/** Frames that one call may write. */
const MAX_FRAMES = 500;

const seconds = z.number().min(0).max(1_000_000);
const edge = z.int().min(2).max(16_384);

/** What `video-processor` takes. */
export const videoInput = z.object({
  operation: operationParameter([
    'detect',
    'metadata',
    'thumbnail',
    'extract_frame',
    'extract_frames',
    'extract_audio',
    'trim',
    'convert',
    'resize',
  ])
    .default('metadata')
    .describe('What to do. All but detect and metadata start ffmpeg.'),
  file_path: readPath('A file that is read.').optional().describe('The film.'),
  source_path: readPath('A file that is read.').optional().describe('The film; the same as file_path.'),
  target_path: writePath('A file that is written.')
    .optional()
    .describe('Where the result goes; its extension names the format. For extract_frames a folder.'),
  target_format: z
    .enum([...VIDEO_FORMATS, ...AUDIO_FORMATS, 'jpg', 'jpeg', 'png', 'webp'])
    .optional()
    .describe('Format of the result; by default what the extension of target_path says (frames: jpg).'),
  timestamp_seconds: seconds.default(0).describe('thumbnail, extract_frame: the moment.'),
  start_seconds: seconds.optional().describe('trim, extract_frames: where the part begins.'),
  end_seconds: seconds.optional().describe('trim, extract_frames: where it ends.'),
  duration_seconds: seconds
    .min(0.001)
    .optional()
    .describe('trim, extract_frames: how long it is, instead of end_seconds.'),
  interval_seconds: z
    .number()
    .min(0.01)
    .max(86_400)
    .default(1)
    .describe('extract_frames: time between two frames.'),
  max_frames: z
    .int()
    .min(1)
    .max(MAX_FRAMES)
    .default(20)
    .describe('extract_frames: most frames that are written.'),
  width: edge.optional().describe('resize: width in pixels; follows from height when absent.'),
  height: edge.optional().describe('resize: height in pixels; follows from width when absent.'),
  maintain_aspect_ratio: z
    .boolean()
    .default(true)
    .describe('resize: keep the proportions inside width and height; false stretches.'),
  max_width: edge.default(320).describe('thumbnail: most pixels across.'),
  max_height: edge.default(320).describe('thumbnail: most pixels down.'),
  quality: z
    .enum(QUALITIES)
    .optional()
    .describe('Quality of new film: low, medium or high; tools.media.video_quality when absent.'),
  copy_streams: z
    .boolean()
    .default(false)
    .describe('trim: cut without encoding anew: fast, without loss, but only at key frames.'),
  remove_audio: z.boolean().default(false).describe('trim, convert, resize: leave the sound out.'),
  audio_stream: z
    .int()
    .min(0)
    .max(99)
    .default(0)
    .describe('extract_audio: which of several sound tracks, from 0.'),
});

/** Checked input of `video-processor`. */
export type VideoInput = z.output<typeof videoInput>;

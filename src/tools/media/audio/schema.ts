import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath, writePath } from '../../parameters.js';
import { AUDIO_FORMATS } from './encoders.js';

const seconds = z.number().min(0).max(1_000_000);

/** What `audio-processor` takes. */
export const audioInput = z.object({
  operation: operationParameter(['detect', 'metadata', 'convert', 'trim', 'extract', 'normalize', 'mix_down'])
    .default('metadata')
    .describe('What to do. All but detect and metadata start ffmpeg.'),
  file_path: readPath('A file that is read.').optional().describe('The sound file.'),
  source_path: readPath('A file that is read.').optional().describe('The sound file; the same as file_path.'),
  target_path: writePath('A file that is written.')
    .optional()
    .describe('Where the new sound goes; its extension names the format.'),
  target_format: z
    .enum(AUDIO_FORMATS)
    .optional()
    .describe('Format of the new sound; by default what the extension of target_path says.'),
  sample_rate: z.int().min(4000).max(192_000).optional().describe('Samples a second of the new sound.'),
  bit_rate: z
    .int()
    .min(8)
    .max(512)
    .optional()
    .describe('Kilobits a second of the new sound, where it is lossy.'),
  channels: z
    .int()
    .min(1)
    .max(8)
    .optional()
    .describe('Channels of the new sound; mix_down makes one when absent.'),
  start_seconds: seconds.optional().describe('trim: where the part begins.'),
  end_seconds: seconds.optional().describe('trim: where it ends.'),
  duration_seconds: seconds.min(0.001).optional().describe('trim: how long it is, instead of end_seconds.'),
  stream: z.int().min(0).max(99).default(0).describe('Which of several sound tracks, from 0.'),
  channel: z
    .int()
    .min(0)
    .max(15)
    .optional()
    .describe('extract: only this channel, from 0 (left); all when absent.'),
  target_loudness: z
    .number()
    .min(-70)
    .max(-5)
    .default(-16)
    .describe('normalize: loudness in LUFS (EBU R 128).'),
  true_peak: z.number().min(-9).max(0).default(-1.5).describe('normalize: highest peak in dBTP.'),
});

/** Checked input of `audio-processor`. */
export type AudioInput = z.output<typeof audioInput>;

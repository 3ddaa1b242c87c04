import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { MediaCall, MediaSource } from '../ffmpeg/produce.js';
import type { Quality } from './encoders.js';
import type { VideoFacts } from './metadata.js';
import type { VideoInput } from './schema.js';

/** What is known of the film, and what the configuration says about new film. */
export interface VideoCall extends MediaCall {
  source: MediaSource;
  facts: VideoFacts;
  quality: Quality;
  /** `tools.media.audio_sample_rate` */
  configuredRate?: number | undefined;
}

/** Makes something from a film. */
export type VideoWork = (input: VideoInput, call: VideoCall) => Promise<ToolOutcome>;

/** Input options that keep a hostile film from asking for huge frames. */
export function frameLimits({ limits }: MediaCall): string[] {
  return ['-max_pixels', String(limits.maxWidth * limits.maxHeight)];
}

/** @throws `tool.failed` for files that hold only sound */
export function needsPictures({ facts, source }: VideoCall): void {
  if (!facts.hasVideo) throw fail('tool.failed', `'${source.path}' holds no pictures`);
}

/** What a call gives that wrote one file. */
export function written(call: VideoCall, target: string, size: number, more: JsonObject): ToolOutcome {
  return {
    result: {
      source_path: call.source.path,
      file_path: call.source.path,
      target_path: target,
      ...more,
      file_size: size,
      success: true,
    },
    message: `Wrote ${String(more.format)} to ${target}`,
    metadata: { file_path: target, file_size: size },
  };
}

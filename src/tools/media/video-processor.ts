import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { progressOf } from '../progress.js';
import { MEDIA_PARAMETER_ALIASES, METADATA_ALIASES } from './aliases.js';
import { type Container, sniffContainer, VIDEO_CONTAINERS } from './container.js';
import { mediaLimits, needed, withMediaFile } from './limits.js';
import type { VideoWork } from './video/call.js';
import { QUALITIES, type Quality } from './video/encoders.js';
import { convert, extractAudio, resize, trim } from './video/film.js';
import { extractFrame, extractFrames, thumbnail } from './video/frames.js';
import { readTracks } from './video/mediainfo.js';
import { videoFacts } from './video/metadata.js';
import { type VideoInput, videoInput } from './video/schema.js';
import { videoProcessorSamples } from './video-processor.samples.js';

type Work = Exclude<VideoInput['operation'], 'detect' | 'metadata'>;

const WORK: Readonly<Record<Work, VideoWork>> = {
  thumbnail,
  extract_frame: extractFrame,
  extract_frames: extractFrames,
  extract_audio: extractAudio,
  trim,
  convert,
  resize,
};

/** Describes films by itself; changes them by way of ffmpeg. */
export default defineTool({
  name: 'video-processor',
  aliases: ['video-converter', 'video'],
  category: 'media',
  level: 'restricted',
  description:
    'Describes films (mp4, mov, mkv, webm, avi, flv, wmv); with ffmpeg it extracts frames and sound, trims, converts and resizes them.',
  capabilities: ['read', 'write', 'run'],
  input: videoInput,
  parameterAliases: {
    ...MEDIA_PARAMETER_ALIASES,
    output_dir: 'target_path',
    target_dir: 'target_path',
    timestamp: 'timestamp_seconds',
    time: 'timestamp_seconds',
    start: 'start_seconds',
    end: 'end_seconds',
    duration: 'duration_seconds',
    interval: 'interval_seconds',
  },
  operationAliases: {
    ...METADATA_ALIASES,
    frame: 'extract_frame',
    frames: 'extract_frames',
    cut: 'trim',
    scale: 'resize',
  },
  timeoutMs: 3_600_000,
  samples: videoProcessorSamples,
  run: (input, context, host) => process(input, context, host),
});

async function process(input: VideoInput, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const limits = mediaLimits('video', host);
  const path = needed('file_path', input.file_path ?? input.source_path);
  const { operation } = input;
  if (operation !== 'detect' && operation !== 'metadata') needed('target_path', input.target_path);
  return withMediaFile(path, limits, context, async (file) => {
    const container = await sniffContainer(file);
    if (operation === 'detect') return detected(path, container);
    if (container === 'unknown')
      throw fail('tool.failed', `Video format not supported: '${path}' is not a film of a known kind`);
    const facts = videoFacts(container, await readTracks(file, context), file.stats.size);
    if (operation === 'metadata')
      return {
        result: { file_path: path, metadata: facts.metadata },
        message: `Read metadata of ${container} file`,
        metadata: { file_path: path, file_size: file.stats.size },
      };
    return WORK[operation](input, {
      source: { file, container, path, duration: facts.duration },
      ...{ facts, limits, context, progress: progressOf('video-processor', context) },
      quality: input.quality ?? configuredQuality(host),
      configuredRate: host.config.media?.audio_sample_rate,
    });
  });
}

function detected(path: string, container: Container): ToolOutcome {
  return {
    result: { file_path: path, format: container, supported: VIDEO_CONTAINERS.has(container) },
    message: `Detected video format: ${container}`,
  };
}

/** Words that name none of the qualities mean the middle one. */
function configuredQuality({ config }: ToolHost): Quality {
  return QUALITIES.find((one) => one === config.media?.video_quality) ?? 'medium';
}

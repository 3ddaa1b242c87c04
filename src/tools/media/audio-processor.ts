import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { progressOf } from '../progress.js';
import { MEDIA_PARAMETER_ALIASES, METADATA_ALIASES } from './aliases.js';
import { audioFormat } from './audio/encoders.js';
import { audioFacts } from './audio/facts.js';
import { type AudioWork, convert, extract, mixDown, normalize, trim } from './audio/operations.js';
import { type AudioInput, audioInput } from './audio/schema.js';
import { audioProcessorSamples } from './audio-processor.samples.js';
import { AUDIO_CONTAINERS, type Container, sniffContainer, VIDEO_CONTAINERS } from './container.js';
import type { MediaSource } from './ffmpeg/produce.js';
import { mediaLimits, needed, withMediaFile } from './limits.js';

type Work = Exclude<AudioInput['operation'], 'detect' | 'metadata'>;

const WORK: Readonly<Record<Work, AudioWork>> = { convert, trim, extract, normalize, mix_down: mixDown };

/** Describes sound files by itself; changes them by way of ffmpeg. */
export default defineTool({
  name: 'audio-processor',
  aliases: ['audio-converter', 'audio'],
  category: 'media',
  level: 'restricted',
  description:
    'Describes sound files (wav, mp3, flac, ogg, opus, m4a, aac, aiff); with ffmpeg it converts, trims, extracts, normalizes and mixes them down.',
  capabilities: ['read', 'write', 'run'],
  input: audioInput,
  parameterAliases: {
    ...MEDIA_PARAMETER_ALIASES,
    bitrate: 'bit_rate',
    start: 'start_seconds',
    end: 'end_seconds',
    duration: 'duration_seconds',
    track: 'stream',
  },
  operationAliases: {
    ...METADATA_ALIASES,
    cut: 'trim',
    mixdown: 'mix_down',
    'mix-down': 'mix_down',
    downmix: 'mix_down',
    normalise: 'normalize',
  },
  timeoutMs: 3_600_000,
  samples: audioProcessorSamples,
  run: (input, context, host) => process(input, context, host),
});

async function process(input: AudioInput, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const limits = mediaLimits('audio', host);
  const path = needed('file_path', input.file_path ?? input.source_path);
  const { operation } = input;
  if (operation !== 'detect' && operation !== 'metadata') checkTarget(input);
  return withMediaFile(path, limits, context, async (file) => {
    const container = await sniffContainer(file);
    if (operation === 'detect') return detected(path, container);
    if (container === 'unknown')
      throw fail('tool.failed', `Audio format not supported: '${path}' is not a sound file of a known kind`);
    const { metadata, duration, sampleRate, channels } = await audioFacts(file, container, limits, context);
    if (operation === 'metadata') return described(path, container, metadata);
    const source: MediaSource = { file, container, path, duration };
    return WORK[operation](input, {
      ...{ source, limits, context, progress: progressOf('audio-processor', context) },
      sourceRate: sampleRate,
      sourceChannels: channels,
      configuredRate: host.config.media?.audio_sample_rate,
    });
  });
}

function checkTarget({ target_path, target_format }: AudioInput): void {
  audioFormat(target_format, needed('target_path', target_path));
}

function detected(path: string, container: Container): ToolOutcome {
  const supported = AUDIO_CONTAINERS.has(container);
  return {
    result: { file_path: path, format: container, supported, has_video: VIDEO_CONTAINERS.has(container) },
    message: `Detected audio format: ${container}`,
  };
}

function described(path: string, container: Container, metadata: JsonObject): ToolOutcome {
  return {
    result: { file_path: path, metadata },
    message: `Read metadata of ${container} file`,
    metadata: { file_path: path, file_size: metadata.file_size ?? null },
  };
}

import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { type MediaCall, type MediaSource, produce } from '../ffmpeg/produce.js';
import { needed } from '../limits.js';
import { spanArguments, spanOf } from '../span.js';
import { audioFormat, audioMuxer, type Encoding, encodingArguments } from './encoders.js';
import { loudnessFilter, measureLoudness } from './loudness.js';
import type { AudioInput } from './schema.js';

/** What is known of the source, and what the configuration says about new sound. */
export interface AudioCall extends MediaCall {
  source: MediaSource;
  sourceRate?: number | undefined;
  sourceChannels?: number | undefined;
  /** `tools.media.audio_sample_rate` */
  configuredRate?: number | undefined;
}

/** Makes a new sound file. */
export type AudioWork = (input: AudioInput, call: AudioCall) => Promise<ToolOutcome>;

/** What differs between the operations. */
interface Steps {
  filter?: string;
  before?: readonly string[];
  encoding?: Encoding;
  seconds?: number | undefined;
  said?: JsonObject;
}

/** Another format. */
export const convert: AudioWork = (input, call) => write(input, call, {});

/** A part. */
export const trim: AudioWork = (input, call) => {
  if ([input.start_seconds, input.end_seconds, input.duration_seconds].every((one) => one === undefined))
    throw fail(
      'input.invalid',
      "Missing required parameter 'start_seconds', 'end_seconds' or 'duration_seconds'",
    );
  const span = spanOf(input, call.source.duration);
  const said = { start_seconds: span.start, duration_seconds: span.length ?? null };
  return write(input, call, { before: spanArguments(span), seconds: span.length, said });
};

/** One of several tracks, or one of its channels. */
export const extract: AudioWork = (input, call) => {
  const { channel } = input;
  if (channel === undefined) return write(input, call, { said: { stream: input.stream } });
  if (call.sourceChannels !== undefined && channel >= call.sourceChannels)
    throw fail('input.invalid', `There is no channel ${channel}: the sound has ${call.sourceChannels}`);
  return write(input, call, {
    filter: `pan=mono|c0=c${channel}`,
    said: { stream: input.stream, channel },
  });
};

/** The same sound at a given loudness. It is heard twice: to measure it, then to change it. */
export const normalize: AudioWork = async (input, call) => {
  const target = { integrated: input.target_loudness, truePeak: input.true_peak };
  const measured = await measureLoudness(call.source, input.stream, target, call);
  return write(input, call, {
    filter: loudnessFilter(target, measured),
    encoding: { sampleRate: call.sourceRate }, // the filter itself works at 192 kHz
    said: {
      target_loudness: target.integrated,
      input_loudness: measured.integrated,
      input_true_peak: measured.truePeak,
    },
  });
};

/** All channels in one, or in as many as asked for. */
export const mixDown: AudioWork = (input, call) =>
  write(input, call, {
    encoding: { channels: input.channels ?? 1 },
    said: { channels: input.channels ?? 1 },
  });

async function write(input: AudioInput, call: AudioCall, steps: Steps): Promise<ToolOutcome> {
  const target = needed('target_path', input.target_path);
  const format = audioFormat(input.target_format, target);
  const encoding = { ...defaults(input, call), ...steps.encoding, ...given(input) };
  const options = [
    ...['-map', `0:a:${input.stream}`, '-vn', '-sn', '-dn', '-map_metadata', '0'],
    ...(steps.filter === undefined ? [] : ['-af', steps.filter]),
    ...encodingArguments(format, encoding),
  ];
  const seconds = steps.seconds ?? call.source.duration;
  const production = { before: steps.before ?? [], options, format: audioMuxer(format), seconds };
  const { size } = await produce(call.source, target, production, call);
  return {
    result: {
      source_path: call.source.path,
      target_path: target,
      target_format: format,
      ...steps.said,
      file_size: size,
      success: true,
    },
    message: `Wrote ${format} to ${target}`,
    metadata: { file_path: target, file_size: size },
  };
}

function defaults({ operation }: AudioInput, { configuredRate }: AudioCall): Encoding {
  return operation === 'convert' && configuredRate !== undefined ? { sampleRate: configuredRate } : {};
}

function given({ sample_rate, channels, bit_rate }: AudioInput): Encoding {
  return {
    ...(sample_rate !== undefined && { sampleRate: sample_rate }),
    ...(channels !== undefined && { channels }),
    ...(bit_rate !== undefined && { bitRate: bit_rate }),
  };
}

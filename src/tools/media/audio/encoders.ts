import { extname } from 'node:path';
import { fail } from '../../../core/errors.js';

/** The formats that sound can be written in. */
export const AUDIO_FORMATS = ['wav', 'mp3', 'flac', 'ogg', 'opus', 'm4a', 'aac', 'aiff'] as const;
/** A format that sound can be written in. */
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

interface Encoder {
  /** ffmpeg's name of the container. */
  muxer: string;
  codec: string;
  /** Formats without loss have no bit rate to choose. */
  lossy: boolean;
  /** The only sample rates that the codec takes; any when absent. */
  rates?: readonly number[];
}

const ENCODERS: Readonly<Record<AudioFormat, Encoder>> = {
  wav: { muxer: 'wav', codec: 'pcm_s16le', lossy: false },
  mp3: {
    muxer: 'mp3',
    codec: 'libmp3lame',
    lossy: true,
    rates: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
  },
  flac: { muxer: 'flac', codec: 'flac', lossy: false },
  ogg: { muxer: 'ogg', codec: 'libvorbis', lossy: true },
  opus: { muxer: 'opus', codec: 'libopus', lossy: true, rates: [8000, 12_000, 16_000, 24_000, 48_000] },
  m4a: { muxer: 'ipod', codec: 'aac', lossy: true },
  aac: { muxer: 'adts', codec: 'aac', lossy: true },
  aiff: { muxer: 'aiff', codec: 'pcm_s16be', lossy: false },
};
const OTHER_EXTENSIONS: Readonly<Record<string, AudioFormat>> = {
  wave: 'wav',
  oga: 'ogg',
  m4b: 'm4a',
  mp4: 'm4a',
  aif: 'aiff',
  aifc: 'aiff',
};

/** How new sound is to be. */
export interface Encoding {
  sampleRate?: number | undefined;
  channels?: number | undefined;
  /** Kilobits a second. */
  bitRate?: number | undefined;
}

/** The format that was asked for, or that the name of the target says. @throws `input.invalid` */
export function audioFormat(asked: AudioFormat | undefined, target: string): AudioFormat {
  if (asked) return asked;
  const extension = extname(target).slice(1).toLowerCase();
  const format = OTHER_EXTENSIONS[extension] ?? AUDIO_FORMATS.find((one) => one === extension);
  if (format) return format;
  throw fail('input.invalid', `The audio format that '${target}' should have is not supported or not known`, {
    hint: `Give target_format: ${AUDIO_FORMATS.join(', ')}.`,
  });
}

/** ffmpeg's name of the container of a format. */
export function audioMuxer(format: AudioFormat): string {
  return ENCODERS[format].muxer;
}

/** The arguments that encode sound. */
export function encodingArguments(format: AudioFormat, wanted: Encoding): string[] {
  const { codec, lossy, rates } = ENCODERS[format];
  const rate = wanted.sampleRate && rates ? nearest(wanted.sampleRate, rates) : wanted.sampleRate;
  return [
    ...['-c:a', codec],
    ...(rate === undefined ? [] : ['-ar', String(rate)]),
    ...(wanted.channels === undefined ? [] : ['-ac', String(wanted.channels)]),
    ...(lossy && wanted.bitRate !== undefined ? ['-b:a', `${wanted.bitRate}k`] : []),
  ];
}

function nearest(value: number, among: readonly number[]): number {
  return among.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));
}

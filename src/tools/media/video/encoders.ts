import { extname } from 'node:path';
import { fail } from '../../../core/errors.js';

/** The formats that film can be written in. */
export const VIDEO_FORMATS = ['mp4', 'mov', 'mkv', 'webm', 'avi', 'flv'] as const;
/** A format that film can be written in. */
export type VideoFormat = (typeof VIDEO_FORMATS)[number];
/** How good new film is. */
export const QUALITIES = ['low', 'medium', 'high'] as const;
/** How good new film is. */
export type Quality = (typeof QUALITIES)[number];

/** Constant rate factors, by codec family: smaller is better. */
const RATE_FACTORS: Readonly<Record<Quality, { h264: number; vp9: number; mpeg4: number }>> = {
  low: { h264: 29, vp9: 40, mpeg4: 10 },
  medium: { h264: 23, vp9: 33, mpeg4: 5 },
  high: { h264: 18, vp9: 24, mpeg4: 2 },
};

const MUXERS: Readonly<Record<VideoFormat, string>> = {
  mp4: 'mp4',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'webm',
  avi: 'avi',
  flv: 'flv',
};
const H264_AND_AAC: ReadonlySet<VideoFormat> = new Set(['mp4', 'mov', 'mkv', 'flv']);
const OTHER_EXTENSIONS: Readonly<Record<string, VideoFormat>> = { m4v: 'mp4', qt: 'mov' };

/** The format that was asked for, or that the name of the target says. @throws `input.invalid` */
export function videoFormat(asked: VideoFormat | undefined, target: string): VideoFormat {
  if (asked) return asked;
  const extension = extname(target).slice(1).toLowerCase();
  const format = OTHER_EXTENSIONS[extension] ?? VIDEO_FORMATS.find((one) => one === extension);
  if (format) return format;
  throw fail('input.invalid', `The video format that '${target}' should have is not supported or not known`, {
    hint: `Give target_format: ${VIDEO_FORMATS.join(', ')}.`,
  });
}

/** ffmpeg's name of the container of a format. */
export function videoMuxer(format: VideoFormat): string {
  return MUXERS[format];
}

/** The arguments that encode film with its sound. */
export function encodingArguments(format: VideoFormat, quality: Quality, sampleRate?: number): string[] {
  const { h264, vp9, mpeg4 } = RATE_FACTORS[quality];
  const rate = sampleRate === undefined || format === 'webm' ? [] : ['-ar', String(sampleRate)];
  if (format === 'webm')
    return [
      ...['-c:v', 'libvpx-vp9', '-crf', String(vp9), '-b:v', '0', '-deadline', 'realtime', '-cpu-used', '6'],
      ...['-row-mt', '1', '-pix_fmt', 'yuv420p', '-c:a', 'libopus'],
    ];
  if (H264_AND_AAC.has(format))
    return [
      ...['-c:v', 'libx264', '-crf', String(h264), '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
      ...['-c:a', 'aac', ...rate],
      ...(format === 'mp4' || format === 'mov' ? ['-movflags', '+faststart'] : []),
    ];
  return ['-c:v', 'mpeg4', '-q:v', String(mpeg4), '-pix_fmt', 'yuv420p', '-c:a', 'libmp3lame', ...rate];
}

/** How a single picture is written. */
export interface PictureEncoder {
  extension: string;
  options: readonly string[];
}

const JPEG: PictureEncoder = {
  extension: 'jpg',
  options: ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'],
};
const PNG: PictureEncoder = { extension: 'png', options: ['-c:v', 'png'] };
const WEBP: PictureEncoder = { extension: 'webp', options: ['-c:v', 'libwebp', '-quality', '85'] };
const PICTURES: Readonly<Record<string, PictureEncoder>> = { jpg: JPEG, jpeg: JPEG, png: PNG, webp: WEBP };

/** How the picture that a name asks for is written. @throws `input.invalid` */
export function pictureEncoder(name: string): PictureEncoder {
  const found = PICTURES[name.replace(/^.*\./s, '').toLowerCase()];
  if (found) return found;
  throw fail('input.invalid', `The image format of '${name}' is not supported`, {
    hint: 'Frames are written as jpg, png or webp.',
  });
}

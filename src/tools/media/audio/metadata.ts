import type { IAudioMetadata } from 'music-metadata';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { GuardedFile } from '../../../security/files.js';
import type { Container } from '../container.js';
import { handleTokenizer } from './handle-tokenizer.js';

/** Bytes that are read at once: tags with pictures are large, anything above is an attack. */
const MAX_BLOCK = 32 * 1024 * 1024;
/** Files up to this size are read through where only that tells how long they are. */
const READ_THROUGH_BYTES = 64 * 1024 * 1024;
const MAX_TEXT = 1000;

const MIME: Readonly<Partial<Record<Container, string>>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  mp4: 'audio/mp4',
  mov: 'audio/mp4',
  aac: 'audio/aac',
  aiff: 'audio/aiff',
  wma: 'audio/x-ms-wma',
  mkv: 'audio/matroska',
  webm: 'audio/webm',
};

/** What a sound file says about itself, from its open handle; the handle stays open. */
export async function readAudio(
  file: GuardedFile,
  container: Container,
  context: ExecutionContext,
): Promise<IAudioMetadata> {
  const { parseFromTokenizer } = await import('music-metadata');
  const mimeType = MIME[container];
  const tokenizer = await handleTokenizer(file, {
    fileInfo: { ...(mimeType !== undefined && { mimeType }) },
    maxBufferSize: MAX_BLOCK,
    abortSignal: context.signal,
  });
  try {
    const metadata = await parseFromTokenizer(tokenizer, {
      duration: file.stats.size <= READ_THROUGH_BYTES,
      skipCovers: true,
    });
    return container === 'wav' ? await withWaveEncoding(metadata, file) : metadata;
  } catch (error) {
    context.signal.throwIfAborted();
    throw fail('tool.failed', `The file '${file.path}' could not be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** What the parser calls samples whose encoding stands in the extended header of a wave file. */
const EXTENSIBLE = 'non-PCM (65534)';
/** Where that header says which it is, in files whose first chunk is `fmt `, and what it says. */
const ENCODING_OFFSET = 44;
const ENCODINGS: Readonly<Record<number, string>> = { 1: 'PCM', 3: 'IEEE_FLOAT', 6: 'ALAW', 7: 'MULAW' };

/** Wave files of 24 bits, of many channels or of floating-point samples name their encoding further behind. */
async function withWaveEncoding(metadata: IAudioMetadata, { handle }: GuardedFile): Promise<IAudioMetadata> {
  if (metadata.format.codec !== EXTENSIBLE) return metadata;
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(ENCODING_OFFSET + 2),
    0,
    ENCODING_OFFSET + 2,
    0,
  );
  const first = buffer.toString('latin1', 12, 16) === 'fmt ' && bytesRead === buffer.length;
  const codec = first ? ENCODINGS[buffer.readUInt16LE(ENCODING_OFFSET)] : undefined;
  if (codec === undefined) return metadata;
  const lossless = codec === 'PCM' || codec === 'IEEE_FLOAT';
  return { ...metadata, format: { ...metadata.format, codec, lossless } };
}

/** The fields that scripts see; what a file does not say is null. */
export function audioFields(
  container: Container,
  { format, common }: IAudioMetadata,
  duration: number | undefined,
  size: number,
): JsonObject {
  return {
    format: container,
    duration_seconds: rounded(duration),
    sample_rate: format.sampleRate ?? null,
    channels: format.numberOfChannels ?? null,
    bits_per_sample: format.bitsPerSample ?? null,
    bit_rate: bitRate(container, format.bitrate, duration, size),
    codec: format.codec ?? null,
    lossless: format.lossless ?? null,
    title: text(common.title),
    artist: text(common.artist),
    album: text(common.album),
    album_artist: text(common.albumartist),
    genre: text(common.genre?.join(', ')),
    track: common.track.no ?? null,
    year: common.year ?? null,
    comment: text(common.comment?.[0]?.text),
    file_size: size,
  };
}

/** The reader guesses the rate of bare AAC from its first frames. */
function bitRate(
  container: Container,
  read: number | undefined,
  duration: number | undefined,
  size: number,
): number | null {
  const rate = container === 'aac' && duration ? (size * 8) / duration : read;
  return rate === undefined ? null : Math.round(rate);
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : value.slice(0, MAX_TEXT);
}

function rounded(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000;
}

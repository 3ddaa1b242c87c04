import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { GuardedFile } from '../../../security/files.js';
import { type Container, tagLength, VIDEO_CONTAINERS } from '../container.js';
import { type MediaLimits, withinTime } from '../limits.js';
import { readTracks } from '../video/mediainfo.js';
import { number, text, type VideoFacts, videoFacts } from '../video/metadata.js';
import { adtsDuration } from './adts.js';
import { audioFields, readAudio } from './metadata.js';

/** Kinds that the reader of sound files does not know or knows too little of. */
const BY_MEDIAINFO: ReadonlySet<Container> = new Set<Container>([...VIDEO_CONTAINERS, 'wma']);

/** What is known of a sound. */
export interface AudioFacts {
  /** What scripts see. */
  metadata: JsonObject;
  duration?: number | undefined;
  sampleRate?: number | undefined;
  channels?: number | undefined;
}

/** What a file says about its sound, be it the whole of it or the sound of a film. */
export function audioFacts(
  file: GuardedFile,
  container: Container,
  limits: MediaLimits,
  context: ExecutionContext,
): Promise<AudioFacts> {
  return withinTime('metadata', limits, context, (inner) => readFacts(file, container, inner));
}

async function readFacts(
  file: GuardedFile,
  container: Container,
  context: ExecutionContext,
): Promise<AudioFacts> {
  const { size } = file.stats;
  if (BY_MEDIAINFO.has(container))
    return soundOfFilm(videoFacts(container, await readTracks(file, context), size));
  const read = await readAudio(file, container, context);
  const counted = container === 'aac' && (await adtsDuration(file, await tagLength(file), context));
  const duration = counted || read.format.duration;
  return {
    metadata: audioFields(container, read, duration, size),
    duration,
    sampleRate: read.format.sampleRate,
    channels: read.format.numberOfChannels,
  };
}

function soundOfFilm({ metadata, duration, audio: [first = {}] }: VideoFacts): AudioFacts {
  const [sampleRate, channels] = [number(first, 'SamplingRate'), number(first, 'Channels')];
  return {
    metadata: {
      format: metadata.format!,
      duration_seconds: duration ?? null,
      sample_rate: sampleRate ?? null,
      channels: channels ?? null,
      bit_rate: number(first, 'BitRate') ?? null,
      codec: text(first, 'Format') ?? null,
      title: metadata.title ?? null,
      file_size: metadata.file_size!,
    },
    duration,
    sampleRate,
    channels,
  };
}

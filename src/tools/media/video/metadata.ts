import type { JsonObject, JsonValue } from '../../../core/values.js';
import type { Container } from '../container.js';
import type { MediaTrack } from './mediainfo.js';

/** Streams that are listed; real films have a handful. */
const MAX_STREAMS = 50;
const MAX_TEXT = 500;

/** What is known of a film. */
export interface VideoFacts {
  /** What scripts see. */
  metadata: JsonObject;
  duration?: number | undefined;
  /** Of the pictures alone; sound may go on after the last one. */
  pictureDuration?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  hasVideo: boolean;
  /** The sound tracks. */
  audio: readonly MediaTrack[];
}

/** Puts together what the tracks of a film say. */
export function videoFacts(container: Container, tracks: readonly MediaTrack[], size: number): VideoFacts {
  const ofType = (type: string) => tracks.filter((track) => track['@type'] === type);
  const [general = {}] = ofType('General');
  const [video] = ofType('Video');
  const audio = ofType('Audio');
  const duration = number(general, 'Duration') ?? (video && number(video, 'Duration'));
  const shown = video && shownSize(video);
  return {
    metadata: {
      format: container,
      duration_seconds: duration ?? null,
      resolution: shown ? { width: shown.width ?? null, height: shown.height ?? null } : null,
      ...mainStreams(video, audio[0], general),
      file_size: size,
      title: text(general, 'Title') ?? text(general, 'Movie') ?? null,
      streams: streamList([...ofType('Video'), ...audio, ...ofType('Text')]),
    },
    duration,
    pictureDuration: (video && number(video, 'Duration')) ?? duration,
    ...shown,
    hasVideo: video !== undefined,
    audio,
  };
}

function mainStreams(video: MediaTrack = {}, audio: MediaTrack = {}, general: MediaTrack): JsonObject {
  return {
    fps: number(video, 'FrameRate') ?? null,
    frame_count: number(video, 'FrameCount') ?? null,
    rotation: number(video, 'Rotation') ?? 0,
    video_codec: text(video, 'Format') ?? null,
    video_bitrate: number(video, 'BitRate') ?? null,
    audio_codec: text(audio, 'Format') ?? null,
    audio_bitrate: number(audio, 'BitRate') ?? null,
    audio_channels: number(audio, 'Channels') ?? null,
    audio_sample_rate: number(audio, 'SamplingRate') ?? null,
    overall_bitrate: number(general, 'OverallBitRate') ?? null,
  };
}

function streamList(tracks: readonly MediaTrack[]): JsonValue {
  return tracks.slice(0, MAX_STREAMS).map((track) => {
    const entries: [string, JsonValue | undefined][] = [
      ['type', text(track, '@type')?.toLowerCase().replace('text', 'subtitle')],
      ['codec', text(track, 'Format')],
      ['codec_id', text(track, 'CodecID')],
      ['duration_seconds', number(track, 'Duration')],
      ['width', number(track, 'Width')],
      ['height', number(track, 'Height')],
      ['fps', track['@type'] === 'Video' ? number(track, 'FrameRate') : undefined],
      ['channels', number(track, 'Channels')],
      ['sample_rate', number(track, 'SamplingRate')],
      ['bit_rate', number(track, 'BitRate')],
      ['language', text(track, 'Language')],
      ['title', text(track, 'Title')],
    ];
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
  });
}

/** A film that was taken upright lies on its side in the file. */
function shownSize(video: MediaTrack): { width?: number | undefined; height?: number | undefined } {
  const [width, height] = [number(video, 'Width'), number(video, 'Height')];
  const turned = Math.round((number(video, 'Rotation') ?? 0) / 90) % 2 !== 0;
  return turned ? { width: height, height: width } : { width, height };
}

/** A figure of a track. */
export function number(track: MediaTrack, name: string): number | undefined {
  const value = track[name];
  const figure = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof figure === 'number' && Number.isFinite(figure) ? figure : undefined;
}

/** A text of a track. */
export function text(track: MediaTrack, name: string): string | undefined {
  const value = track[name];
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : undefined;
}

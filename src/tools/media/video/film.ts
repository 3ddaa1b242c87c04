import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import {
  AUDIO_FORMATS,
  audioFormat,
  audioMuxer,
  encodingArguments as soundArguments,
} from '../audio/encoders.js';
import { produce } from '../ffmpeg/produce.js';
import { targetSize } from '../image/size.js';
import { checkDimensions, needed } from '../limits.js';
import { type Span, spanArguments, spanOf } from '../span.js';
import { frameLimits, needsPictures, type VideoCall, type VideoWork, written } from './call.js';
import { encodingArguments, VIDEO_FORMATS, videoFormat, videoMuxer } from './encoders.js';
import type { VideoInput } from './schema.js';

/** Video codecs take pictures with even edges only. */
const EVEN = 'scale=trunc(iw/2)*2:trunc(ih/2)*2';

/** Another format. */
export const convert: VideoWork = (input, call) => writeFilm(input, call, EVEN, { start: 0 });

/** A part. */
export const trim: VideoWork = (input, call) => {
  if ([input.start_seconds, input.end_seconds, input.duration_seconds].every((one) => one === undefined))
    throw fail(
      'input.invalid',
      "Missing required parameter 'start_seconds', 'end_seconds' or 'duration_seconds'",
    );
  const span = spanOf(input, call.facts.duration);
  const said = { start_seconds: span.start, duration_seconds: span.length ?? null };
  return writeFilm(input, call, input.copy_streams ? undefined : EVEN, span, said);
};

/** Another size. */
export const resize: VideoWork = (input, call) => {
  const { width: across, height: down } = call.facts;
  if (across === undefined || down === undefined)
    throw fail('tool.failed', `The size of '${call.source.path}' is not known`);
  const asked = { ...input, fit: undefined, allow_enlargement: true };
  const exact = targetSize(asked, { width: across, height: down });
  const size = { width: even(exact.width), height: even(exact.height) };
  checkDimensions('the result', size.width, size.height, call.limits);
  return writeFilm(input, call, `scale=${size.width}:${size.height},setsar=1`, { start: 0 }, size);
};

/** The sound alone. */
export const extractAudio: VideoWork = async (input, call) => {
  const target = needed('target_path', input.target_path);
  const format = audioFormat(
    AUDIO_FORMATS.find((one) => one === input.target_format),
    target,
  );
  if (input.audio_stream >= call.facts.audio.length)
    throw fail('tool.failed', `'${call.source.path}' has no sound track ${input.audio_stream}`);
  const options = [
    ...['-map', `0:a:${input.audio_stream}`, '-vn', '-sn', '-dn'],
    ...soundArguments(format, { sampleRate: call.configuredRate }),
  ];
  const production = { options, format: audioMuxer(format), seconds: call.facts.duration };
  const { size } = await produce(call.source, target, production, call);
  return written(call, target, size, { format });
};

async function writeFilm(
  input: VideoInput,
  call: VideoCall,
  filter: string | undefined,
  span: Span,
  said: JsonObject = {},
): Promise<ToolOutcome> {
  needsPictures(call);
  const target = needed('target_path', input.target_path);
  const format = videoFormat(
    VIDEO_FORMATS.find((one) => one === input.target_format),
    target,
  );
  const options = [
    ...['-map', '0:V:0', ...(input.remove_audio ? ['-an'] : ['-map', '0:a:0?']), '-sn', '-dn'],
    ...(filter === undefined
      ? ['-c', 'copy', '-avoid_negative_ts', 'make_zero']
      : ['-vf', filter, ...encodingArguments(format, call.quality, call.configuredRate)]),
  ];
  const before = [...frameLimits(call), ...spanArguments(span)];
  const seconds = span.length ?? call.facts.duration;
  const production = { before, options, format: videoMuxer(format), seconds };
  const { size } = await produce(call.source, target, production, call);
  return written(call, target, size, { format, ...said });
}

function even(size: number): number {
  return Math.max(2, size - (size % 2));
}

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import { makeDirGuarded, writeChunksGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { inputArguments } from '../ffmpeg/input.js';
import { produce, withPrivateFolder } from '../ffmpeg/produce.js';
import { runFfmpeg } from '../ffmpeg/run.js';
import { needed } from '../limits.js';
import { spanArguments, spanOf } from '../span.js';
import { frameLimits, needsPictures, type VideoCall, type VideoWork, written } from './call.js';
import { pictureEncoder } from './encoders.js';
import type { VideoInput } from './schema.js';

/** What two seconds may differ by and still be the same. */
const ROUNDING = 1e-3;
/** How often the size of what is being made is looked at. */
const LOOK_MS = 250;

/** One frame in its full size. */
export const extractFrame: VideoWork = (input, call) => writeFrame(input, call, undefined);

/** One frame, small. */
export const thumbnail: VideoWork = (input, call) => {
  const { max_width: width, max_height: height } = input;
  const box = `min(${width}\\,iw):min(${height}\\,ih):force_original_aspect_ratio=decrease`;
  return writeFrame(input, call, `scale=${box}`);
};

/** A frame every few seconds, into a folder. */
export const extractFrames: VideoWork = async (input, call) => {
  needsPictures(call);
  const folder = needed('target_path', input.target_path);
  const encoder = pictureEncoder(input.target_format ?? 'jpg');
  const span = spanOf(input, call.facts.pictureDuration);
  const moments = span.length && Math.ceil(span.length / input.interval_seconds - ROUNDING);
  const wanted = Math.min(input.max_frames, moments ?? input.max_frames);
  await makeDirGuarded(folder, call.context, { recursive: true });
  const frames = await withPrivateFolder(async (made) => {
    const before = [...frameLimits(call), ...spanArguments(span)];
    await withinSize(made, call, (inner) => makeFrames(input, inner, before, wanted, made));
    return moveFrames(made, folder, span.start, input, call);
  });
  if (frames.length === 0) throw fail('tool.failed', `'${call.source.path}' has no frame in that part`);
  return {
    result: {
      ...{ source_path: call.source.path, file_path: call.source.path, target_path: folder },
      format: encoder.extension,
      count: frames.length,
      frames,
      truncated: frames.length === input.max_frames && moments !== frames.length,
      success: true,
    },
    message: `Wrote ${frames.length} frames to ${folder}`,
  };
};

async function writeFrame(
  input: VideoInput,
  call: VideoCall,
  filter: string | undefined,
): Promise<ToolOutcome> {
  needsPictures(call);
  const target = needed('target_path', input.target_path);
  const { timestamp_seconds: moment } = input;
  const { pictureDuration: duration } = call.facts;
  if (duration !== undefined && moment >= duration)
    throw fail('input.invalid', `timestamp_seconds ${moment} is beyond the end (${duration} s)`);
  const encoder = pictureEncoder(input.target_format ?? target);
  const options = [
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-frames:v', '1', '-update', '1'],
    ...(filter === undefined ? [] : ['-vf', filter]),
    ...encoder.options,
  ];
  const before = [...frameLimits(call), ...spanArguments({ start: moment })];
  const { size } = await produce(call.source, target, { before, options, format: 'image2' }, call);
  return written(call, target, size, { format: encoder.extension, timestamp_seconds: moment });
}

/** The frames shown at the beginning of each interval: the last one that began by then. */
function makeFrames(
  input: VideoInput,
  call: VideoCall,
  before: readonly string[],
  wanted: number,
  made: string,
): Promise<string> {
  const encoder = pictureEncoder(input.target_format ?? 'jpg');
  const pattern = join(made, `frame_%04d.${encoder.extension}`);
  const filter = `fps=fps=1/${input.interval_seconds}:start_time=0:round=up`;
  return runFfmpeg(
    {
      args: [
        ...inputArguments(call.source.container, before),
        ...['-map', '0:V:0', '-an', '-sn', '-dn', '-vf', filter, '-frames:v', String(wanted)],
        ...encoder.options,
        ...['-f', 'image2', '-y', pattern],
      ],
      fd: call.source.file.handle.fd,
      path: call.source.path,
      onProgress: (seconds) => call.progress('Extracting frames', seconds / input.interval_seconds / wanted),
    },
    call.limits,
    call.context,
  );
}

/** Ends the work when what is in the folder outgrows the limit. */
async function withinSize<T>(
  folder: string,
  call: VideoCall,
  work: (call: VideoCall) => Promise<T>,
): Promise<T> {
  const full = new AbortController();
  const context = call.context.child('tool', 'frames', { signal: full.signal });
  const watch = setInterval(async () => {
    if ((await folderBytes(folder)) > call.limits.maxBytes) full.abort();
  }, LOOK_MS);
  try {
    return await work({ ...call, context });
  } catch (error) {
    if (!full.signal.aborted || call.context.signal.aborted) throw error;
    throw fail('tool.failed', `The frames exceed maximum allowed size of ${call.limits.maxBytes} bytes`);
  } finally {
    clearInterval(watch);
  }
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function moveFrames(
  made: string,
  folder: string,
  start: number,
  input: VideoInput,
  { context, limits, progress }: VideoCall,
): Promise<JsonObject[]> {
  const names = (await readdir(made)).sort();
  const frames: JsonObject[] = [];
  let left = limits.maxBytes;
  for (const [index, name] of names.entries()) {
    const target = join(folder, name);
    const { size } = await writeChunksGuarded(target, createReadStream(join(made, name)), context, {
      maxBytes: left,
    });
    left -= size;
    const moment = Math.round((start + index * input.interval_seconds) * 1000) / 1000;
    frames.push({ path: target, timestamp_seconds: moment, file_size: size });
  }
  progress('Done', 1);
  return frames;
}

import { fail } from '../../../core/errors.js';
import { inputArguments } from '../ffmpeg/input.js';
import type { MediaCall, MediaSource } from '../ffmpeg/produce.js';
import { runFfmpeg } from '../ffmpeg/run.js';

/** The loudness that a sound is brought to, after EBU R 128. */
export interface Loudness {
  /** Integrated loudness in LUFS. */
  integrated: number;
  /** True peak in dBTP. */
  truePeak: number;
}

/** How loud a sound is. */
export interface Measured extends Loudness {
  /** Loudness range in LU. */
  range: number;
  threshold: number;
  offset: number;
}

const RANGE = 11;
/** What is quieter than any recording has nothing to bring up. */
const SILENCE = -70;

/** Measures the loudness of a sound stream. */
export async function measureLoudness(
  source: MediaSource,
  stream: number,
  target: Loudness,
  { limits, context, progress }: MediaCall,
): Promise<Measured> {
  const filter = `${aim(target)}:print_format=json`;
  const map = ['-map', `0:a:${stream}`, '-af', filter, '-f', 'null', '-'];
  const report = await runFfmpeg(
    {
      args: [...inputArguments(source.container), ...map],
      fd: source.file.handle.fd,
      path: source.path,
      verbosity: 'info',
      onProgress: (done) =>
        progress('Measuring the loudness', source.duration ? done / source.duration / 2 : undefined),
    },
    limits,
    context,
  );
  return readReport(report, source.path);
}

/** The filter that brings a measured sound to a loudness, evenly where its peaks allow it. */
export function loudnessFilter(target: Loudness, measured: Measured): string {
  return [
    aim(target),
    `measured_I=${measured.integrated}`,
    `measured_TP=${measured.truePeak}`,
    `measured_LRA=${measured.range}`,
    `measured_thresh=${measured.threshold}`,
    `offset=${measured.offset}`,
    'linear=true',
  ].join(':');
}

function aim({ integrated, truePeak }: Loudness): string {
  return `loudnorm=I=${integrated}:TP=${truePeak}:LRA=${RANGE}`;
}

function readReport(report: string, path: string): Measured {
  const json = /\{[^{}]*"input_i"[^{}]*\}/.exec(report)?.[0];
  if (json === undefined) throw fail('tool.failed', `The loudness of '${path}' could not be measured`);
  const figures = JSON.parse(json) as Record<string, string>;
  const number = (name: string) => Number(figures[name]);
  const integrated = number('input_i');
  if (!Number.isFinite(integrated) || integrated < SILENCE)
    throw fail('tool.failed', `'${path}' is silent: there is nothing to normalize`);
  return {
    integrated,
    truePeak: number('input_tp'),
    range: number('input_lra'),
    threshold: number('input_thresh'),
    offset: number('target_offset'),
  };
}

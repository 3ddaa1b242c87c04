import { fail } from '../../core/errors.js';

/** A part of a recording, in seconds. */
export interface Span {
  start: number;
  /** Absent: to the end of a recording whose length is not known. */
  length?: number | undefined;
}

/** The parameters that name a part. */
export interface SpanInput {
  start_seconds?: number | undefined;
  end_seconds?: number | undefined;
  duration_seconds?: number | undefined;
}

/** The part that was asked for, cut at the end of the recording. @throws `input.invalid` when nothing is left of it */
export function spanOf(input: SpanInput, total: number | undefined): Span {
  const start = input.start_seconds ?? 0;
  if (input.end_seconds !== undefined && input.duration_seconds !== undefined)
    throw fail('input.invalid', "Give either 'end_seconds' or 'duration_seconds', not both");
  if (total !== undefined && start >= total)
    throw fail('input.invalid', `start_seconds ${start} is beyond the end (${total} s)`);
  const end =
    input.duration_seconds === undefined ? (input.end_seconds ?? total) : start + input.duration_seconds;
  if (end === undefined) return { start };
  if (end <= start) throw fail('input.invalid', 'end_seconds must be greater than start_seconds');
  return { start, length: Math.min(end, total ?? end) - start };
}

/** Input options by which ffmpeg reads only a part. */
export function spanArguments({ start, length }: Span): string[] {
  return [
    ...(start > 0 ? ['-ss', seconds(start)] : []),
    ...(length === undefined ? [] : ['-t', seconds(length)]),
  ];
}

function seconds(value: number): string {
  return value.toFixed(6);
}

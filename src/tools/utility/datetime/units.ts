import { fail } from '../../../core/errors.js';

/** A unit of time by the name luxon gives it. */
export type TimeUnit =
  | 'milliseconds'
  | 'seconds'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'weeks'
  | 'months'
  | 'years';

const SPELLINGS: Readonly<Record<TimeUnit, readonly string[]>> = {
  milliseconds: ['milliseconds', 'millisecond', 'millis', 'ms'],
  seconds: ['seconds', 'second', 'secs', 'sec', 's'],
  minutes: ['minutes', 'minute', 'mins', 'min', 'm'],
  hours: ['hours', 'hour', 'hrs', 'hr', 'h'],
  days: ['days', 'day', 'd'],
  weeks: ['weeks', 'week', 'w'],
  months: ['months', 'month', 'mon', 'mo'],
  years: ['years', 'year', 'yrs', 'yr', 'y'],
};

/** The unit that a spelling means, whatever its case. @throws `input.invalid` */
export function timeUnit(spelling: string): TimeUnit {
  const wanted = spelling.trim().toLowerCase();
  const units = Object.keys(SPELLINGS) as TimeUnit[];
  const unit = units.find((name) => SPELLINGS[name].includes(wanted));
  if (unit) return unit;
  throw fail('input.invalid', `Unknown time unit: '${spelling}'`, {
    hint: `Use one of ${units.join(', ')}.`,
  });
}

/** How far apart two instants are, in words: `2 days, 3 hours`; negative spans end in `ago`. */
export function humanSpan(milliseconds: number): string {
  const total = Math.floor(Math.abs(milliseconds) / 1000);
  const counts: [number, string][] = [
    [Math.floor(total / 86_400), 'day'],
    [Math.floor(total / 3600) % 24, 'hour'],
    [Math.floor(total / 60) % 60, 'minute'],
    [total % 60, 'second'],
  ];
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${plural(count, unit)}`);
  if (parts.length === 0) return '0 seconds';
  return parts.slice(0, 2).join(', ') + (milliseconds < 0 ? ' ago' : '');
}

function plural(count: number, unit: string): string {
  return count === 1 ? unit : `${unit}s`;
}

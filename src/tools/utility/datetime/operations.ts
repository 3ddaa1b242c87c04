import { DateTime, type DurationLikeObject } from 'luxon';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import { KNOWN_FORMATS, parseDate } from './parse.js';
import { formatStrftime } from './strftime.js';
import { humanSpan, timeUnit } from './units.js';
import { checkedZone } from './zones.js';

const DEFAULT_FORMAT = '%Y-%m-%dT%H:%M:%S%.fZ';
/** A literal `Z` would be a lie outside UTC. */
const DEFAULT_ZONED_FORMAT = '%Y-%m-%dT%H:%M:%S%.f%:z';
const DEFAULT_CONVERT_FORMAT = '%Y-%m-%d %H:%M:%S %Z';

/** What the operations read. */
export interface DateRequest {
  input?: string | number | undefined;
  timezone?: string | undefined;
  target_timezone?: string | undefined;
  amount?: string | number | undefined;
  unit?: string | undefined;
  start?: string | number | undefined;
  end?: string | number | undefined;
  format?: string | undefined;
}

/** `parse`: the parts of a date. */
export function parse(request: DateRequest): JsonObject {
  const input = needed('input', request.input);
  const { time, format } = parseDate(input, { format: request.format, zone: zoneOf(request) });
  return { input, parsed: partsOf(time), format_used: format };
}

/** `now`: the present instant in a zone. `millis` is the clock's reading. */
export function now(request: DateRequest, millis: number): JsonObject {
  const timezone = zoneOf(request) ?? 'UTC';
  const time = DateTime.fromMillis(millis, { zone: timezone });
  const format = request.format ?? defaultFormat(time);
  return { timezone, datetime: formatStrftime(time, format), format, timestamp: Math.floor(millis / 1000) };
}

/** `convert_timezone`: the same instant on another zone's clock. */
export function convertTimezone(request: DateRequest): JsonObject {
  const { time, input } = instant(request);
  const zone = checkedZone(needed('target_timezone', request.target_timezone));
  const converted = formatStrftime(time.setZone(zone), request.format ?? DEFAULT_CONVERT_FORMAT);
  return { input, target_timezone: zone, original: formatStrftime(time, DEFAULT_FORMAT), converted };
}

/** `format`: a date by a strftime pattern, in a zone. */
export function format(request: DateRequest): JsonObject {
  const { time, input } = instant(request);
  const zone = checkedZone(request.target_timezone ?? request.timezone ?? 'UTC');
  const zoned = time.setZone(zone);
  const pattern = request.format ?? defaultFormat(zoned);
  return { input, format: pattern, timezone: zone, formatted: formatStrftime(zoned, pattern) };
}

/** `add` and `subtract`: a date moved by `sign` times the amount. Months end on their last day: 31 Jan + 1 month. */
export function move(request: DateRequest, sign: 1 | -1): JsonObject {
  const { time, input } = instant(request);
  const amount = integerAmount(request.amount);
  const unit = timeUnit(needed('unit', request.unit));
  const moved = time.plus({ [unit]: sign * amount } as DurationLikeObject);
  if (!moved.isValid)
    throw fail('input.invalid', `The date ${amount} ${unit} away is out of range (overflow)`);
  const pattern = request.format ?? DEFAULT_FORMAT;
  const [original, result] = [formatStrftime(time, pattern), formatStrftime(moved, pattern)];
  return { input, amount, unit: request.unit!, original, result };
}

/** `difference`: from start to end, in every unit and in words; each total is truncated. */
export function difference(request: DateRequest): JsonObject {
  const zone = zoneOf(request);
  const [start, end] = [needed('start', request.start), needed('end', request.end)];
  const [from, to] = [parseDate(start, { zone }).time, parseDate(end, { zone }).time];
  const span = to.toMillis() - from.toMillis();
  const total = (unitMs: number): number => Math.trunc(span / unitMs) + 0;
  const totals: JsonObject = {
    total_seconds: total(1000),
    days: total(86_400_000),
    hours: total(3_600_000),
    minutes: total(60_000),
    human_readable: humanSpan(span),
  };
  if (request.unit !== undefined) totals.value = Math.trunc(to.diff(from).as(timeUnit(request.unit)));
  return { start, end, difference: totals };
}

/** `info`: a date's place in its week, month and year. */
export function info(request: DateRequest): JsonObject {
  const { time, input } = instant(request);
  const { utc: _, timestamp: __, ...parts } = partsOf(time);
  return {
    input,
    info: {
      ...parts,
      day_of_year: time.ordinal,
      week_of_year: time.weekNumber,
      quarter: time.quarter,
      is_leap_year: time.isInLeapYear,
      days_in_month: time.daysInMonth!,
      start_of_day: time.startOf('day').toISO(),
      end_of_day: time.endOf('day').toISO(),
    },
  };
}

/** `formats`: the patterns that are understood, with examples to copy. `millis` is the clock's reading. */
export function formats(millis: number): JsonObject {
  const time = DateTime.fromMillis(millis, { zone: 'UTC' });
  const examples: Readonly<Record<string, string>> = {
    ISO8601: '%Y-%m-%dT%H:%M:%SZ',
    RFC3339: '%Y-%m-%dT%H:%M:%S%:z',
    RFC2822: '%a, %d %b %Y %H:%M:%S %z',
    date: '%Y-%m-%d',
    time: '%H:%M:%S',
    long: '%A, %B %-d, %Y',
  };
  const written = Object.entries(examples).map(([name, pattern]) => [name, formatStrftime(time, pattern)]);
  return {
    available_formats: [...KNOWN_FORMATS],
    example_formats: Object.fromEntries(written) as JsonObject,
  };
}

function instant(request: DateRequest): { time: DateTime; input: string | number } {
  const input = needed('input', request.input);
  return { input, time: parseDate(input, { zone: zoneOf(request) }).time };
}

function zoneOf({ timezone }: DateRequest): string | undefined {
  return timezone === undefined ? undefined : checkedZone(timezone);
}

function partsOf(time: DateTime) {
  const { year, month, day, hour, minute, second } = time;
  const utc = time.toISO({ suppressMilliseconds: true })!;
  const timestamp = Math.floor(time.toSeconds());
  return { utc, timestamp, year, month, day, hour, minute, second, weekday: formatStrftime(time, '%A') };
}

function defaultFormat(time: DateTime): string {
  return time.offset === 0 && time.zoneName === 'UTC' ? DEFAULT_FORMAT : DEFAULT_ZONED_FORMAT;
}

function integerAmount(amount: string | number | undefined): number {
  const value = typeof amount === 'string' && amount.trim() !== '' ? Number(amount) : amount;
  if (!Number.isSafeInteger(value))
    throw fail('input.invalid', "Missing or invalid 'amount': give an integer");
  return value as number;
}

function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}

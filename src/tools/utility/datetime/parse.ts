import { DateTime } from 'luxon';
import { fail } from '../../../core/errors.js';
import type { DateFields } from './directives.js';
import { parseStrftime } from './strftime.js';

/** Patterns that are tried in this order; the day comes first where day and month could both be meant. */
export const KNOWN_FORMATS: readonly string[] = [
  '%Y-%m-%dT%H:%M:%S%.fZ',
  '%Y-%m-%dT%H:%M:%SZ',
  '%Y-%m-%dT%H:%M:%S%z',
  '%Y-%m-%dT%H:%M:%S%:z',
  '%Y-%m-%d %H:%M:%S',
  '%Y-%m-%d',
  '%a, %d %b %Y %H:%M:%S GMT',
  '%a, %d %b %Y %H:%M:%S %z',
  '%Y/%m/%d %H:%M:%S',
  '%Y/%m/%d',
  '%d/%m/%Y %H:%M:%S',
  '%d/%m/%Y',
  '%m/%d/%Y %H:%M:%S',
  '%m/%d/%Y',
  '%d-%m-%Y %H:%M:%S',
  '%d-%m-%Y',
  '%d.%m.%Y %H:%M:%S',
  '%d.%m.%Y',
  '%B %d, %Y %H:%M:%S',
  '%B %d, %Y',
  '%b %d, %Y %H:%M:%S',
  '%b %d, %Y',
];

/** An instant in UTC and the name of the form in which it was given. */
export interface ParsedDate {
  time: DateTime;
  format: string;
}

/** How {@link parseDate} reads. */
export interface ParseOptions {
  /** A strftime pattern to try before all others. */
  format?: string | undefined;
  /** The zone of texts that name none; UTC when absent. */
  zone?: string | undefined;
}

/** A calendar date with a time of day; with an offset it needs no zone. */
const ISO = /^[+-]?\d{4,6}-\d{2}-\d{2}[T ]\d{2}:\d{2}/i;
const ISO_WITH_OFFSET = /\d(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Reads a date: Unix seconds, RFC 3339 (ISO 8601), RFC 2822, or one of {@link KNOWN_FORMATS}.
 * @throws `input.invalid` when it is none of these.
 */
export function parseDate(input: string | number, options: ParseOptions = {}): ParsedDate {
  const text = String(input).trim();
  const zone = options.zone ?? 'UTC';
  const found =
    byPattern(text, zone, options.format) ??
    byStandard(text, zone) ??
    byKnownFormat(text, zone) ??
    byIso(text, zone, 'ISO8601');
  if (found) return { ...found, time: found.time.toUTC() };
  throw fail('input.invalid', `Could not parse '${text}' as a date`, {
    hint: "Write it like '2024-01-15T10:30:00Z', or give its strftime pattern as 'format'.",
  });
}

function byPattern(text: string, zone: string, format: string | undefined): ParsedDate | undefined {
  const fields = format === undefined ? undefined : parseStrftime(text, format);
  return fields && valid(timeOf(fields, zone), format!);
}

function byStandard(text: string, zone: string): ParsedDate | undefined {
  if (/^[+-]?\d+(?:\.0+)?$/.test(text)) return valid(DateTime.fromSeconds(Number(text), { zone }), 'unix');
  if (ISO_WITH_OFFSET.test(text) && ISO.test(text)) return byIso(text, zone, 'RFC3339');
  return valid(DateTime.fromRFC2822(text, { zone }), 'RFC2822');
}

function byIso(text: string, zone: string, format: string): ParsedDate | undefined {
  return ISO.test(text) ? valid(DateTime.fromISO(text.replace(' ', 'T'), { zone }), format) : undefined;
}

function byKnownFormat(text: string, zone: string): ParsedDate | undefined {
  for (const format of KNOWN_FORMATS) {
    const found = byPattern(text, zone, format);
    if (found) return found;
  }
  return undefined;
}

function valid(time: DateTime, format: string): ParsedDate | undefined {
  return time.isValid ? { time, format } : undefined;
}

function timeOf(fields: DateFields, zone: string): DateTime {
  if (fields.unix !== undefined) return DateTime.fromSeconds(fields.unix, { zone: 'UTC' });
  const { pm, offset, unix: _, ordinal, ...date } = fields;
  if (pm !== undefined && date.hour !== undefined) date.hour = (date.hour % 12) + (pm ? 12 : 0);
  const in_ = offset === undefined ? zone : offsetZone(offset);
  return DateTime.fromObject(ordinal === undefined ? date : { ...clockOf(date), ordinal }, { zone: in_ });
}

/** A day of the year excludes month and day. */
function clockOf({ month: _month, day: _day, ...rest }: DateFields): DateFields {
  return rest;
}

function offsetZone(minutes: number): string {
  const absolute = Math.abs(minutes);
  const sign = minutes < 0 ? '-' : '+';
  return `UTC${sign}${Math.floor(absolute / 60)}:${String(absolute % 60).padStart(2, '0')}`;
}

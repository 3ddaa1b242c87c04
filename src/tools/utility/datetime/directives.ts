import type { DateTime } from 'luxon';
import { zoneAbbreviation } from './zones.js';

/** What a text says of an instant; the fields that a pattern does not read stay absent. */
export interface DateFields {
  year?: number;
  month?: number;
  day?: number;
  ordinal?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  /** Afternoon, for hours on a twelve-hour clock. */
  pm?: boolean;
  /** Minutes east of UTC. */
  offset?: number;
  /** Seconds since 1970; settles everything else. */
  unix?: number;
}

/** One letter of a strftime pattern: how it is written and, where it can be, how it is read. */
export interface Directive {
  /** The width to which numbers are padded. */
  pad?: { width: number; fill: '0' | ' ' };
  write(time: DateTime): string | number;
  /** Source of the regular expression that matches it. */
  match?: string;
  read?(text: string, fields: DateFields): void;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June'].concat([
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]);
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const short = (name: string): string => name.slice(0, 3);
const twelve = (hour: number): number => hour % 12 || 12;

type NumberField = 'year' | 'month' | 'day' | 'ordinal' | 'hour' | 'minute' | 'second' | 'unix';

/** A padded number that is read into `field`. */
function numeric(
  field: NumberField,
  width: number,
  write: (time: DateTime) => number,
  fill: '0' | ' ' = '0',
): Directive {
  const read = (text: string, fields: DateFields) => {
    fields[field] = Number(text);
  };
  return { pad: { width, fill }, write, match: ` *\\d{1,${width}}`, read };
}

/** A padded number that is only written. */
function written(width: number, write: (time: DateTime) => number, fill: '0' | ' ' = '0'): Directive {
  return { pad: { width, fill }, write };
}

const month = (length: 'long' | 'short'): Directive => {
  const names = length === 'long' ? MONTHS : MONTHS.map(short);
  const read = (text: string, fields: DateFields) => {
    fields.month = MONTHS.findIndex((name) => short(name).toLowerCase() === short(text).toLowerCase()) + 1;
  };
  return {
    write: (time) => names[time.month - 1]!,
    match: [...MONTHS, ...MONTHS.map(short)].join('|'),
    read,
  };
};

const weekday = (length: 'long' | 'short'): Directive => ({
  write: (time) => (length === 'long' ? DAYS : DAYS.map(short))[time.weekday - 1]!,
  match: [...DAYS, ...DAYS.map(short)].join('|'),
  read: () => {},
});

const meridiem = (am: string, pm: string): Directive => ({
  write: (time) => (time.hour < 12 ? am : pm),
  match: 'am|pm',
  read: (text, fields) => {
    fields.pm = text.toLowerCase() === 'pm';
  },
});

const offset = (write: (time: DateTime) => string): Directive => ({
  write,
  match: 'Z|[+-]\\d{2}:?\\d{2}(?::?\\d{2})?',
  read: (text, fields) => {
    fields.offset = offsetMinutes(text);
  },
});

/** A fraction with its point: as many digits as needed, or exactly `digits`. */
const fraction = (digits?: number): Directive => ({
  write: ({ millisecond }) =>
    digits
      ? `.${fractionDigits(millisecond, digits)}`
      : millisecond
        ? `.${fractionDigits(millisecond, 3)}`
        : '',
  match: digits ? `\\.\\d{${digits}}` : '(?:\\.\\d{1,9})?',
  read: readFraction,
});

/** A fraction without its point. */
const bareFraction = (digits: number): Directive => ({
  write: ({ millisecond }) => fractionDigits(millisecond, digits),
  match: '\\d{1,9}',
  read: readFraction,
});

function fractionDigits(millisecond: number, digits: number): string {
  return String(millisecond).padStart(3, '0').padEnd(digits, '0').slice(0, digits);
}

function readFraction(text: string, fields: DateFields): void {
  fields.millisecond = Math.trunc(Number(`0.${text.replace('.', '') || '0'}`) * 1000 + 1e-9);
}

/** `+02:00`, `-0530` or `Z` as minutes. */
function offsetMinutes(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const digits = text.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return text.startsWith('-') ? -minutes : minutes;
}

/** Weeks of the year that begin on `first` (1 Monday … 7 Sunday); days before the first such day are week 0. */
function weekFrom(first: 1 | 7, time: DateTime): number {
  const daysIn = (time.weekday - first + 7) % 7;
  return Math.floor((time.ordinal + 6 - daysIn) / 7);
}

const year: Directive = {
  ...numeric('year', 4, (time) => time.year),
  match: '[+-]?\\d{4,6}',
};
const shortYear: Directive = {
  ...numeric('year', 2, (time) => ((time.year % 100) + 100) % 100),
  read: (text, fields) => {
    fields.year = Number(text) + (Number(text) < 70 ? 2000 : 1900);
  },
};

/** Every single directive of strftime by its letters. */
export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: year,
  y: shortYear,
  C: written(2, (time) => Math.floor(time.year / 100)),
  m: numeric('month', 2, (time) => time.month),
  B: month('long'),
  b: month('short'),
  h: month('short'),
  d: numeric('day', 2, (time) => time.day),
  e: numeric('day', 2, (time) => time.day, ' '),
  A: weekday('long'),
  a: weekday('short'),
  w: written(1, (time) => time.weekday % 7),
  u: written(1, (time) => time.weekday),
  U: written(2, (time) => weekFrom(7, time)),
  W: written(2, (time) => weekFrom(1, time)),
  G: written(4, (time) => time.weekYear),
  g: written(2, (time) => time.weekYear % 100),
  V: written(2, (time) => time.weekNumber),
  j: numeric('ordinal', 3, (time) => time.ordinal),
  q: written(1, (time) => time.quarter),
  H: numeric('hour', 2, (time) => time.hour),
  k: numeric('hour', 2, (time) => time.hour, ' '),
  I: numeric('hour', 2, (time) => twelve(time.hour)),
  l: numeric('hour', 2, (time) => twelve(time.hour), ' '),
  P: meridiem('am', 'pm'),
  p: meridiem('AM', 'PM'),
  M: numeric('minute', 2, (time) => time.minute),
  S: numeric('second', 2, (time) => time.second),
  f: bareFraction(9),
  '3f': bareFraction(3),
  '6f': bareFraction(6),
  '9f': bareFraction(9),
  '.f': fraction(),
  '.3f': fraction(3),
  '.6f': fraction(6),
  '.9f': fraction(9),
  Z: { write: zoneAbbreviation, match: 'UTC|GMT|Z|[A-Z]{2,5}', read: readZoneName },
  z: offset((time) => time.toFormat('ZZZ')),
  ':z': offset((time) => time.toFormat('ZZ')),
  '::z': offset((time) => `${time.toFormat('ZZ')}:00`),
  '#z': offset((time) => time.toFormat('ZZZ').replace(/00$/, '')),
  s: { ...numeric('unix', 12, (time) => Math.floor(time.toSeconds())), pad: { width: 1, fill: '0' } },
};

/** Directives that stand for a longer pattern. */
export const SHORTHANDS: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  F: '%Y-%m-%d',
  v: '%e-%b-%Y',
  R: '%H:%M',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
  '+': '%Y-%m-%dT%H:%M:%S%.f%:z',
};

/** Only the names of UTC can be read; others belong to several zones. */
function readZoneName(text: string, fields: DateFields): void {
  if (/^(?:utc|gmt|z)$/i.test(text)) fields.offset = 0;
}

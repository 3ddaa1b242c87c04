import { fail } from '../../core/errors.js';
import { isRecord, type JsonObject } from '../../core/values.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A point in time broken into fields, as `os.date("*t")` gives them. Months and days count from 1. */
interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  min: number;
  sec: number;
  wday: number;
  yday: number;
}

/** `os.date`: `format` begins with `!` for UTC; `*t` gives a table. Conversions are those of C99. */
export function formatDate(format: string, seconds: number): string | JsonObject {
  const utc = format.startsWith('!');
  const pattern = utc ? format.slice(1) : format;
  const date = new Date(seconds * 1000);
  const fields = utc ? utcFields(date) : localFields(date);
  if (pattern.startsWith('*t')) return { ...fields, isdst: false };
  return pattern.replace(/%([EO]?.|$)/gs, (_, key: string) => convert(key.at(-1) ?? '', fields, date, utc));
}

/** `os.time(table)`: the local time that the fields name, in seconds; fields may be out of range. */
export function timeOf(value: unknown): number {
  if (!isRecord(value)) throw fail('input.invalid', "bad argument #1 to 'os.time' (table expected)");
  const [year, month, day] = ['year', 'month', 'day'].map((key) => field(value, key));
  const date = new Date(
    year!,
    month! - 1,
    day!,
    field(value, 'hour', 12),
    field(value, 'min', 0),
    field(value, 'sec', 0),
  );
  return Math.floor(date.getTime() / 1000);
}

function field(table: Record<string, unknown>, key: string, otherwise?: number): number {
  const raw = table[key] ?? otherwise;
  const value = raw === undefined ? Number.NaN : Number(raw);
  if (!Number.isFinite(value)) throw fail('input.invalid', `field '${key}' missing in date table`);
  return value;
}

function localFields(date: Date): Fields {
  const start = new Date(date.getFullYear(), 0, 1);
  const today = new Date(date.getFullYear(), date.getMonth(), date.getDate());
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    min: date.getMinutes(),
    sec: date.getSeconds(),
    wday: date.getDay() + 1,
    yday: Math.round((today.getTime() - start.getTime()) / 86_400_000) + 1,
  };
}

function utcFields(date: Date): Fields {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: Math.floor((date.getTime() - start) / 86_400_000) + 1,
  };
}

type Conversion = (f: Fields, date: Date, utc: boolean) => string;

const two = (n: number) => String(n).padStart(2, '0');
const spaced = (n: number) => String(n).padStart(2, ' ');
const hour12 = (f: Fields) => f.hour % 12 || 12;
const day = (f: Fields) => DAYS[f.wday - 1]!;
const month = (f: Fields) => MONTHS[f.month - 1]!;
const clock = (f: Fields) => `${two(f.hour)}:${two(f.min)}:${two(f.sec)}`;

const CONVERSIONS: Record<string, Conversion> = {
  a: (f) => day(f).slice(0, 3),
  A: day,
  b: (f) => month(f).slice(0, 3),
  h: (f) => month(f).slice(0, 3),
  B: month,
  c: (f) => `${day(f).slice(0, 3)} ${month(f).slice(0, 3)} ${spaced(f.day)} ${clock(f)} ${f.year}`,
  C: (f) => two(Math.floor(f.year / 100)),
  d: (f) => two(f.day),
  D: (f) => `${two(f.month)}/${two(f.day)}/${two(f.year % 100)}`,
  e: (f) => spaced(f.day),
  F: (f) => `${f.year}-${two(f.month)}-${two(f.day)}`,
  g: (f) => two(isoWeek(f).year % 100),
  G: (f) => String(isoWeek(f).year),
  H: (f) => two(f.hour),
  I: (f) => two(hour12(f)),
  j: (f) => String(f.yday).padStart(3, '0'),
  m: (f) => two(f.month),
  M: (f) => two(f.min),
  n: () => '\n',
  p: (f) => (f.hour < 12 ? 'AM' : 'PM'),
  r: (f) => `${two(hour12(f))}:${two(f.min)}:${two(f.sec)} ${f.hour < 12 ? 'AM' : 'PM'}`,
  R: (f) => `${two(f.hour)}:${two(f.min)}`,
  s: (_, date) => String(Math.floor(date.getTime() / 1000)),
  S: (f) => two(f.sec),
  t: () => '\t',
  T: clock,
  u: (f) => String(f.wday === 1 ? 7 : f.wday - 1),
  U: (f) => two(Math.floor((f.yday + 6 - (f.wday - 1)) / 7)),
  V: (f) => two(isoWeek(f).week),
  w: (f) => String(f.wday - 1),
  W: (f) => two(Math.floor((f.yday + 6 - ((f.wday + 5) % 7)) / 7)),
  x: (f) => `${two(f.month)}/${two(f.day)}/${two(f.year % 100)}`,
  X: clock,
  y: (f) => two(f.year % 100),
  Y: (f) => String(f.year),
  z: (_, date, utc) => offset(utc ? 0 : -date.getTimezoneOffset()),
  Z: (_, date, utc) => (utc ? 'GMT' : zoneName(date)),
  '%': () => '%',
};

function convert(key: string, fields: Fields, date: Date, utc: boolean): string {
  const conversion = CONVERSIONS[key];
  if (!conversion)
    throw fail('input.invalid', `bad argument #1 to 'os.date' (invalid conversion specifier '%${key}')`);
  return conversion(fields, date, utc);
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** ISO 8601 week: the week of the year's first Thursday is week 1. */
function isoWeek(f: Fields): { year: number; week: number } {
  const thursday = new Date(Date.UTC(f.year, f.month - 1, f.day + 4 - (f.wday === 1 ? 7 : f.wday - 1)));
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return { year, week: Math.floor(days / 7) + 1 };
}

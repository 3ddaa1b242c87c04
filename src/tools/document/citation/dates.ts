import type { Item, ItemDate } from './item.js';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const SEASONS = ['Spring', 'Summer', 'Fall', 'Winter'];
/** Three letters, with a stop unless the name is no longer than that. */
const SHORT = ['Jan.', 'Feb.', 'Mar.', 'Apr.', 'May', 'Jun.', 'Jul.', 'Aug.', 'Sep.', 'Oct.', 'Nov.', 'Dec.'];
const MLA = ['Jan.', 'Feb.', 'Mar.', 'Apr.', 'May', 'June', 'July', 'Aug.', 'Sept.', 'Oct.', 'Nov.', 'Dec.'];

/** How months are written: in full, with three letters (with or without a stop), or as the MLA does. */
export type MonthForm = 'full' | 'short' | 'bare' | 'mla';

/** The name of a month or season; nothing when the date has neither. */
export function monthOf(date: ItemDate | undefined, form: MonthForm = 'full'): string {
  const month = date?.['date-parts']?.[0]?.[1];
  if (month !== undefined && month > 12) return SEASONS[(month - 1) % 4] ?? '';
  if (month !== undefined) return monthName(month, form);
  return date?.season === undefined ? '' : (SEASONS[date.season - 1] ?? '');
}

function monthName(month: number, form: MonthForm): string {
  if (form === 'bare') return SHORT[month - 1]?.replace('.', '') ?? '';
  return { full: MONTHS, short: SHORT, mla: MLA }[form][month - 1] ?? '';
}

/** The day of the month; nothing when the date has none. */
export function dayOf(date: ItemDate | undefined): string {
  const day = date?.['date-parts']?.[0]?.[2];
  return day === undefined ? '' : String(day);
}

/** The year or span of years, "n.d."-like text where there is none. */
export function yearOf(date: ItemDate | undefined, missing = ''): string {
  const [from, to] = date?.['date-parts'] ?? [];
  if (from?.[0] === undefined) return date?.literal ?? missing;
  const first = writtenYear(from[0]);
  const last = to?.[0] === undefined || to[0] === from[0] ? '' : `–${to[0] === 0 ? '' : writtenYear(to[0])}`;
  return `${date?.circa ? 'ca. ' : ''}${first}${last}`;
}

function writtenYear(year: number): string {
  return year < 0 ? `${-year} BCE` : String(year);
}

/** `April 25`, `April`, or nothing. */
export function monthDay(date: ItemDate | undefined, form: MonthForm = 'full'): string {
  return [monthOf(date, form), dayOf(date)].filter((part) => part !== '').join(' ');
}

/** `25 April`, `April`, or nothing. */
export function dayMonth(date: ItemDate | undefined, form: MonthForm = 'full'): string {
  return [dayOf(date), monthOf(date, form)].filter((part) => part !== '').join(' ');
}

/** `April 25, 1953`. */
export function americanDate(date: ItemDate | undefined, form: MonthForm = 'full'): string {
  const [day, year] = [monthDay(date, form), yearOf(date)];
  if (day === '') return year;
  return dayOf(date) === '' ? `${day} ${year}` : `${day}, ${year}`;
}

/** `25 April 1953`. */
export function britishDate(date: ItemDate | undefined, form: MonthForm = 'full'): string {
  return [dayMonth(date, form), yearOf(date)].filter((part) => part !== '').join(' ');
}

/** The first year as a number, for putting works in order; works without one come last. */
export function sortYear({ issued }: Item): number {
  return issued?.['date-parts']?.[0]?.[0] ?? Number.POSITIVE_INFINITY;
}

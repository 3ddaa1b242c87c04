import type { ItemDate } from '../item.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const SEASONS: Record<string, number> = { spring: 1, summer: 2, autumn: 3, fall: 3, winter: 4 };

/**
 * Reads a date: `2019`, `2019-03`, `2019-03-22`, `2019/03/22`, spans (`2012/2014`, `2012–14`), `March 22, 2019`,
 * `c. 1850`, `44 BC`; other text is kept as it is.
 */
export function readDate(text: string): ItemDate {
  const circa = /^(?:c(?:a|irca)?\.?\s)|[~?]$/i.test(text.trim());
  const clean = text
    .trim()
    .replace(/^c(?:a|irca)?\.?\s+/i, '')
    .replace(/[~?]$/, '')
    .trim();
  const parts = span(clean) ?? single(clean) ?? worded(clean);
  if (!parts) return { literal: text.trim() };
  return { 'date-parts': parts, ...(circa && { circa }) };
}

function span(text: string): number[][] | undefined {
  const found = /^(-?\d{4}(?:-\d\d(?:-\d\d)?)?)\s*(?:\/|–|--)\s*(-?\d{1,4}(?:-\d\d(?:-\d\d)?)?)$/.exec(text);
  if (!found || /^\d{4}\/\d{1,2}$/.test(text)) return undefined;
  const [from, to] = [single(found[1]!)?.[0], single(found[2]!)?.[0]];
  if (!from || !to) return undefined;
  const [year = 0] = to;
  return [from, year < 100 && year >= 0 ? [Math.floor(from[0]! / 100) * 100 + year, ...to.slice(1)] : to];
}

function single(text: string): number[][] | undefined {
  const found = /^(-?\d{1,4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:T.*)?$/.exec(text);
  if (found) return [dateParts(found.slice(1))];
  const before = /^(\d{1,4})\s*(?:BCE?|B\.C\.)$/i.exec(text);
  return before ? [[-Number(before[1])]] : undefined;
}

function dateParts(parts: readonly (string | undefined)[]): number[] {
  const [year, month, day] = parts.map((part) => (part === undefined ? undefined : Number(part)));
  if (!month || (month > 12 && (month < 21 || month > 24))) return [year!];
  return !day || day > 31 || month > 12 ? [year!, month] : [year!, month, day];
}

function worded(text: string): number[][] | undefined {
  const year = /\b(\d{4})\b/.exec(text)?.[1];
  const month = monthNumber(/[A-Za-z]+/.exec(text)?.[0] ?? '');
  const day = /\b(\d{1,2})\b/.exec(text)?.[1];
  if (year === undefined || month === undefined) return undefined;
  return [day === undefined ? [Number(year), month] : [Number(year), month, Number(day)]];
}

/** The number of a month, from its name, its first three letters or its figure; 21 to 24 for seasons. */
export function monthNumber(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^\d{1,2}$/.test(word)) return Number(word) >= 1 && Number(word) <= 24 ? Number(word) : undefined;
  const season = SEASONS[word];
  if (season !== undefined) return 20 + season;
  const index = word.length < 3 ? -1 : MONTHS.indexOf(word.slice(0, 3));
  return index < 0 ? undefined : index + 1;
}

/** A date as ISO 8601, spans with a slash; what is no date stays text. */
export function writeDate(date: ItemDate): string {
  const parts = date['date-parts'] ?? [];
  if (parts.length === 0) return date.literal ?? '';
  return parts.map(isoDate).join('/');
}

function isoDate(parts: readonly number[]): string {
  const [year = 0, ...rest] = parts;
  const written = year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
  return [written, ...rest.map((part) => String(part).padStart(2, '0'))].join('-');
}

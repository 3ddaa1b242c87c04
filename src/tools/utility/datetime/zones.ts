import type { DateTime } from 'luxon';
import { IANAZone } from 'luxon';
import { fail } from '../../../core/errors.js';

/** Locales that between them know the abbreviations people use: EST, BST, CET, AEST, NZST, IST, SAST, JST. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA', 'ja-JP'];

/** A zone's name as luxon takes it: IANA names, `UTC`, `local`, and offsets such as `+02:00`. @throws `input.invalid` */
export function checkedZone(name: string): string {
  const trimmed = name.trim();
  if (/^(?:utc|z|gmt)$/i.test(trimmed)) return 'UTC';
  if (/^local$/i.test(trimmed)) return 'local';
  const offset = /^(?:UTC)?([+-]\d{1,2})(?::?(\d{2}))?$/i.exec(trimmed);
  if (offset) return `UTC${offset[1]}${offset[2] ? `:${offset[2]}` : ''}`;
  if (IANAZone.isValidZone(trimmed)) return trimmed;
  throw fail('input.invalid', `Invalid timezone: '${name}'`, {
    hint: "Use an IANA name such as 'Europe/Berlin', 'UTC', 'local' or an offset such as '+02:00'.",
  });
}

/** The zone's abbreviation at that instant (`EDT`, `JST`), or its offset (`+07`) where none is in use. */
export function zoneAbbreviation(time: DateTime): string {
  if (time.zoneName === 'UTC') return 'UTC';
  const names = LOCALES.map((locale) => time.setLocale(locale).toFormat('ZZZZ'));
  return names.find((name) => /^[A-Z]{2,5}$/.test(name)) ?? time.toFormat('ZZ');
}

import { fail } from '../../core/errors.js';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A moment that a user names: how long ago (`90s`, `30m`, `2h`, `7d`, `1w`) or a date (`2026-01-31`, RFC 3339).
 * @returns milliseconds since the Unix epoch.
 * @throws `usage.invalid`
 */
export function parseMoment(text: string, now: number): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  if (count !== undefined) return now - Number(count) * UNITS[unit!]!;
  const date = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return date;
  throw fail('usage.invalid', `'${text}' is no moment`, {
    hint: 'Say how long ago (30m, 2h, 7d) or a date (2026-01-31).',
  });
}

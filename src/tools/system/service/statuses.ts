import { fail } from '../../../core/errors.js';

/**
 * Whether a status is among those that were asked for: `200`, `[200, 204]`, `"2xx,301"`, `"200-299"`.
 * @throws `input.invalid` for what is none of these
 */
export function statusRule(
  expected: number | string | readonly number[] = '2xx,3xx',
): (status: number) => boolean {
  if (typeof expected === 'number') return (status) => status === expected;
  if (typeof expected !== 'string') return (status) => expected.includes(status);
  const ranges = expected.split(',').map((part) => rangeOf(part.trim()));
  return (status) => ranges.some(([low, high]) => status >= low && status <= high);
}

function rangeOf(part: string): [number, number] {
  const hundreds = /^([1-5])xx$/i.exec(part);
  if (hundreds) return [Number(hundreds[1]) * 100, Number(hundreds[1]) * 100 + 99];
  const range = /^(\d{3})(?:\s*-\s*(\d{3}))?$/.exec(part);
  if (range) return [Number(range[1]), Number(range[2] ?? range[1])];
  throw fail('input.invalid', `'${part}' is not a status`, { hint: 'Write 200, 2xx, 200-299 or 200,301.' });
}

/** What a cell of a table can be. */
export const KINDS = ['integer', 'float', 'boolean', 'date', 'date_time', 'string'] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const BOOLEAN = /^(?:true|false)$/i;

const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** The kind of a cell that is not empty and has no spaces around it. */
export function kindOf(text: string): Kind {
  const first = text.charCodeAt(0);
  if (first >= PLUS && first <= NINE) return numberOrDate(text);
  const lower = first | 0x20;
  return (lower === 0x74 || lower === 0x66) && text.length <= 5 && BOOLEAN.test(text) ? 'boolean' : 'string';
}

/** Whether the text is a number that loses nothing when it is read as one. */
export function isExactNumber(text: string): boolean {
  const kind = numberKind(text);
  return kind === 'integer' ? Number.isSafeInteger(Number(text)) : kind === 'float';
}

function numberOrDate(text: string): Kind {
  const kind = numberKind(text);
  if (kind !== undefined) return kind;
  if (text.length < 10 || text.charCodeAt(4) !== MINUS) return 'string';
  if (text.length === 10) return DATE.test(text) ? 'date' : 'string';
  return DATE_TIME.test(text) ? 'date_time' : 'string';
}

/**
 * `[+-] digits [. digits] [e [+-] digits]`, finite. A number with leading zeros is an identifier: its zeros matter.
 * Read by hand, as every cell of a table comes by here.
 */
function numberKind(text: string): 'integer' | 'float' | undefined {
  const first = text.charCodeAt(0);
  const start = first === PLUS || first === MINUS ? 1 : 0;
  const whole = digitsEnd(text, start);
  if (whole > start + 1 && text.charCodeAt(start) === ZERO) return undefined;
  const fraction = text.charCodeAt(whole) === DOT ? digitsEnd(text, whole + 1) : whole;
  if (whole === start && fraction <= whole + 1) return undefined;
  const end = exponentEnd(text, fraction);
  if (end !== text.length) return undefined;
  const kind = end === whole ? 'integer' : 'float';
  // Only many digits or an exponent can make more than the largest number.
  return (end > 300 || end > fraction) && !Number.isFinite(Number(text)) ? undefined : kind;
}

/** Where the digits that begin at `at` end. */
function digitsEnd(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(end)) end++;
  return end;
}

/** Where the exponent that begins at `at` ends; `at` when there is none. */
function exponentEnd(text: string, at: number): number {
  if ((text.charCodeAt(at) | 0x20) !== 0x65) return at;
  const sign = text.charCodeAt(at + 1);
  const digits = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
  const end = digitsEnd(text, digits);
  return end === digits ? at : end;
}

import type { DateTime } from 'luxon';
import { fail } from '../../../core/errors.js';
import { type DateFields, DIRECTIVES, type Directive, SHORTHANDS } from './directives.js';

/** A part of a pattern: text as it stands, or a directive with the padding that was asked for. */
type Part = string | { directive: Directive; padding?: string | undefined };

const DIRECTIVE = /%(?:([%nt])|([-_0])?(::?z|#z|\.?[369]?f|[A-Za-z+]))/y;
const ESCAPES: Readonly<Record<string, string>> = { '%': '%', n: '\n', t: '\t' };

/** Writes an instant by a strftime pattern. @throws `input.invalid` for a directive that does not exist. */
export function formatStrftime(time: DateTime, pattern: string): string {
  const parts = parsePattern(pattern);
  return parts.map((part) => (typeof part === 'string' ? part : write(time, part))).join('');
}

/**
 * Reads a text by a strftime pattern; undefined when it does not match as a whole.
 * @throws `input.invalid` for a directive that does not exist or cannot be read.
 */
export function parseStrftime(text: string, pattern: string): DateFields | undefined {
  const parts = parsePattern(pattern);
  const match = new RegExp(`^${parts.map(matcher).join('')}$`, 'i').exec(text);
  if (!match) return undefined;
  const fields: DateFields = {};
  const directives = parts.filter((part) => typeof part !== 'string');
  for (const [index, part] of directives.entries()) part.directive.read!(match[index + 1]!, fields);
  return fields;
}

function parsePattern(pattern: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < pattern.length) {
    const percent = pattern.indexOf('%', at);
    if (percent !== at) {
      const end = percent < 0 ? pattern.length : percent;
      parts.push(pattern.slice(at, end));
      at = end;
      continue;
    }
    DIRECTIVE.lastIndex = at;
    const match = DIRECTIVE.exec(pattern);
    if (!match) throw invalid(pattern, pattern.slice(at, at + 2));
    parts.push(...partsFor(pattern, match));
    at += match[0].length;
  }
  return parts;
}

function partsFor(pattern: string, [whole, escaped, padding, letters]: RegExpExecArray): Part[] {
  if (escaped !== undefined) return [ESCAPES[escaped]!];
  if (Object.hasOwn(SHORTHANDS, letters!)) return parsePattern(SHORTHANDS[letters!]!);
  if (!Object.hasOwn(DIRECTIVES, letters!)) throw invalid(pattern, whole);
  return [{ directive: DIRECTIVES[letters!]!, padding }];
}

function write(time: DateTime, { directive, padding }: Exclude<Part, string>): string {
  const value = directive.write(time);
  if (typeof value === 'string' || !directive.pad || padding === '-') return String(value);
  const fill = padding === '_' ? ' ' : (padding ?? directive.pad.fill);
  const digits = String(Math.abs(value)).padStart(directive.pad.width, fill);
  return value < 0 ? `-${digits}` : digits;
}

function matcher(part: Part): string {
  if (typeof part === 'string') return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
  const { match, read } = part.directive;
  if (!match || !read)
    throw fail('input.invalid', 'Invalid format: the pattern has a directive that can only be written');
  return `(${match})`;
}

function invalid(pattern: string, directive: string): Error {
  return fail('input.invalid', `Invalid format '${pattern}': unknown directive '${directive}'`, {
    hint: 'Directives are those of strftime, e.g. %Y-%m-%d %H:%M:%S; write %% for a percent sign.',
  });
}

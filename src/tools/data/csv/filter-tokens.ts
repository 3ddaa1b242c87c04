import { fail, type LlmspellError } from '../../../core/errors.js';

/** One word of a filter and where it begins (0-based). */
export interface FilterToken {
  kind: 'text' | 'word' | 'operator' | 'punctuation';
  text: string;
  at: number;
}

/** The longest filter. */
const MAX_CHARACTERS = 5000;

const TOKEN =
  /\s*(?:"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|`(?<name>[^`]*)`|\[(?<bracket>[^\]]*)\]|(?<operator>==|!=|<>|>=|<=|=|>|<|&&|\|\|)|(?<punctuation>[(),])|(?<word>[^\s"'`[(),=!<>&|]+))/sy;

/** The words of a filter. @throws `input.invalid` */
export function filterTokens(text: string): FilterToken[] {
  if (text.length > MAX_CHARACTERS)
    throw fail('input.invalid', `The filter is longer than ${MAX_CHARACTERS} characters`);
  const tokens: FilterToken[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw filterError(`unexpected '${text.slice(at).trim().slice(0, 10)}'`, at);
    tokens.push({ ...tokenOf(match.groups!), at });
  }
  return tokens;
}

/** The error for a filter that cannot be read; `at` is the 0-based position. */
export function filterError(problem: string, at: number): LlmspellError {
  return fail('input.invalid', `Invalid filter: ${problem} at position ${at + 1}`, {
    hint: 'Write it like: age >= 18 and (city == "New York" or city contains York)',
  });
}

function tokenOf(groups: Record<string, string | undefined>): Pick<FilterToken, 'kind' | 'text'> {
  const quoted = groups.double ?? groups.single;
  if (quoted !== undefined) return { kind: 'text', text: quoted.replace(/\\(.)/gs, '$1') };
  // A name in backticks or brackets is a word that needs no further words beside it.
  const name = groups.name ?? groups.bracket;
  if (name !== undefined) return { kind: 'text', text: name };
  if (groups.operator !== undefined) return { kind: 'operator', text: groups.operator };
  if (groups.punctuation !== undefined) return { kind: 'punctuation', text: groups.punctuation };
  return { kind: 'word', text: groups.word! };
}

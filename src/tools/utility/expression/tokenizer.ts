import { fail, type LlmspellError } from '../../../core/errors.js';

/** One word of an expression and where it begins (0-based). */
export interface Token {
  kind: 'number' | 'name' | 'operator' | 'punctuation';
  text: string;
  at: number;
}

const SPACE = /\s*/y;
const WORD =
  /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<operator>\*\*|[<>=!]=|&&|\|\||[-+*/%^<>!])|(?<punctuation>[(),])/y;

/** The tokens of an arithmetic expression. @throws `input.invalid` at a character that belongs to none. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (!match)
      throw syntaxError(`unexpected character '${String.fromCodePoint(text.codePointAt(at)!)}'`, at);
    tokens.push({ kind: kindOf(match.groups!), text: match[0], at });
    at = skipSpace(text, WORD.lastIndex);
  }
  return tokens;
}

/** The error for an expression that cannot be read; `at` is the 0-based position. */
export function syntaxError(problem: string, at: number): LlmspellError {
  return fail('input.invalid', `Expression syntax error: ${problem} at position ${at + 1}`);
}

function kindOf(groups: Record<string, string | undefined>): Token['kind'] {
  const kinds = ['number', 'name', 'operator', 'punctuation'] as const;
  return kinds.find((kind) => groups[kind] !== undefined)!;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

import { parse, type Token } from 'sucrase/dist/esm/parser/index.js';

/** Numbers that sucrase gives these tokens. */
const TOKEN = { let: 79888, const: 80912, class: 87568 } as const;
const TOP_LEVEL_DECLARATION = 2;

/**
 * Source for an interactive session, where a cell is often run again: declarations at the top level become `var`,
 * which may be repeated, as they may in a browser's console. Source that cannot be parsed is left as it is; the
 * engine's own parser then says what is wrong with it.
 */
export function redeclarable(code: string): string {
  let tokens: Token[];
  try {
    ({ tokens } = parse(code, false, false, false));
  } catch {
    return code;
  }
  return rewrite(code, tokens);
}

function rewrite(code: string, tokens: Token[]): string {
  let out = '';
  let from = 0;
  tokens.forEach((token, index) => {
    const replacement = token.scopeDepth === 0 ? replacementFor(token, tokens[index + 1], code) : undefined;
    if (replacement === undefined) return;
    out += code.slice(from, token.start) + replacement;
    from = token.end;
  });
  return out + code.slice(from);
}

function replacementFor(token: Token, next: Token | undefined, code: string): string | undefined {
  if (token.type === TOKEN.let || token.type === TOKEN.const) return 'var';
  if (token.type !== TOKEN.class || next?.identifierRole !== TOP_LEVEL_DECLARATION) return undefined;
  return `var ${code.slice(next.start, next.end)} = class`;
}

/** Whether the only thing wrong with `code` is that it ends before it is finished. */
export function endsEarly(code: string): boolean {
  try {
    parse(code, false, false, false);
    return false;
  } catch (thrown) {
    const { message, pos } = thrown as Error & { pos?: number };
    if (/Unterminated (?:template|comment)/.test(message)) return true;
    return pos !== undefined && pos >= code.trimEnd().length;
  }
}

/** The column of the mistake in a line of `code`, where the parser finds it in that line; columns count from 1. */
export function columnOfMistake(code: string, line: number): number | undefined {
  try {
    parse(code, false, false, false);
    return undefined;
  } catch (thrown) {
    const { loc } = thrown as Error & { loc?: { line: number; column: number } };
    return loc?.line === line ? loc.column : undefined;
  }
}

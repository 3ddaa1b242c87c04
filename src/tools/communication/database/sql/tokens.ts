/** Whose SQL is read: strings, comments and placeholders differ. */
export type Dialect = 'sqlite' | 'postgres' | 'mysql';

/** A piece of SQL outside strings, quoted names and comments. */
export interface Token {
  /** `executable`: a comment that MySQL may run as code. */
  kind: 'word' | 'placeholder' | 'semicolon' | 'executable' | 'other';
  /** Words in upper case. */
  text: string;
  start: number;
  end: number;
}

const SPACE = /\s+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const PLACEHOLDERS: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /\?\d*|[:@$][A-Za-z_]\w*|\$\d+/y,
  postgres: /\?|\$\d+|:[A-Za-z_]\w*/y,
  mysql: /\?|\$\d+|:[A-Za-z_]\w*/y,
};
/** Where a backslash hides the next character inside a string. */
const BACKSLASHES: Readonly<Record<Dialect, boolean>> = { sqlite: false, postgres: false, mysql: true };

/** The tokens of a text, in time that grows with its length. What stands in quotes is one token of the kind `other`. */
export function* tokensOf(sql: string, dialect: Dialect): Generator<Token, void, undefined> {
  for (let at = 0; at < sql.length; ) {
    const blank = blankEnd(sql, at, dialect);
    if (blank > at) {
      at = blank;
      continue;
    }
    const token = tokenAt(sql, at, dialect);
    yield token;
    at = token.end;
  }
}

function blankEnd(sql: string, at: number, dialect: Dialect): number {
  const space = match(SPACE, sql, at);
  if (space !== undefined) return at + space.length;
  if (startsLineComment(sql, at, dialect)) return orEnd(sql, sql.indexOf('\n', at), 1);
  if (!sql.startsWith('/*', at) || isExecutable(sql, at, dialect)) return at;
  return dialect === 'postgres' ? nestedCommentEnd(sql, at) : orEnd(sql, sql.indexOf('*/', at + 2), 2);
}

function startsLineComment(sql: string, at: number, dialect: Dialect): boolean {
  if (sql[at] === '#') return dialect === 'mysql';
  if (!sql.startsWith('--', at)) return false;
  return dialect !== 'mysql' || at + 2 >= sql.length || sql.charCodeAt(at + 2) <= 32;
}

function isExecutable(sql: string, at: number, dialect: Dialect): boolean {
  return dialect === 'mysql' && (sql.startsWith('/*!', at) || sql.startsWith('/*M!', at));
}

function nestedCommentEnd(sql: string, at: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

function tokenAt(sql: string, at: number, dialect: Dialect): Token {
  const token = (kind: Token['kind'], end: number) => ({ kind, text: sql.slice(at, end), start: at, end });
  if (isExecutable(sql, at, dialect)) return token('executable', at + 3);
  const end = quotedEnd(sql, at, dialect);
  if (end !== undefined) return token('other', end);
  const word = match(WORD, sql, at);
  if (word !== undefined) return { ...token('word', at + word.length), text: word.toUpperCase() };
  if (sql[at] === ';') return token('semicolon', at + 1);
  const number = match(NUMBER, sql, at);
  if (number !== undefined) return token('other', at + number.length);
  if (sql.startsWith('::', at) || sql.startsWith(':=', at) || sql.startsWith('@@', at))
    return token('other', at + 2);
  const placeholder = match(PLACEHOLDERS[dialect], sql, at);
  return placeholder === undefined ? token('other', at + 1) : token('placeholder', at + placeholder.length);
}

/** Where the string or quoted name that begins here ends; undefined when none begins here. */
function quotedEnd(sql: string, at: number, dialect: Dialect): number | undefined {
  const char = sql[at]!;
  if (char === "'" || char === '"') return quoteEnd(sql, at, char, BACKSLASHES[dialect]);
  if (dialect === 'postgres') return postgresQuoteEnd(sql, at);
  if (char === '`') return quoteEnd(sql, at, char, false);
  if (char === '[' && dialect === 'sqlite') return orEnd(sql, sql.indexOf(']', at), 1);
  return undefined;
}

function postgresQuoteEnd(sql: string, at: number): number | undefined {
  if (/^[eE]'/.test(sql.slice(at, at + 2))) return quoteEnd(sql, at + 1, "'", true);
  const tag = match(DOLLAR_QUOTE, sql, at);
  return tag === undefined ? undefined : orEnd(sql, sql.indexOf(tag, at + tag.length), tag.length);
}

/** A doubled quote stands for itself. */
function quoteEnd(sql: string, at: number, quote: string, backslashes: boolean): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslashes && sql[i] === '\\') i++;
    else if (sql[i] === quote && sql[i + 1] === quote) i++;
    else if (sql[i] === quote) return i + 1;
  }
  return sql.length;
}

function orEnd(sql: string, found: number, length: number): number {
  return found < 0 ? sql.length : found + length;
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

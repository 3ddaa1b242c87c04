import { fail } from '../../../../core/errors.js';
import { type Dialect, type Token, tokensOf } from './tokens.js';

/** Statements that begin or end transactions; the tool does that itself. */
const TRANSACTION_CONTROL = new Set([
  'BEGIN',
  'START',
  'COMMIT',
  'END',
  'ROLLBACK',
  'ABORT',
  'SAVEPOINT',
  'RELEASE',
  'XA',
]);
/** What MySQL can undo; before anything else it commits what was done so far. */
const MYSQL_UNDOABLE = new Set([
  'SELECT',
  'WITH',
  'VALUES',
  'TABLE',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'DO',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  '(',
]);
/** What a read-only call may ask of MySQL. Its read-only transactions end when code inside a statement commits. */
const MYSQL_READS = new Set([
  'SELECT',
  'WITH',
  'VALUES',
  'TABLE',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'ANALYZE',
  'CHECK',
  'CHECKSUM',
  'HELP',
  '(',
]);

/** In which mode a statement would run. */
export interface StatementMode {
  dialect: Dialect;
  write: boolean;
  /** One of several that are done all or not at all. */
  atomic: boolean;
}

/** The first token of a statement that is one statement and fits its mode; upper case. @throws `input.invalid` */
export function checkStatement(sql: string, mode: StatementMode): string {
  const first = firstWord(sql, mode.dialect);
  if (first === 'executable')
    throw fail('input.invalid', 'A statement may not begin with a comment that the server may run as code');
  if (TRANSACTION_CONTROL.has(first) || startsTwoPhase(sql, mode.dialect, first))
    throw fail('input.invalid', `${first} is refused: the tool begins and ends transactions itself`, {
      hint: "Use operation = 'transaction' with a list of statements.",
    });
  if (mode.dialect === 'sqlite') checkSqlite(sql, first);
  if (mode.dialect === 'mysql') checkMysql(first, mode);
  return first;
}

function checkSqlite(sql: string, first: string): void {
  const words = [...firstWords(sql, 'sqlite', 6)];
  if (first === 'ATTACH' || first === 'DETACH' || (first === 'VACUUM' && words.includes('INTO')))
    throw fail('input.invalid', `${first} is refused: a call uses the one database it names`);
  if (hasSecondStatement(sql, first))
    throw fail('input.invalid', 'More than one statement was given', {
      hint: "Use operation = 'transaction' with a list of statements.",
    });
}

function checkMysql(first: string, { write, atomic }: StatementMode): void {
  if (!write && !MYSQL_READS.has(first))
    throw fail('permission.db', `${first} is refused: this call is read-only`, {
      hint: 'Use operation = "execute" and pass read_only = false.',
    });
  if (write && atomic && !MYSQL_UNDOABLE.has(first))
    throw fail('input.invalid', `${first} cannot be part of a transaction: the server could not undo it`);
}

/** `PREPARE TRANSACTION` and `PREPARE x AS …` begin alike. */
function startsTwoPhase(sql: string, dialect: Dialect, first: string): boolean {
  return first === 'PREPARE' && [...firstWords(sql, dialect, 2)][1] === 'TRANSACTION';
}

function firstWord(sql: string, dialect: Dialect): string {
  for (const token of tokensOf(sql, dialect)) {
    if (token.kind === 'executable') return 'executable';
    if (token.kind !== 'semicolon') return token.text;
  }
  throw fail('input.invalid', 'The statement is empty');
}

/** The words among the first tokens. */
function* firstWords(sql: string, dialect: Dialect, count: number): Generator<string> {
  let seen = 0;
  for (const token of tokensOf(sql, dialect)) {
    if (token.kind === 'word') yield token.text;
    seen += 1;
    if (seen >= count) return;
  }
}

/** Semicolons inside the body of a trigger divide no statements. */
function hasSecondStatement(sql: string, first: string): boolean {
  let previous: Token | undefined;
  let ended = false;
  const body = first === 'CREATE' && [...firstWords(sql, 'sqlite', 3)].includes('TRIGGER');
  for (const token of tokensOf(sql, 'sqlite')) {
    if (ended && token.kind !== 'semicolon') return true;
    if (token.kind === 'semicolon' && previous && (!body || previous.text === 'END')) ended = true;
    previous = token;
  }
  return false;
}

import { describe, expect, it } from 'vitest';
import { bindParameters, type GivenParameters } from './placeholders.js';
import { checkStatement } from './statement.js';
import { type Dialect, tokensOf } from './tokens.js';

const DIALECTS: readonly Dialect[] = ['sqlite', 'postgres', 'mysql'];
const words = (sql: string, dialect: Dialect) =>
  [...tokensOf(sql, dialect)].filter(({ kind }) => kind === 'word').map(({ text }) => text);
const placeholders = (sql: string, dialect: Dialect) =>
  [...tokensOf(sql, dialect)].filter(({ kind }) => kind === 'placeholder').map(({ text }) => text);

describe('tokensOf', () => {
  it.each(DIALECTS)('leaves out strings, names in quotes and comments in %s', (dialect) => {
    const sql = `a 'it''s ? b' "c ? "" d" /* e ? */ f -- g ?\n h`;
    expect(words(sql, dialect)).toEqual(['A', 'F', 'H']);
    expect(placeholders(sql, dialect)).toEqual([]);
  });

  it.each([
    ['sqlite', 'a [b ?] `c` d', ['A', 'D']],
    ['sqlite', "a '\\' b ?", ['A', 'B']],
    ['mysql', "a '\\' ? b' c # d\n e", ['A', 'C', 'E']],
    ['mysql', 'a --b', ['A', 'B']],
    ['mysql', 'a `b ``?` c', ['A', 'C']],
    ['postgres', 'a /* b /* c */ d */ e', ['A', 'E']],
    ['sqlite', 'a /* b /* c */ d', ['A', 'D']],
    ['postgres', "a $x$ b ? $$ c $x$ d $$ ' $$ e", ['A', 'D', 'E']],
    ['postgres', "a e'\\' b' c", ['A', 'C']],
    ['postgres', "a '\\' b ", ['A', 'B']],
    ['postgres', 'a "b', ['A']],
  ] as const)('%s: %s', (dialect, sql, expected) => {
    expect(words(sql, dialect)).toEqual(expected);
  });

  it.each([
    ['sqlite', '? ?2 :a @b $c', ['?', '?2', ':a', '@b', '$c']],
    ['postgres', "$1 :a x::int a[1:2] '{}'::jsonb y := 1", ['$1', ':a']],
    ['mysql', '? @user @@global :a @x := 1', ['?', ':a']],
  ] as const)('finds the placeholders of %s in %s', (dialect, sql, expected) => {
    expect(placeholders(sql, dialect)).toEqual(expected);
  });

  it.each(DIALECTS)('takes time that grows with the text in %s', (dialect) => {
    for (const piece of ["'", '"', '/*', '$$', '$a$', '--', "e'", "'\\", '(', 'a1 ', '`', '[', '::'])
      expect([...tokensOf(piece.repeat(50_000), dialect)].length).toBeLessThanOrEqual(100_000);
  });
});

describe('checkStatement', () => {
  const check = (dialect: Dialect, sql: string, write = true, atomic = false) =>
    checkStatement(sql, { dialect, write, atomic });

  it.each([
    ['sqlite', '-- x\n select 1 ;; '],
    ['postgres', 'PREPARE x AS SELECT 1'],
    ['mysql', '(SELECT 1)'],
    ['sqlite', 'CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;'],
    ['sqlite', 'VACUUM'],
  ] as const)('%s takes %s', (dialect, sql) => {
    expect(() => check(dialect, sql)).not.toThrow();
  });

  it.each([
    ['sqlite', 'SELECT 1; SELECT 2'],
    ['sqlite', 'CREATE TABLE trigger_log (a); DROP TABLE b'],
    ['sqlite', 'CREATE TABLE "trigger" (a); DROP TABLE b'],
    ['sqlite', 'AtTaCh /**/ DATABASE x AS y'],
    ['sqlite', 'VACUUM main INTO x'],
    ['sqlite', '/* VACUUM */ VACUUM /* x */ INTO x'],
    ['postgres', "PREPARE TRANSACTION 'x'"],
    ['postgres', '; COMMIT'],
    ['mysql', '/*!50000 COMMIT */'],
    ['mysql', "XA START 'x'"],
    ...DIALECTS.flatMap((dialect) =>
      ['BEGIN', 'commit', 'ROLLBACK', 'SAVEPOINT a', '/* */ end', ' ', ';', '-- x'].map(
        (sql) => [dialect, sql] as const,
      ),
    ),
  ] as const)('%s refuses %s', (dialect, sql) => {
    expect(() => check(dialect, sql)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });

  it('refuses in a transaction of MySQL what the server could not undo', () => {
    expect(() => check('mysql', 'ALTER TABLE a ADD b int', true, true)).toThrow('could not undo');
    expect(() => check('postgres', 'ALTER TABLE a ADD b int', true, true)).not.toThrow();
  });
});

describe('bindParameters', () => {
  it.each<[Dialect, string, GivenParameters, string, unknown[]]>([
    ['postgres', 'a = ? AND b = ?', [1, 2], 'a = $1 AND b = $2', [1, 2]],
    ['postgres', "a = $2 AND b ? 'k'", ['x', 1], "a = $2 AND b ? 'k'", []],
    ['mysql', 'a = $2 OR b = $1 OR c = $2', [1, 2], 'a = ? OR b = ? OR c = ?', [2, 1, 2]],
    ['mysql', 'a = :x OR b = :x', { x: 1 }, 'a = ? OR b = ?', [1, 1]],
    ['sqlite', 'a = :x OR b = @x OR c = :y', { x: 1, y: null }, 'a = ?1 OR b = ?1 OR c = ?2', [1, null]],
    ['sqlite', "a = ':x'", [], "a = ':x'", []],
    ['mysql', 'a = ?', [{ k: [1] }], 'a = ?', ['{"k":[1]}']],
    ['postgres', 'a = ANY(?)', [[1, 2]], 'a = ANY($1)', [[1, 2]]],
  ])('%s: %s with %j', (dialect, sql, given, spelled, values) => {
    if (values.length === 0 && Object.keys(given).length > 0)
      expect(() => bindParameters(sql, given, dialect)).toThrow('No placeholder for the parameter 1');
    else expect(bindParameters(sql, given, dialect)).toEqual({ sql: spelled, values });
  });
});

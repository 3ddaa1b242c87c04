import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';
import {
  type ErrorData,
  errorFromData,
  errorToData,
  fail,
  isErrorCode,
  LlmspellError,
  toLlmspellError,
} from './errors.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

describe('the codes', () => {
  test.each(CODES)('%s is documented', (code) => {
    expect(DOCUMENT).toContain(`| \`${code}\` | ${ERROR_CODES[code]} |`);
  });

  test('documented are those that exist', () => {
    const documented = [...DOCUMENT.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, code]) => code!);
    expect(documented.toSorted()).toEqual(CODES.toSorted());
  });

  test('have an area and a name, and a meaning in one sentence', () => {
    for (const [code, meaning] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
      expect(meaning, code).toMatch(/^[A-Z].*\.$/);
    }
  });
});

test.each([
  ['tool.not_found', true],
  ['tool.lost', false],
  ['toString', false],
  ['__proto__', false],
  [undefined, false],
  [5, false],
])('%s is a code: %s', (code, known) => {
  expect(isErrorCode(code)).toBe(known);
});

describe('an error as data', () => {
  test('comes back with all it carries', () => {
    const error = fail('tool.failed', 'no', { hint: 'try again', details: { path: '/x' } });
    error.traceback = 'spell.lua:1';
    const back = errorFromData(structuredClone(errorToData(error)));
    expect(back).toBeInstanceOf(LlmspellError);
    expect(errorToData(back)).toEqual({
      code: 'tool.failed',
      message: 'no',
      hint: 'try again',
      details: { path: '/x' },
      traceback: 'spell.lua:1',
    });
  });

  test('has no field that the error lacks, and neither cause nor stack', () => {
    const error = fail('tool.failed', 'no', { cause: new Error('secret') });
    expect(Object.keys(errorToData(error))).toEqual(['code', 'message']);
  });

  test('with a code that this version does not know is an internal error', () => {
    const data = { code: 'tool.lost', message: 'gone' } as unknown as ErrorData;
    expect(errorFromData(data)).toMatchObject({ code: 'internal.error', message: 'gone' });
  });
});

describe('whatever was thrown', () => {
  test('keeps its code if it has one', () => {
    const error = fail('tool.failed', 'no');
    expect(toLlmspellError(error, 'script.error')).toBe(error);
  });

  test.each<[string, unknown, string]>([
    ['an error', new TypeError('oops'), 'oops'],
    ['a string', 'oops', 'oops'],
    ['null', null, 'null'],
  ])('%s becomes one, with the thrown value as its cause', (_, thrown, message) => {
    expect(toLlmspellError(thrown)).toMatchObject({ code: 'internal.error', message });
    expect(toLlmspellError(thrown, 'script.error')).toMatchObject({ code: 'script.error', cause: thrown });
  });

  test.each<[string, unknown]>([
    ['an object without a prototype', Object.create(null)],
    [
      'an object that will not be text',
      {
        toString() {
          throw new Error('never');
        },
      },
    ],
  ])('%s becomes one too', (_, thrown) => {
    expect(toLlmspellError(thrown)).toMatchObject({ code: 'internal.error' });
  });
});

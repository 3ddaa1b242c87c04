import { expect, test } from 'vitest';
import { luaText, namesIn, type TypeNode, typeScriptText, unionOf } from './type-text.js';

const text: TypeNode = { kind: 'string' };
const count: TypeNode = { kind: 'integer' };
const nothing: TypeNode = { kind: 'null' };
const field = (name: string, type: TypeNode, optional = false) => ({ name, type, optional, doc: '' });

test.each<[string, TypeNode, string, string]>([
  ['a scalar', count, 'number', 'integer'],
  ['nothing', { kind: 'nothing' }, 'void', 'nil'],
  ['a literal', { kind: 'literal', value: "it's" }, "'it\\'s'", "'it\\'s'"],
  ['something or nothing', unionOf([text, nothing]), 'string | null', 'string?'],
  ['a union or nothing', unionOf([text, count, nothing]), 'string | number | null', '(string|integer)?'],
  [
    'a list of unions',
    { kind: 'list', item: unionOf([text, count]) },
    '(string | number)[]',
    '(string|integer)[]',
  ],
  ['a tuple', { kind: 'tuple', items: [text, count] }, '[string, number]', '{ [1]: string, [2]: integer }'],
  ['a record', { kind: 'record', value: text }, 'Record<string, string>', 'table<string, string>'],
  [
    'an object',
    { kind: 'object', fields: [field('a', text), field('b', count, true)] },
    '{ a: string; b?: number }',
    '{ a: string, b: integer? }',
  ],
  [
    'an open object',
    { kind: 'object', fields: [field('a', text)], rest: count },
    '{ a: string; [key: string]: number }',
    '{ a: string, [string]: integer }',
  ],
  [
    'a function',
    { kind: 'function', params: [field('a', text), field('b', count, true)], returns: text },
    '(a: string, b?: number) => string',
    'fun(a: string, b?: integer): string',
  ],
  [
    'a function or nothing',
    unionOf([{ kind: 'function', params: [], returns: { kind: 'nothing' } }, nothing]),
    '(() => void) | null',
    '(fun())?',
  ],
])('%s', (_, type, javascript, lua) => {
  expect(typeScriptText(type)).toBe(javascript);
  expect(luaText(type)).toBe(lua);
});

test('any swallows the rest of a union', () => {
  expect(unionOf([text, { kind: 'any' }])).toEqual({ kind: 'any' });
});

test('a method among fields takes itself in Lua', () => {
  const stop: TypeNode = { kind: 'function', params: [field('name', text)], returns: count, method: true };
  expect(luaText(stop, 'Timer')).toBe('fun(self: Timer, name: string): integer');
  expect(typeScriptText(stop)).toBe('(name: string) => number');
});

test('names are found wherever they stand', () => {
  const named = (name: string): TypeNode => ({ kind: 'named', name });
  const type: TypeNode = {
    kind: 'function',
    params: [field('a', { kind: 'list', item: named('A') })],
    returns: {
      kind: 'object',
      fields: [field('b', unionOf([named('B'), nothing]))],
      rest: { kind: 'record', value: named('A') },
    },
  };
  expect(namesIn(type)).toEqual(['A', 'B']);
});

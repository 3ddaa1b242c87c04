import { expect, test } from 'vitest';
import { z } from 'zod';
import { anyValue, callback, flag, handleResult, integer, table, text } from '../../src/globals/types.js';
import { TypeReader } from './type-of.js';
import { luaText, typeScriptText } from './type-text.js';

const read = (schema: z.ZodType, io: 'input' | 'output' = 'input') => new TypeReader().read(schema, io);

test.each<[string, z.ZodType, string, string]>([
  ['text', text(), 'string', 'string'],
  ['integer', integer(), 'number', 'integer'],
  ['flag', flag(), 'boolean', 'boolean'],
  ['table', table(), 'Record<string, any>', 'table<string, any>'],
  ['any value', anyValue(), 'any', 'any'],
  ['callback', callback('(n: number) => void'), '(n: number) => void', 'fun(n: number)'],
  ['handle', handleResult('vector_store').nullable(), 'VectorStoreHandle | null', 'VectorStoreHandle?'],
  ['nullable text', z.string().nullable(), 'string | null', 'string?'],
  ['enum', z.enum(['a', 'b']), "'a' | 'b'", "'a'|'b'"],
  ['union', z.union([z.number(), z.boolean()]), 'number | boolean', 'number|boolean'],
  ['tuple', z.tuple([z.string(), z.int()]), '[string, number]', '{ [1]: string, [2]: integer }'],
  [
    'open object',
    z.looseObject({ a: z.string() }),
    '{ a: string; [key: string]: any }',
    '{ a: string, [string]: any }',
  ],
  ['empty object', z.object({}), 'Record<string, any>', 'table<string, any>'],
  ['custom', z.custom<Uint8Array>(), 'any', 'any'],
])('%s', (_, schema, javascript, lua) => {
  const { type } = read(schema);
  expect(typeScriptText(type)).toBe(javascript);
  expect(luaText(type)).toBe(lua);
});

test('what coerces is still required; what has a default is not', () => {
  const schema = z.object({ a: text(), b: flag(), c: text().optional(), d: z.number().default(1) });
  expect(typeScriptText(read(schema).type)).toBe('{ a: string; b: boolean; c?: string; d?: number }');
  expect(read(text()).optional).toBe(false);
  expect(read(text().optional().describe('x'))).toMatchObject({ optional: true, doc: 'x' });
  expect(read(z.preprocess((value) => value, z.string().optional())).optional).toBe(true);
});

test('types with an id are gathered under their name', () => {
  const inner = z
    .object({ n: z.number().describe('How many.') })
    .meta({ id: 'TypeOfTestInner', description: 'Inside.' });
  const reader = new TypeReader();
  reader.begin('Other');
  reader.read(inner, 'output');
  reader.begin('TypeOfTest');
  const { type } = reader.read(z.array(inner.nullable()), 'output');
  expect(typeScriptText(type)).toBe('(TypeOfTestInner | null)[]');
  expect([...reader.named.keys()]).toEqual(['TypeOfTestInner']);
  expect(reader.named.get('TypeOfTestInner')).toMatchObject({
    doc: 'Inside.',
    type: { kind: 'object', fields: [{ name: 'n', doc: 'How many.' }] },
  });
  expect(reader.ownerOf('TypeOfTestInner')).toBe('TypeOfTest');
});

test('a description of one use is not the description of the type', () => {
  const named = z.object({ n: z.number() }).meta({ id: 'TypeOfTestUse', description: 'The type.' });
  const reader = new TypeReader();
  expect(reader.read(named.describe('This use.'), 'output')).toMatchObject({
    doc: 'This use.',
    type: { name: 'TypeOfTestUse' },
  });
  expect(reader.named.get('TypeOfTestUse')?.doc).toBe('The type.');
});

test('two types of one name are refused', () => {
  const reader = new TypeReader();
  reader.read(z.object({ n: z.number() }).meta({ id: 'TypeOfTestTwice' }), 'output');
  expect(() => reader.read(z.object({ n: z.string() }).meta({ id: 'TypeOfTestTwice' }), 'output')).toThrow(
    /TypeOfTestTwice/,
  );
});

test('a type inside itself becomes any', () => {
  const tree: z.ZodType = z.object({ children: z.array(z.lazy(() => tree)) });
  expect(typeScriptText(read(tree).type)).toContain('any');
});

import { expect, test } from 'vitest';
import { parseSignature } from './signature.js';
import { luaText, typeScriptText } from './type-text.js';

test.each([
  ['(chunk: { text: string; n?: number }) => void', 'fun(chunk: { text: string, n: number? })'],
  [
    '(a: string, b?: boolean) => string | undefined',
    'fun(a: string, b?: boolean): string?',
    '(a: string, b?: boolean) => string | null',
  ],
  [
    "(event: Array<'a' | 'b'>) => Record<string, any>",
    "fun(event: ('a'|'b')[]): table<string, any>",
    "(event: ('a' | 'b')[]) => Record<string, any>",
  ],
  ['(next: () => AgentOutput) => [number, null]', 'fun(next: fun(): AgentOutput): { [1]: number, [2]: nil }'],
  ['(n: 1 | true) => unknown', 'fun(n: 1|true): any', '(n: 1 | true) => any'],
])('%s', (signature, lua, javascript = signature) => {
  const type = parseSignature(signature);
  expect(luaText(type)).toBe(lua);
  expect(typeScriptText(type)).toBe(javascript);
});

test.each([
  ['(a: string', 'not a type'],
  ['string; type B = number', 'not a type'],
  ['(a) => void', 'needs a name and a type'],
  ['keyof Foo', 'no counterpart'],
])('%s is refused', (signature, message) => {
  expect(() => parseSignature(signature)).toThrow(message);
});

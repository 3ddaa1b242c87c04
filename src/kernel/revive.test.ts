import { expect, test } from 'vitest';
import { float, reference } from '../core/values.js';
import { revivePlain, reviveRaw } from './revive.js';

const resolve = (kind: string, id: string) => `${kind}#${id}`;
const value = { n: float(3), big: 2n ** 60n, bytes: Uint8Array.of(0x61), list: [reference('agent', 7)] };

test('plain values for kernel code', () => {
  expect(revivePlain(value, resolve)).toEqual({ n: 3, big: 2 ** 60, bytes: 'a', list: ['agent#7'] });
});

test('raw values for members that keep what a script gave', () => {
  expect(reviveRaw(value, resolve)).toEqual({ ...value, list: ['agent#7'] });
});

test('keys are data', () => {
  const revived = revivePlain(JSON.parse('{"__proto__": {"polluted": 1}}'), resolve) as object;
  expect(Object.getPrototypeOf(revived)).toBe(Object.prototype);
  expect(Object.keys(revived)).toEqual(['__proto__']);
});

import { expect, test } from 'vitest';
import { HandleTable } from './handles.js';

test('an object has one handle as long as a script holds it', () => {
  const table = new HandleTable();
  const agent = {};
  const first = table.give('agent', agent);
  expect(String(table.give('agent', agent))).toBe(String(first));
  expect(table.resolve(String(first))).toBe(agent);
  table.release(String(first), 1);
  expect(table.resolve(String(first))).toBe(agent);
  table.release(String(first), 1);
  expect(table.size).toBe(0);
  expect(() => table.resolve(String(first))).toThrow(expect.objectContaining({ code: 'handle.released' }));
});

test('a handle is never used again for another object', () => {
  const table = new HandleTable();
  const name = String(table.give('agent', {}));
  table.release(name, 1);
  expect(String(table.give('agent', {}))).not.toBe(name);
});

test('names that were made up resolve to nothing', () => {
  const table = new HandleTable();
  table.give('agent', {});
  for (const name of ['agent:2', 'tool:1', '__proto__', 'constructor', ''])
    expect(() => table.resolve(name), name).toThrow(expect.objectContaining({ code: 'handle.released' }));
  table.release('agent:99', 1);
  expect(table.size).toBe(1);
});

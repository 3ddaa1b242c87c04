import { describe, expect, test } from 'vitest';
import { type Layer, mergeLayers, originAt } from './layers.js';
import { formatPath, parsePath, setAt } from './paths.js';
import type { FreeTable, OriginKind } from './types.js';

const layer = (kind: OriginKind, values: FreeTable): Layer => ({ kind, values });

describe('mergeLayers', () => {
  test('a value that replaces a table takes its origins away', () => {
    const { values, origins } = mergeLayers([
      layer('default', { a: { b: 1, c: 2 } }),
      layer('user', { a: 3 }),
    ]);
    expect(values).toEqual({ a: 3 });
    expect([...origins]).toEqual([['a', { kind: 'user' }]]);
  });

  test('a table that replaces a value does too', () => {
    const { values, origins } = mergeLayers([layer('default', { a: 3 }), layer('user', { a: { b: 1 } })]);
    expect(values).toEqual({ a: { b: 1 } });
    expect([...origins]).toEqual([['a.b', { kind: 'user' }]]);
  });

  test('what is undefined does not count, and the layers stay as they are', () => {
    const weak = { a: { list: [1, { x: 1 }] } };
    const { values } = mergeLayers([layer('default', weak), layer('flag', { a: { list: undefined, n: 1 } })]);
    (values.a as { list: unknown[] }).list.push(2);
    expect(weak).toEqual({ a: { list: [1, { x: 1 }] } });
    expect(values).toEqual({ a: { list: [1, { x: 1 }, 2], n: 1 } });
  });

  test('hostile keys neither pollute nor vanish', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": {"prototype": {"y": 2}}}',
    ) as FreeTable;
    const { values } = mergeLayers([layer('default', {}), layer('user', hostile), layer('project', hostile)]);
    expect(JSON.stringify(values)).toBe(JSON.stringify(hostile));
    expect(({} as FreeTable).x).toBeUndefined();
    expect(({} as FreeTable).y).toBeUndefined();
  });
});

describe('paths', () => {
  test.each([[['a', 'b-c', 'd_1']], [['a.b', 'c']], [['', '"quoted"', 'ü']], [['__proto__']]])(
    '%j',
    (path) => {
      expect(parsePath(formatPath(path))).toEqual(path);
    },
  );

  test('setAt makes tables and leaves prototypes alone', () => {
    const root: FreeTable = { a: 1 };
    setAt(root, ['a', 'b'], 2);
    setAt(root, ['__proto__', 'polluted'], true);
    expect(root.a).toEqual({ b: 2 });
    expect(({} as FreeTable).polluted).toBeUndefined();
  });

  test('originAt finds the list around a member', () => {
    expect(originAt(new Map([['a.b', { kind: 'user' }]]), ['a', 'b', '0'])).toEqual({ kind: 'user' });
  });
});

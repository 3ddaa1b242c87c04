import { describe, expect, test } from 'vitest';
import type { ScriptValue } from '../../core/values.js';
import { type Answer, start } from './testing.js';

const kernel: Answer = ({ member, args }) => {
  if (member === 'Agent.get') return Object('agent:7') as ScriptValue;
  if (member === 'Tool.get') throw new Error('host error');
  return args[1] ?? null;
};

describe('nothing of the host is reachable', () => {
  test('by name', async () => {
    const names = [
      'process',
      'require',
      'module',
      'Buffer',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      'std',
      'os',
      'gc',
    ];
    const { value } = start();
    expect(await value(`[${names.map((name) => `typeof ${name}`)}]`)).toEqual(names.map(() => 'undefined'));
  });

  test.each([
    ['a handle', 'Agent.get("x")'],
    ['a method', 'Agent.get("x").execute'],
    ['a member', 'Tool.execute'],
    ['a builder', 'Agent.builder()'],
    ['a thrown host error', '(() => { try { Tool.get("x") } catch (e) { return e } })()'],
    ['a result', 'Tool.execute("t", { a: [1] })'],
    ['print', 'print'],
    ['Date', 'Date'],
    ['an async function', 'async () => 1'],
    ['a stream', 'Streaming.create(function* () {})'],
  ])('through the constructors of %s', async (_, expression) => {
    const { value } = start(kernel);
    const code = `{
      const seen = [];
      for (let at = ${expression}; at && seen.length < 8; at = Object.getPrototypeOf(at)) {
        const made = Object.getOwnPropertyDescriptor(at, 'constructor')?.value?.constructor;
        if (typeof made !== 'function') continue;
        const source = made === Function || made.name === 'Function' ? 'return this' : 'yield 1';
        const global = made === Function ? made(source)() : undefined;
        seen.push(global === undefined || global === globalThis);
      }
      seen.every(Boolean)
    }`;
    expect(await value(code)).toBe(true);
  });

  test('the prelude hides from stack formatters', async () => {
    const { value, run } = start(kernel);
    expect(
      await value(`
      let frames = 0;
      try { Error.prepareStackTrace = (_, sites) => { frames += sites.length; return sites; }; } catch {}
      Tool.execute('t', { get x() { return typeof new Error('x').stack; } }).x + frames`),
    ).toBe('string0');
    await expect(run('"use strict"; Error.prepareStackTrace = () => 1')).rejects.toMatchObject({
      code: 'script.error',
    });
  });

  test('callers cannot be walked', async () => {
    const { value } = start(kernel);
    const code = `
      let found = 'nothing';
      const o = { get x() { try { found = String((function f() { return f.caller; })()?.caller); } catch (e) { found = 'refused'; } return 1; } };
      Tool.execute('t', o);
      found`;
    expect(await value(code)).toMatch(/nothing|refused|undefined|null/);
  });

  test('an error from the kernel is an error of the machine', async () => {
    const { value } = start(kernel);
    expect(
      await value(
        'try { Tool.get("x") } catch (e) { [e.constructor === Error, e.stack.includes("node"), Object.keys(e)] }',
      ),
    ).toEqual([true, false, ['code']]);
  });
});

describe('the prelude does not trust what a script has changed', () => {
  const hostile = `
    const spoil = () => { throw new Error('spoiled'); };
    const { ownKeys } = Reflect;
    const types = [Object, Array, Map, Set, WeakMap, WeakRef, String, Number, Function, Date, Promise, Error, JSON, Math];
    for (let t = 0; t < types.length; t++) {
      for (let target = types[t], i = 0; target && i < 2; target = types[t].prototype, i++) {
        const keys = ownKeys(target);
        for (let k = 0; k < keys.length; k++) {
          if (keys[k] === 'constructor' || keys[k] === 'prototype') continue;
          try { if (typeof target[keys[k]] === 'function') target[keys[k]] = spoil; } catch {}
        }
      }
    }
    Reflect.apply = Reflect.ownKeys = Reflect.defineProperty = Reflect.getPrototypeOf = spoil;
    Object.prototype.toJSON = Array.prototype.toJSON = spoil;
    String.prototype.toJSON = spoil;`;

  test('methods of every built-in', async () => {
    const { run, calls, output } = start(kernel);
    await run(`${hostile}
      const agent = Agent.get('x');
      agent.execute({ list: [1, 'two', { three: 3n }], agent });
      Agent.builder().name('n').allowTool('t').build();
      print({ a: [1, 'x'] }, agent);
      Streaming.create(function* () { yield 1; }).next();
      Debug.dump({ a: [1] }); Debug.stackTrace(); new Date(); setTimeout(() => print('timer'), 0);`);
    expect(output.stdout).toBe('{ a: [1, "x"] } <agent:7>\ntimer\n');
    expect(calls.map((call) => call.member)).toEqual(['Agent.get', 'agent.execute', 'Agent.@build']);
    expect(calls[1]?.args[0]).toMatchObject({ list: [1, 'two', { three: 3 }] });
    expect(calls[2]?.args).toEqual([{ name: 'n', allowed_tools: ['t'] }]);
  });

  test('setters and getters on the shared prototypes', async () => {
    const { run, calls, output } = start(kernel);
    await run(`
      for (const key of ['value', 'get', 'set', 'enumerable', 'code', 'hint', 'special', 'depth', 'then', 'name', '$fn', 'toJSON', '0', '1'])
        for (const target of [Object.prototype, Array.prototype])
          Object.defineProperty(target, key, { __proto__: null, get() { print('got ' + key); }, set() { print('set ' + key); }, configurable: true });
      Tool.execute('t', { list: [1, { b: 2 }] });
      Agent.get('x').execute([1, 2]);
      Agent.builder().allowTool('a').build();`);
    expect(output.stdout).toBe('');
    expect(calls[0]?.args).toEqual(['t', { list: [1, { b: 2 }] }]);
    expect(calls[2]?.args).toEqual([[1, 2]]);
    expect(calls[3]?.args).toEqual([{ allowed_tools: ['a'] }]);
  });

  test('iterators', async () => {
    const { run, calls } = start(kernel);
    await run(`
      Array.prototype[Symbol.iterator] = function* () { yield 'forged'; };
      Object.getPrototypeOf([].values()).next = () => ({ done: true });
      Tool.execute('t', [1, 2]);`);
    expect(calls[0]?.args).toEqual(['t', [1, 2]]);
  });

  test('a replaced global does not reach the engine', async () => {
    const { run, value } = start(kernel);
    await run('globalThis.JSON = globalThis.Error = globalThis.Map = undefined; globalThis.console = null;');
    expect(await value('Tool.execute("t", { a: 1 })')).toEqual({ a: 1 });
    await expect(run('undefinedName')).rejects.toMatchObject({
      message: expect.stringContaining('ReferenceError') as never,
    });
  });
});

test('getters that call back into the kernel while a value is being sent do not mix the two', async () => {
  const { value } = start(kernel);
  const code =
    'Tool.execute("outer", { get a() { return Tool.execute("inner", [1n << 70n, () => 1]).length; }, b: new Uint8Array([1]) })';
  expect(await value(code)).toEqual({ a: 2, b: new Uint8Array([1]) });
});

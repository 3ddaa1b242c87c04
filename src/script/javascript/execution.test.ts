import { describe, expect, test } from 'vitest';
import { fail } from '../../core/errors.js';
import type { StopReason } from '../isolate-handle.js';
import { type Harness, start } from './testing.js';

describe('how a source is read', () => {
  test('a script has the value of its last expression, or what it returns', async () => {
    const { run } = start();
    expect(await run('const a = 2;\na * 3')).toMatchObject({ value: 6 });
    expect(await run('const b = 2;\nif (b) return b;\nthrow 1')).toMatchObject({ value: 2 });
    expect(await run('const c = await Promise.resolve(4);\nreturn c + 1')).toMatchObject({ value: 5 });
  });

  test('a module has its default export', async () => {
    const { run } = start();
    expect(await run('export default 1 + 1;\nexport const x = 3;')).toMatchObject({ value: 2 });
    expect(await run('const x = await Promise.resolve(3);\nexport default x;')).toMatchObject({ value: 3 });
    expect(await run('export const x = 3;')).toMatchObject({ value: undefined });
  });

  test('an asynchronous function called last is awaited, in scripts and in modules', async () => {
    const { run, failure } = start();
    expect(await run('async function main() { await null; return 9; }\nmain()')).toMatchObject({ value: 9 });
    const main = 'async function main() { await null; throw new Error("late"); }\nmain();\n';
    expect((await failure(main)).message).toBe('late');
    expect((await failure(`export {};\n${main}`)).message).toBe('late');
  });

  test('a first line for the shell is skipped', async () => {
    expect(await start().run('#!/usr/bin/env llmspell\n7')).toMatchObject({ value: 7 });
  });

  test('line numbers stay right when a return is accepted', async () => {
    const error = await start().failure('const a = 1;\n\nif (a) null.x;\nreturn a;');
    expect(error.traceback).toContain('main.js:3:');
  });

  test('a syntax error tells where it is', async () => {
    const error = await start().failure('const a = 1;\nconst b = ;\n');
    expect(error).toMatchObject({ code: 'script.syntax', details: { file: 'main.js', line: 2, column: 11 } });
    expect(error.message).toMatch(/^main\.js:2:11: /);
  });

  test('of several ways to read a source, the error of the one that got furthest is told', async () => {
    const error = await start().failure('const a = await null;\nlet b = ;');
    expect(error.details).toMatchObject({ line: 2 });
  });
});

describe('interactive input', () => {
  test('declarations persist and may be repeated', async () => {
    const { value } = start();
    await value('let a = 1; const b = 2; class C {}; function f() { return a + b; }');
    expect(await value('f()')).toBe(3);
    await value('const b = 40; class C { static x = 1 }');
    expect(await value('[f(), C.x]')).toEqual([41, 1]);
  });

  test('an object literal is an object, a block is a block', async () => {
    const { value } = start();
    expect(await value('{ a: 1, b: 2 }')).toEqual({ a: 1, b: 2 });
    expect(await value('{ let x = 3; x * 2 }')).toBe(6);
  });

  test('await works at the top level, and what it declares persists', async () => {
    const { value } = start();
    await value('const got = await Promise.resolve(5)');
    expect(await value('got')).toBe(5);
  });

  test('input is complete, incomplete or invalid', async () => {
    const { isolate } = start();
    const judge = (text: string) => isolate.inquire('isComplete', text);
    expect(await judge('1 + 1')).toBe('complete');
    expect(await judge('await x')).toBe('complete');
    expect(await judge('function f() {')).toBe('incomplete');
    expect(await judge('[1, 2,')).toBe('incomplete');
    expect(await judge('`text')).toBe('incomplete');
    expect(await judge('let = = 3')).toBe('invalid');
  });

  test('its globals can be listed', async () => {
    const { value, isolate } = start(() => Object('agent:1') as never);
    await value('var n = 1, s = "x", list = [], f = () => 1, when = new Date(0), agent = Tool.execute("t")');
    expect(await isolate.inquire('globals', '')).toEqual([
      { name: 'agent', type: 'agent' },
      { name: 'f', type: 'function' },
      { name: 'list', type: 'array' },
      { name: 'n', type: 'number' },
      { name: 's', type: 'string' },
      { name: 'when', type: 'date' },
    ]);
  });
});

describe('promises and timers', () => {
  test('run after the script, in order', async () => {
    const { run, output } = start();
    await run(`
      setTimeout(() => print('late'), 20);
      setTimeout((word) => print(word), 0, 'soon');
      clearTimeout(setTimeout(() => print('never'), 5));
      Promise.resolve().then(() => print('job'));
      let n = 0;
      const id = setInterval(() => { print('tick'); if (++n === 2) clearInterval(id); }, 1);
      print('main');
    `);
    expect(output.stdout).toBe('main\njob\nsoon\ntick\ntick\nlate\n');
  });

  test('a promise that nothing settles is an error', async () => {
    expect((await start().failure('await new Promise(() => {})')).message).toContain('nothing will settle');
  });

  test('an error in a timer fails the execution, and nothing of it is left for the next', async () => {
    const { failure, run, output } = start();
    const error = await failure(
      'setTimeout(() => print("left over"), 30); setTimeout(() => { throw new Error("t") }, 0)',
    );
    expect(error.message).toBe('t');
    await run('1');
    expect(output.stdout).toBe('');
  });
});

describe('printing', () => {
  test('strings are raw, everything else readable', async () => {
    const { run, output } = start();
    await run(`
      print('a', 1, { k: 'v', 'odd key': [1, undefined] }, null, () => 1);
      console.log(new Error('boom').message, new Set([1]), class Foo {}, new (class Bar { x = 1 })());
      const o = {}; o.o = o; console.info(o, { get g() { throw 1; } });
      console.warn('careful');
    `);
    expect(output.stdout.split('\n')).toEqual([
      'a 1 { k: "v", "odd key": [1, undefined] } null [Function]',
      'boom Set(1) { 1 } [class: Foo] Bar { x: 1 }',
      '{ o: [Circular] } { g: [Getter] }',
      '',
    ]);
    expect(output.stderr).toBe('careful\n');
  });
});

describe('arguments, clock and chance', () => {
  test('ARGS, args and arg', async () => {
    const { run } = start();
    const args = { script: 'main.js', positional: ['x', 'y'], named: { topic: 'z' } };
    expect(
      await run('[ARGS[0], ARGS[2], ARGS.topic, args.topic, arg[1], arg.length]', { args }),
    ).toMatchObject({
      value: ['main.js', 'y', 'z', 'z', 'x', 3],
    });
  });

  test('without arguments they are empty', async () => {
    expect(await start().value('[ARGS, args, arg]')).toEqual([{}, {}, []]);
  });

  test('random numbers follow from the seed', async () => {
    const draw = (seed: number) => start(undefined, { seed }).value('[Math.random(), Math.random()]');
    const first = (await draw(1)) as number[];
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
    expect(first.every((n) => n >= 0 && n < 1) && first[0] !== first[1]).toBe(true);
  });

  test('every clock is the host’s, so a recording replays', async () => {
    const { value } = start(undefined, { effects: [86_400_000, 1_000, 2_000, 0.5] });
    expect(await value('[new Date().toISOString(), Date.now(), +new Date(), performance.now()]')).toEqual([
      '1970-01-02T00:00:00.000Z',
      1_000,
      2_000,
      0.5,
    ]);
    expect(
      await value('[new Date(5) instanceof Date, new Date(2020, 0).getFullYear(), typeof Date()]'),
    ).toEqual([true, 2020, 'string']);
  });
});

describe('ending early', () => {
  test('exit cannot be caught', async () => {
    const { run, output } = start();
    const code = 'try { exit(3); } catch { print("caught"); } finally { print("finally"); }';
    expect(await run(code)).toMatchObject({ exitCode: 3 });
    expect(await run(`(async () => { await null; exit(4); })().catch(() => print('caught'))`)).toMatchObject({
      exitCode: 4,
    });
    expect(output.stdout).toBe('');
    expect(await run('5')).toMatchObject({ value: 5, exitCode: undefined });
  });

  /** Runs code that first calls `Tool.execute('running')`, and stops it then; what the execution failed with. */
  async function stopped(harness: Harness, code: string, reason: StopReason): Promise<unknown> {
    const outcome = harness.failure(`Tool.execute('running'); ${code}`);
    await harness.called('Tool.execute');
    await harness.isolate.stop(
      reason,
      fail(`execution.${reason === 'timeout' ? 'timeout' : 'interrupted'}`, 'stop!'),
    );
    return outcome;
  }

  test('an interrupt cannot be caught, and globals survive it', async () => {
    const harness = start();
    await harness.value('var kept = 1');
    const code = 'for (;;) { try { for (;;); } catch { kept = 2; } finally { kept = 3; } }';
    expect(await stopped(harness, code, 'interrupt')).toMatchObject({
      code: 'execution.interrupted',
      message: 'stop!',
    });
    expect(await harness.value('kept')).toBe(1);
  });

  test('waiting for a timer can be interrupted', async () => {
    const harness = start();
    const code = 'await new Promise((resolve) => setTimeout(resolve, 60_000))';
    expect(await stopped(harness, code, 'timeout')).toMatchObject({ code: 'execution.timeout' });
    expect(await harness.value('1 + 1')).toBe(2);
  });

  // The machine looks whether it must stop once in 10 000 calls: whatever the place of a job where that happens, it ends.
  test.each([0, 1, 2, 3, 4, 5])('promise jobs without end are stopped (%s calls before)', async (calls) => {
    const harness = start();
    const before = 'void (() => {})();'.repeat(calls);
    const code = `${before} function again() { Promise.resolve().then(again); } again();`;
    expect(await stopped(harness, code, 'interrupt')).toMatchObject({ code: 'execution.interrupted' });
    expect(await harness.value('2')).toBe(2);
  });
});

describe('limits', () => {
  test('deep recursion is an error that can be survived', async () => {
    const { failure, value } = start();
    expect((await failure('(function f() { return f() + 1; })()')).code).toBe('limit.stack');
    expect(await value('try { (function f() { return f() + 1; })() } catch (e) { e.name }')).toBe(
      'RangeError',
    );
    expect((await failure('JSON.parse("[".repeat(100000))')).code).toBe('limit.stack');
  });

  test.each([
    ['many strings', 'const hoard = []; for (;;) hoard.push("x".repeat(1000) + hoard.length)'],
    ['many objects', 'const hoard = []; for (;;) hoard.push({})'],
    ['one buffer', 'new Uint8Array(2 ** 30)'],
  ])('memory is limited: %s', async (_, code) => {
    const { failure, value } = start(undefined, { memoryBytes: 32 * 1024 * 1024 });
    expect((await failure(`{ ${code} }`)).code).toBe('limit.memory');
    expect(await value('[1, 2].map((n) => n * 2)')).toEqual([2, 4]);
  });
});

describe('functions that the script hands out', () => {
  test('can be called while the script waits, with promises awaited', async () => {
    const { run, isolate } = start(async ({ args }) =>
      isolate.callFunction(Number(String(args[0]).slice(3)), [20]),
    );
    expect(await run('Tool.execute(async (n) => (await null, n + 1))')).toMatchObject({ value: 21 });
  });

  test('and between executions, until they are released', async () => {
    const { run, isolate } = start(() => null);
    await run('let n = 0; Tool.execute(() => ++n)');
    expect(await isolate.callFunction(1, [])).toBe(1);
    expect(await isolate.callFunction(1, [])).toBe(2);
    isolate.releaseFunction(1);
    await expect(isolate.callFunction(1, [])).rejects.toMatchObject({ code: 'handle.released' });
  });

  test('their errors carry the script’s own place', async () => {
    const { run, isolate } = start(() => null);
    await run('Tool.execute(() => {\n  throw new TypeError("inside");\n})', { name: 'hook.js' });
    await expect(isolate.callFunction(1, [])).rejects.toMatchObject({
      code: 'script.error',
      message: 'TypeError: inside',
      traceback: expect.stringContaining('hook.js:2:') as never,
    });
  });
});

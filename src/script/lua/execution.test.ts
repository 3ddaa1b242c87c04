import { describe, expect, test } from 'vitest';
import { fail } from '../../core/errors.js';
import type { StopReason } from '../isolate-handle.js';
import { type Harness, start } from './testing.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('errors', () => {
  test('tell the place in the script and its call stack', async () => {
    const error = await start().failure('local function inner()\n  error("no")\nend\ninner()');
    expect(error).toMatchObject({ code: 'script.error', message: 'main.lua:2: no' });
    expect(error.traceback).toContain('main.lua:4: in main chunk');
  });

  test('of the kernel keep their code, hint and details when the script lets them pass', async () => {
    const { failure } = start(() => {
      throw fail('tool.not_found', 'no such tool', { hint: 'Look again.', details: { name: 'x' } });
    });
    expect(await failure('Tool.execute("x")')).toMatchObject({
      code: 'tool.not_found',
      message: 'main.lua:1: no such tool',
      hint: 'Look again.',
      details: { name: 'x' },
    });
    expect(await failure('local ok, why = pcall(Tool.execute, "x") error(why, 0)')).toMatchObject({
      code: 'tool.not_found',
    });
    expect(await failure('pcall(Tool.execute, "x") error("mine")')).toMatchObject({ code: 'script.error' });
  });

  test('raised beneath the standard library point to the script', async () => {
    const { failure } = start(() => {
      throw fail('permission.read', 'not granted');
    });
    expect((await failure('\n\nio.open("x")')).message).toBe('main.lua:3: not granted');
    expect((await failure('\ndofile("x")')).message).toBe('main.lua:2: not granted');
    expect((await failure('coroutine.wrap(function()\nio.open("x") end)()')).message).toContain(
      'main.lua:2:',
    );
  });

  test('in the syntax are told apart', async () => {
    expect(await start().failure('local x = = 1')).toMatchObject({ code: 'script.syntax' });
  });

  test.each([
    ['local s = "x" while true do s = s .. s end', 'limit.memory'],
    ['local function f() return f() + 1 end return f()', 'limit.stack'],
    ['local function f(s) return (s:gsub(".", f)) end return f("x")', 'limit.stack'],
  ])('%s: %s', async (code, expected) => {
    const { failure, value } = start(undefined, { memoryBytes: 128 * 1024 * 1024 });
    expect(await failure(code)).toMatchObject({ code: expected });
    expect(await value('1 + 1')).toBe(2);
  });
});

describe('interactive input', () => {
  test('shows the value of an expression and keeps globals', async () => {
    const { value } = start();
    expect(await value('1 + 1')).toBe(2);
    await value('x = 5');
    expect(await value('x * 2')).toBe(10);
    expect(await value('local y = 3; return y')).toBe(3);
  });

  test('knows what is complete', async () => {
    const { isolate } = start();
    const answers = ['1 + 1', 'x = 1', 'for i = 1, 2 do', 'f(', 'x = = 1', '"open', '[[long'].map((text) =>
      isolate.inquire('isComplete', text),
    );
    expect(await Promise.all(answers)).toEqual([
      'complete',
      'complete',
      'incomplete',
      'incomplete',
      'invalid',
      'invalid',
      'incomplete',
    ]);
  });

  test('completes names without running code of the script', async () => {
    const { isolate, run } = start();
    await run('mine = setmetatable({ alpha = 1 }, { __index = function() error("asked") end })');
    expect(await isolate.inquire('complete', 'print(str')).toContain('string');
    expect(await isolate.inquire('complete', 'mine.al')).toEqual(['mine.alpha']);
    expect(await isolate.inquire('complete', 'mine.x.y')).toEqual([]);
  });
});

describe('os.exit', () => {
  test.each([
    ['os.exit()', 0],
    ['os.exit(true)', 0],
    ['os.exit(false)', 1],
    ['os.exit(300)', 44],
    ['pcall(os.exit, 7)', 7],
    ['coroutine.wrap(function() os.exit(7) end)()', 7],
  ])('%s', async (code, exitCode) => {
    const { run, value } = start();
    expect(await run(`${code} error("went on")`)).toMatchObject({ exitCode });
    expect(await value('1 + 1')).toBe(2);
  });
});

describe('stopping', () => {
  const why = fail('execution.timeout', 'too long');
  /** Stops what runs once it has printed something. */
  async function stopped({ run, isolate, output }: Harness, code: string, reason: StopReason = 'timeout') {
    const ended = run(`kept = "kept" print("begun") ${code}`).then(
      () => undefined,
      (error: unknown) => error,
    );
    while (!output.stdout) await pause(5);
    // What comes after the print has begun, too.
    await pause(200);
    await isolate.stop(reason, why);
    return ended;
  }

  test.each([
    'while true do end',
    'while true do pcall(function() while true do end end) end',
    'xpcall(error, function() while true do end end)',
    'while true do pcall(coroutine.wrap(function() while true do end end)) end',
    'local co = coroutine.create(function() local c <close> = setmetatable({}, { __close = function() while true do end end }) coroutine.yield() end) coroutine.resume(co) coroutine.close(co)',
    'while true do Tool.execute("again") end',
    'while true do pcall(Tool.execute, "again") end',
    'repeat print("x") until false',
  ])('%s ends and keeps its globals', async (code) => {
    const harness = start();
    expect(await stopped(harness, code)).toMatchObject({ code: 'execution.timeout' });
    expect(await harness.value('kept')).toBe('kept');
  });

  test('a script that waits for the kernel', async () => {
    const harness = start(() => new Promise(() => {}));
    expect(await stopped(harness, 'Tool.execute("never")')).toMatchObject({ code: 'execution.timeout' });
    expect(await harness.value('kept')).toBe('kept');
  });

  test('a function of the script that the kernel has called', async () => {
    const harness: Harness = start(({ args: [fn] }) =>
      harness.isolate.callFunction(Number(String(fn).slice('fn:'.length)), []),
    );
    const code = 'Tool.execute(function() while true do pcall(error) end end)';
    expect(await stopped(harness, code)).toMatchObject({ code: 'execution.timeout' });
    expect(await harness.value('kept')).toBe('kept');
  });

  test.each([
    'return (("a"):rep(30)):find((".-"):rep(14) .. "b")',
    'setmetatable({}, { __gc = function() while true do end end }) collectgarbage()',
  ])('%s is ended with its thread', async (code) => {
    const { isolate, ...rest } = start();
    expect(await stopped({ isolate, ...rest }, code)).toMatchObject({
      code: 'execution.killed',
      details: { reason: 'execution.timeout' },
    });
    expect(isolate.dead).toMatchObject({ code: 'execution.killed' });
    await expect(rest.run('return 1')).rejects.toMatchObject({ code: 'execution.killed' });
  });

  test('a stop that comes when the script has ended does not strike the next', async () => {
    const { run, isolate, value } = start();
    for (let i = 0; i < 20; i++) {
      const ended = run('for i = 1, 10000 do end').catch(() => {});
      const stop = isolate.stop('interrupt', fail('execution.interrupted', 'interrupted'));
      await Promise.all([ended, stop]);
      expect(await value('"next"')).toBe('next');
    }
  });

  test('two isolates are told apart', async () => {
    const [first, second] = [start(), start()];
    const other = second.run('local n = 0 while n < 3e7 do n = n + 1 end return n');
    expect(await stopped(first, 'while true do end')).toMatchObject({ code: 'execution.timeout' });
    expect(await other).toMatchObject({ value: 30_000_000 });
  });

  test('only one execution at a time', async () => {
    const { run } = start();
    const [first, second] = [run('return 1'), run('return 2')];
    await expect(second).rejects.toMatchObject({ code: 'execution.busy' });
    expect(await first).toMatchObject({ value: 1 });
  });
});

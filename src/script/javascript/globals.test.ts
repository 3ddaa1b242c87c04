import { describe, expect, test } from 'vitest';
import { fail } from '../../core/errors.js';
import { isReference, type ScriptValue } from '../../core/values.js';
import { type Answer, start } from './testing.js';

const handle = (text: string) => Object(text) as ScriptValue;

/** Waits until the isolate has nothing to do, so that what it collected has been told. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('members of the globals', () => {
  test('cross into the kernel under their canonical name, in both spellings', async () => {
    const { run, calls } = start(() => 'ok');
    await run('Tool.get_schema("t"); Tool.getSchema("t"); Agent.listTemplates();');
    expect(calls.map((call) => call.member)).toEqual([
      'Tool.get_schema',
      'Tool.get_schema',
      'Agent.list_templates',
    ]);
  });

  test('unknown keys of a table with an index ask the kernel, except for what every object has', async () => {
    const { value, calls } = start(({ args }) => (args[0] === 'calculator' ? handle('tool:1') : null));
    expect(await value('String(Tool.calculator)')).toBe('tool:1');
    expect(await value('Tool.nothing')).toBeUndefined();
    expect(await value('[typeof Tool.toString, Tool.then, Object.keys(Tool).includes("execute")]')).toEqual([
      'function',
      null,
      true,
    ]);
    expect(calls.map(({ member, args }) => [member, args[0]])).toEqual([
      ['Tool.get', 'calculator'],
      ['Tool.get', 'nothing'],
    ]);
  });

  test('JSON stays the language’s own, with the other spellings', async () => {
    const { value } = start();
    expect(await value('JSON.encode({ a: [1] }) + JSON.decode("[2]")')).toBe('{"a":[1]}2');
    expect(await value('JSON.stringify([1], null, 1)')).toBe('[\n 1\n]');
  });

  test('host functions are not visible', async () => {
    const { value } = start();
    expect(
      await value('Object.getOwnPropertyNames(globalThis).filter((n) => n.includes("host") || n[0] === "@")'),
    ).toEqual([]);
  });
});

describe('handles', () => {
  const kernel: Answer = ({ member }) => {
    if (member === 'Agent.get') return handle('agent:7');
    if (member === 'agent.name') return 'Ada';
    return 'done';
  };

  test('have methods, aliases and fields that are read afresh', async () => {
    const { value, calls } = start(kernel);
    expect(
      await value('{ const a = Agent.get("x"); [a.execute({ n: 1 }), a.run(), a.name, a.getState()] }'),
    ).toEqual(['done', 'done', 'Ada', 'done']);
    expect(calls.slice(1).map((call) => [call.member, call.handle, call.args])).toEqual([
      ['agent.execute', 'agent:7', [{ n: 1 }]],
      ['agent.execute', 'agent:7', []],
      ['agent.name', 'agent:7', []],
      ['agent.get_state', 'agent:7', []],
    ]);
  });

  test('methods stay bound when they are taken off', async () => {
    const { value, calls } = start(kernel);
    expect(await value('{ const { execute } = Agent.get("x"); execute(1) }')).toBe('done');
    expect(calls[1]).toMatchObject({ member: 'agent.execute', handle: 'agent:7' });
  });

  test('are the same object while the script holds one', async () => {
    expect(await start(kernel).value('Agent.get("x") === Agent.get("y")')).toBe(true);
  });

  test('go back to the kernel as references', async () => {
    const { run, calls } = start(kernel);
    await run('Tool.execute("t", { agent: Agent.get("x") })');
    const { agent: sent } = calls[1]!.args[1] as { agent: ScriptValue };
    expect(isReference(sent) && sent.toString()).toBe('agent:7');
  });

  test('are released as often as they were received', async () => {
    const { run, value, released } = start(kernel);
    await run('globalThis.a = Agent.get("x"); Agent.get("x"); Agent.get("x");');
    await settle();
    expect(released).toEqual([]);
    await value('a = undefined');
    await settle();
    expect(released).toEqual([{ handle: 'agent:7', count: 3 }]);
    expect(await value('Agent.get("x").name')).toBe('Ada');
  });

  test('cannot be forged', async () => {
    const { run, calls, failure } = start(kernel);
    await run(`
      const real = Agent.get('x');
      const copy = Object.assign(Object.create(Object.getPrototypeOf(real)), real);
      Tool.execute('t', [copy, new Proxy(real, {}), { $ref: 'agent:8' }]);
    `);
    const sent = calls.at(-1)?.args[1] as ScriptValue[];
    expect(sent.some(isReference)).toBe(false);
    const error = await failure('Object.create(Object.getPrototypeOf(Agent.get("x"))).execute');
    expect(error.message).toContain('not a handle');
  });
});

describe('builders', () => {
  test('gather data and cross once', async () => {
    const { run, calls } = start(() => null);
    await run(`
      Agent.builder()
        .name('a').systemPrompt('be brief').system_prompt('be briefer')
        .allowTool('x').tool('y')
        .build();
    `);
    expect(calls).toEqual([
      {
        member: 'Agent.@build',
        handle: undefined,
        args: [{ name: 'a', system_prompt: 'be briefer', allowed_tools: ['x', 'y'] }],
      },
    ]);
  });

  test('do not work on other objects', async () => {
    expect((await start().failure('const { name } = Agent.builder(); name("x")')).message).toContain(
      'builder.name(',
    );
  });
});

describe('errors of the kernel', () => {
  const failing: Answer = () => {
    throw fail('tool.not_found', 'No such tool', { hint: 'Look again.', details: { tool: 'x' } });
  };

  test('are Errors with a code, a hint and details, thrown where the script called', async () => {
    const { value } = start(failing);
    const code =
      'try { Tool.execute("x") } catch (e) { [e instanceof Error, e.message, e.code, e.hint, e.details, e.stack] }';
    expect(await value(code)).toEqual([
      true,
      'No such tool',
      'tool.not_found',
      'Look again.',
      { tool: 'x' },
      expect.stringMatching(/^\s+at <eval> \(main\.js:1:\d+\)\n$/),
    ]);
  });

  test('keep their code when the script lets them pass, whatever it does to them', async () => {
    const { failure } = start(failing);
    const expected = {
      code: 'tool.not_found',
      message: 'No such tool',
      hint: 'Look again.',
      details: { tool: 'x' },
    };
    expect(await failure('Tool.execute("x")')).toMatchObject(expected);
    const code =
      'async function f() { try { Tool.execute("x") } catch (e) { e.code = "a.b"; throw e; } }\nf()';
    expect(await failure(code)).toMatchObject({
      ...expected,
      traceback: expect.stringContaining('at f (main.js:1:') as never,
    });
  });

  test('cannot be imitated', async () => {
    const error = await start().failure('throw Object.assign(new Error("x"), { code: "budget.cost" })');
    expect(error.code).toBe('script.error');
  });

  test.each([
    ['throw new Error("plain")', 'plain'],
    ['throw new RangeError("odd")', 'RangeError: odd'],
    ['null.x', "TypeError: cannot read property 'x' of null"],
    ['throw "text"', 'text'],
    ['throw { a: 1 }', '{ a: 1 }'],
    ['throw undefined', 'undefined'],
    [
      'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } })',
      '[object that cannot be shown]',
    ],
    [
      'throw Object.defineProperty(new Error("x"), "message", { get() { throw 1; } })',
      'an error that cannot be read',
    ],
  ])('of the script itself: %s', async (code, message) => {
    expect(await start().failure(code)).toMatchObject({
      code: 'script.error',
      message: expect.stringContaining(message) as never,
    });
  });
});

describe('Streaming', () => {
  test('gives the items of a generator one at a time', async () => {
    const code = `
      const s = Streaming.create(function* () { yield 1; yield 2; return 'end'; });
      const seen = [s.next(), s.isDone(), s.next(), s.is_done(), s.next(), s.isDone(), s.next()];
      seen`;
    expect(await start().value(code)).toEqual([1, false, 2, false, 'end', true, null]);
  });

  test('collects, visits and iterates', async () => {
    const { value } = start();
    const make = 'Streaming.create(function* () { yield 1; yield null; yield 2; })';
    expect(await value(`${make}.collect()`)).toEqual([1, 2]);
    expect(await value(`{ const seen = []; ${make}.each((v) => seen.push(v)); seen }`)).toEqual([1, 2]);
    expect(await value(`[...${make}]`)).toEqual([1, null, 2]);
  });

  test('takes plain functions too', async () => {
    const { value } = start();
    expect(await value('Streaming.create((give) => { give(1); give(2); }).collect()')).toEqual([1, 2]);
    expect(await value('Streaming.create(() => { Streaming.yield(5); }).collect()')).toEqual([5]);
  });

  test('an error of the body is raised by next and ends the stream', async () => {
    const { value } = start();
    const code = `
      const s = Streaming.create(function* () { yield 1; throw new Error('broken'); });
      s.next();
      let message; try { s.next(); } catch (e) { message = e.message; }
      [message, s.isDone()]`;
    expect(await value(code)).toEqual(['broken', true]);
    expect((await start().failure('Streaming.create(5)')).message).toContain('Streaming.create');
  });
});

describe('Debug', () => {
  test('dumps values in the form all languages share', async () => {
    const { value } = start();
    expect(await value('Debug.dump({ b: [1.5, "s"], a: 42, c: null }, "cfg")')).toBe(
      [
        'cfg:',
        '{ (object, 3 pairs)',
        '  a = 42 (integer),',
        '  b = [ (array, 2 elements)',
        '    [0] = 1.5 (number),',
        '    [1] = "s" (string, 1 chars)',
        '  ],',
        '  c = null',
        '}',
      ].join('\n'),
    );
    expect(await value('Debug.dumpCompact({ a: 1, list: [1, 2] }, "x")')).toBe('x: {a = 1, list = [1, 2]}');
    expect(await value('{ const o = {}; o.o = o; Debug.dump_compact(o) }')).toBe(
      '{o = <circular reference to depth 0>}',
    );
    expect(
      await value('Debug.dumpWithOptions([[[1]]], { max_depth: 0, show_types: false, compact_mode: true })'),
    ).toBe('[...]');
  });

  test('shows the script’s own stack', async () => {
    const { value } = start();
    expect(await value('function outer() { return Debug.stackTrace(); }\nouter()')).toBe(
      "Stack trace:\n  #0: in function 'outer' (main.js:1)\n  #1: in function 'main' (main.js:2)",
    );
    const json = JSON.parse((await value('Debug.stackTraceJson({ max_depth: 1 })')) as string);
    expect(json).toMatchObject({
      frames: [{ name: 'main', source: 'main.js', line: 1 }],
      max_depth: 1,
      truncated: false,
    });
  });

  test('times and logs', async () => {
    const { value, logged } = start();
    const code =
      'const t = Debug.timer("work"); const lap = t.lap("half"); [lap, typeof t.id, typeof t.elapsed(), typeof t.stop(), t.stop()]';
    expect(await value(code)).toEqual([true, 'string', 'number', 'number', null]);
    await value('Debug.info("hello", "app")');
    expect(logged).toMatchObject([{ level: 'INFO', message: 'hello', module: 'app' }]);
  });
});

describe('completion', () => {
  const complete = async (setup: string, text: string) => {
    const { run, isolate, output } = start(() => null);
    await run(setup, { interactive: true });
    const names = await isolate.inquire('complete', text);
    return { names, output };
  };

  test('offers globals, keywords and members', async () => {
    expect((await complete('var secret = 1', 'x = sec')).names).toEqual(['secret']);
    expect((await complete('0', 'retu')).names).toEqual(['return']);
    expect((await complete('0', 'Tool.exe')).names).toEqual(['Tool.execute']);
    expect((await complete('var o = { inner: { deep: 1 } }', 'print(o.inner.de')).names).toEqual([
      'o.inner.deep',
    ]);
    expect((await complete('0', '')).names).toEqual([]);
  });

  test('never runs code of the script', async () => {
    const trap = `
      var o = { get noisy() { print('ran'); return { x: 1 }; } };
      var p = new Proxy({}, { ownKeys() { print('ran'); return []; }, getPrototypeOf() { print('ran'); return null; },
        getOwnPropertyDescriptor() { print('ran'); } });
      var q = Object.create(p);`;
    for (const text of ['o.noisy.', 'p.', 'p.x.', 'q.', 'o.no']) {
      const { output } = await complete(trap, text);
      expect(output.stdout).toBe('');
    }
    expect((await complete(trap, 'o.no')).names).toEqual(['o.noisy']);
  });
});

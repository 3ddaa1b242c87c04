import { describe, expect, test } from 'vitest';
import { reference, type ScriptValue } from '../../core/values.js';
import { type Answer, start } from './testing.js';

/** A kernel with one agent; its methods say what they were called with. */
const kernel: Answer = ({ member, handle, args }): ScriptValue => {
  if (member === 'Agent.get') return reference('agent', String(args[0]));
  return `${member}(${handle}${args.map((arg) => `, ${String(arg)}`).join('')})`;
};

describe('a handle', () => {
  test('has methods with and without a colon, in both spellings', async () => {
    const { value } = start(kernel);
    await value('a = Agent.get(7)');
    expect(await value('a:execute("x")')).toBe('agent.execute(agent:7, x)');
    expect(await value('a.execute("x")')).toBe('agent.execute(agent:7, x)');
    expect(await value('a:invokeStream("x", 1) == a:invoke_stream("x", 1)')).toBe(true);
  });

  test('says nothing else about itself', async () => {
    const { value } = start(kernel);
    await value('a = Agent.get(7)');
    expect(await value('{ type(a), a.nope == nil, a.__index == nil, getmetatable(a) }')).toEqual([
      'userdata',
      true,
      true,
      false,
    ]);
    expect(await value('{ pcall(function() a.x = 1 end) }')).toMatchObject([false, expect.anything()]);
  });

  test('is the same object as long as the script holds it', async () => {
    const { value } = start(kernel);
    expect(await value('Agent.get(7) == Agent.get(7)')).toBe(true);
    expect(await value('Agent.get(7) == Agent.get(8)')).toBe(false);
    expect(await value('({ [Agent.get(7)] = "found" })[Agent.get(7)]')).toBe('found');
  });

  test('keeps its method, whatever else is passed as self', async () => {
    const { value } = start(kernel);
    await value('a, b = Agent.get(7), Agent.get(8)');
    expect(await value('a.execute(b)')).toBe('agent.execute(agent:7, agent:8)');
  });

  test('is given back with all its receipts when it is collected', async () => {
    const { run, released } = start(kernel);
    await run(
      'Agent.get(7) Agent.get(7) local kept = Agent.get(8) collectgarbage() collectgarbage() Tool.list()',
    );
    expect(released).toEqual([{ handle: 'agent:7', count: 2 }]);
  });

  test('that a finalizer brings back is dead', async () => {
    const { failure } = start(kernel);
    const code = `
      setmetatable({ agent = Agent.get(7) }, { __gc = function(self) BACK = self.agent end })
      collectgarbage()
      BACK:execute("x")`;
    expect(await failure(code)).toMatchObject({ code: 'handle.released' });
  });
});

test('functions that are handed out are counted', async () => {
  const { failure } = start(kernel, { memoryBytes: 128 * 1024 * 1024 });
  const code =
    'local list = {} for i = 1, 1000 do list[i] = function() end end for i = 1, 200 do Tool.list(list) end';
  expect(await failure(code)).toMatchObject({ code: 'limit.memory' });
});

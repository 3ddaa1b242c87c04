import { expect, test } from 'vitest';
import { testContext } from '../core/testing.js';
import type { AgentTool, AgentTools } from './contract.js';
import { answerToolCall, MAX_TOOL_TEXT } from './tool-turn.js';
import { Toolbox } from './toolbox.js';

/** Tools that answer with their own name; an alias `alias-of-x` leads to `x`. */
function tools(...names: string[]): AgentTools {
  const entry = (name: string): AgentTool => ({ name, description: name, parameters: { type: 'object' } });
  return {
    list: async () => names,
    async get(name) {
      const real = name.replace('alias-of-', '');
      return names.includes(real) ? entry(real) : undefined;
    },
    call: async (name) => {
      const text = name === 'long' ? 'x'.repeat(MAX_TOOL_TEXT + 5) : name;
      return {
        ...{ success: true, operation: name, result: null, text, output: text, data: null },
        ...{ message: '', error: null, error_details: null, metadata: {} },
      };
    },
  };
}

const names = (box: Toolbox) => box.offered.map((tool) => tool.name);

test('offers what is allowed, sorted, each tool once', async () => {
  const box = await Toolbox.open(
    tools('b', 'a', 'c'),
    ['b', 'alias-of-b', 'a', 'ghost'],
    testContext().context,
  );
  expect(names(box)).toEqual(['a', 'b']);
  expect(box.missing).toEqual(['ghost']);
  expect(names(await Toolbox.open(tools('b', 'a'), ['*'], testContext().context))).toEqual(['a', 'b']);
  expect(names(await Toolbox.open(tools('b', 'a'), [], testContext().context))).toEqual([]);
});

test('names that providers would refuse are replaced and found again', async () => {
  const odd = ['my agent_tool', 'my.agent_tool', `${'n'.repeat(80)}`];
  const box = await Toolbox.open(tools(...odd), ['*'], testContext().context);
  for (const name of names(box)) expect(name).toMatch(/^[\w-]{1,64}$/);
  expect(new Set(names(box)).size).toBe(3);
  expect(
    names(box)
      .map((name) => box.find(name))
      .sort(),
  ).toEqual([...odd].sort());
});

test('a model may write underscores for hyphens', async () => {
  const box = await Toolbox.open(tools('file-operations'), ['*'], testContext().context);
  expect(box.find('file_operations')).toBe('file-operations');
  expect(box.find('other')).toBeUndefined();
});

test('a long text is cut and says so', async () => {
  const all = tools('long');
  const call = { id: '1', name: 'long', arguments: {} };
  const { text } = await answerToolCall(
    call,
    await Toolbox.open(all, ['*'], testContext().context),
    all,
    testContext().context,
  );
  expect(text).toHaveLength(MAX_TOOL_TEXT + '\n[5 more characters were cut]'.length);
  expect(text).toContain('[5 more characters were cut]');
});

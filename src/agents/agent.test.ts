import { expect, test } from 'vitest';
import { z } from 'zod';
import { fail } from '../core/errors.js';
import { testContext } from '../core/testing.js';
import type { JsonObject } from '../core/values.js';
import type { ModelMessage } from '../providers/model.js';
import { defineTool, type ToolDefinition } from '../tools/define.js';
import { Agents } from './agents.js';
import type { AgentEvent } from './contract.js';
import {
  adder,
  collected,
  type ScriptedTurn,
  scriptedModel,
  servicesFor,
  storeInMemory,
  toolsOf,
} from './testing.js';

function agentWith(turns: ScriptedTurn[], definition: JsonObject = {}, tools: ToolDefinition[] = [adder]) {
  const model = scriptedModel(turns);
  const state = storeInMemory();
  const agents = new Agents(servicesFor(model, { tools: toolsOf(...tools), state }));
  const agent = agents.create({ name: 'qa', model: 'fake/scripted', ...definition });
  return { agent, agents, model, state, ...testContext() };
}

const callAdd = (a: number, b: number) => ({ calls: [{ name: 'add-numbers', arguments: { a, b } }] });
const roles = (messages: ModelMessage[]) => messages.map((message) => message.role);

function tool(name: string, run: ToolDefinition['run']): ToolDefinition {
  const definition = defineTool({
    name,
    category: 'utility',
    level: 'safe',
    description: name,
    capabilities: [],
    input: z.looseObject({}),
    samples: [],
    run,
  });
  return definition as unknown as ToolDefinition;
}

test('answers, and remembers the conversation', async () => {
  const { agent, model, context } = agentWith(['Four.', 'Eight.'], {
    system_prompt: 'Be brief.',
    temperature: 0.2,
  });
  expect(await agent.execute('2+2?', context)).toMatchObject({ success: true, text: 'Four.' });
  await agent.execute({ prompt: 'and 4+4?', max_tokens: 9 }, context);
  expect(model.requests[1]).toMatchObject({
    temperature: 0.2,
    maxTokens: 9,
    messages: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: '2+2?' },
      { role: 'assistant', text: 'Four.' },
      { role: 'user', text: 'and 4+4?' },
    ],
  });
});

test('calls a tool and tells the model its result', async () => {
  const { agent, model, context, events } = agentWith([callAdd(2, 3), 'It is 5.'], {
    allowed_tools: ['add_numbers'],
  });
  const out = await agent.execute('2+3?', context);
  expect(out).toMatchObject({
    text: 'It is 5.',
    tool_calls: [{ name: 'add-numbers', arguments: { a: 2, b: 3 }, success: true, text: '5' }],
    metadata: { token_count: 30, tool_calls: 1, provider: 'fake', usage_source: 'provider' },
  });
  expect(model.requests[0]!.tools).toMatchObject([{ name: 'add-numbers', parameters: { type: 'object' } }]);
  expect(roles(model.requests[1]!.messages)).toEqual(['system', 'user', 'assistant', 'tool']);
  expect(events.map((event) => event.path)).toContain('run/agent:qa/tool:add-numbers');
  expect(agent.metrics()).toMatchObject({
    tool_invocations: 1,
    requests_total: 1,
    input_tokens: 20,
    cost_usd: 0.002,
  });
});

test.each([
  ['a tool that is not allowed', [], 'not available'],
  ['wrong arguments', ['*'], "Missing required parameter 'b'"],
])('%s is an error message to the model', async (_, allowed, said) => {
  const { agent, model, context } = agentWith(
    [{ calls: [{ name: 'add-numbers', arguments: { a: 1 } }] }, 'Sorry.'],
    { allowed_tools: allowed },
  );
  const out = await agent.execute('go', context);
  expect(out.tool_calls).toMatchObject([{ success: false }]);
  const told = model.requests[1]!.messages.at(-1)!;
  expect(told).toMatchObject({ role: 'tool', isError: true, text: expect.stringContaining(said) });
});

test('a tool that fails softly or throws does not end the run', async () => {
  const soft = tool('soft', async () => ({ failure: { message: 'disk full' } }));
  const hard = tool('hard', async () => {
    throw fail('permission.read', 'Permission denied: /etc/shadow');
  });
  const { agent, context } = agentWith(
    [{ calls: [{ name: 'soft' }, { name: 'hard' }] }, 'Both failed.'],
    { allowed_tools: '*' },
    [soft, hard],
  );
  const out = await agent.execute('go', context);
  expect(out.tool_calls).toMatchObject([
    { success: false, text: 'Error: disk full' },
    { success: false, text: expect.stringContaining('Permission denied') },
  ]);
});

test('exactly as many tool calls as allowed', async () => {
  const endless = callAdd(1, 1);
  const { agent, context } = agentWith([endless], { allowed_tools: '*', max_tool_calls: 3 });
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'agent.tool_limit' });
  expect(agent.metrics()).toMatchObject({ tool_invocations: 3, requests_failed: 1, requests_active: 0 });
  const enough = agentWith([endless, endless, endless, 'done'], { allowed_tools: '*', max_tool_calls: 3 });
  expect(await enough.agent.execute('go', enough.context)).toMatchObject({ text: 'done' });
});

test('a used-up budget ends the run and the model is not asked again', async () => {
  const { agent, model } = agentWith([callAdd(1, 1)], { allowed_tools: '*' });
  const { context } = testContext({ limits: { calls: 2 } });
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'budget.calls' });
  expect(model.requests).toHaveLength(1);
});

test('cancelling during a tool ends the run, and a failed execution leaves nothing in the memory', async () => {
  const stop = new AbortController();
  const waits = tool('waits', async (_, inner) => {
    stop.abort(fail('component.cancelled', 'stopped'));
    await inner.effects.sleep(60_000, inner.signal);
    return {};
  });
  const { agent, model } = agentWith([{ calls: [{ name: 'waits' }] }, 'never'], { allowed_tools: '*' }, [
    waits,
  ]);
  const { context } = testContext({ signal: stop.signal });
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'component.cancelled' });
  expect(model.requests).toHaveLength(1);
  expect(agent.conversation.turns).toEqual([]);
});

test('the time limit of the plan ends the run', async () => {
  const { agent, context } = agentWith(
    [
      async function* (_, inner) {
        await inner.effects.sleep(60_000, inner.signal);
        yield { type: 'text', text: 'late' };
      },
    ],
    { max_execution_time_secs: 0.05 },
  );
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'component.timeout' });
});

test('overlapping executions do not mix', async () => {
  const { agent, model, context } = agentWith(['one', 'two']);
  await Promise.all([agent.execute('first', context), agent.execute('second', context)]);
  expect(model.requests.map((request) => roles(request.messages))).toEqual([
    ['system', 'user'],
    ['system', 'user'],
  ]);
  expect(agent.conversation.turns.map((turn) => turn.length)).toEqual([2, 2]);
});

test('a stream yields progress and then the output', async () => {
  const { agent, context } = agentWith([{ text: 'Let me add. ', ...callAdd(1, 2) }, 'It is 3.'], {
    allowed_tools: '*',
  });
  const seen: AgentEvent[] = [];
  for await (const event of agent.stream('1+2?', context)) seen.push(event);
  expect(seen.map((event) => (event.type === 'text' ? event.text : event.type))).toEqual([
    ...['Let ', 'me ', 'add. ', 'tool.started', 'tool.finished', 'It ', 'is ', '3.', 'finish'],
  ]);
  expect(seen.at(-1)).toMatchObject({ output: { text: 'It is 3.', success: true } });
});

test('who stops reading a stream cancels the model', async () => {
  let cancelled: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  const { agent, context } = agentWith([
    async function* (_, inner) {
      inner.signal.addEventListener('abort', cancelled);
      yield { type: 'text', text: 'first' };
      await inner.effects.sleep(60_000, inner.signal);
    },
  ]);
  for await (const event of agent.stream('go', context)) {
    expect(event).toEqual({ type: 'text', text: 'first' });
    break;
  }
  await ended;
  expect(agent.conversation.turns).toEqual([]);
});

test('a failing stream throws after its progress', async () => {
  const { agent, context } = agentWith([callAdd(1, 2)], { allowed_tools: '*', max_tool_calls: 1 });
  const types: string[] = [];
  const read = async () => {
    for await (const event of agent.stream('go', context)) types.push(event.type);
  };
  await expect(read()).rejects.toMatchObject({ code: 'agent.tool_limit' });
  expect(types).toEqual(['tool.started', 'tool.finished']);
});

test('hooks may replace input and output, streamed or not', async () => {
  const { agent, model } = agentWith(['plain']);
  const { context } = testContext({
    interceptors: [
      async (invocation, next) => {
        if (invocation.component.kind !== 'agent') return next(invocation);
        const output = (await next({ ...invocation, input: 'replaced' })) as object;
        return { ...output, text: 'hooked' };
      },
    ],
  });
  const events = await collected(agent.stream('original', context));
  expect(events.at(-1)).toMatchObject({ type: 'finish', output: { text: 'hooked' } });
  expect(model.requests[0]!.messages.at(-1)).toEqual({ role: 'user', text: 'replaced' });
});

test('saved state restores the conversation in another session', async () => {
  const first = agentWith([callAdd(1, 1), 'Two.'], { allowed_tools: '*' });
  await first.agent.execute('1+1?', first.context);
  await first.agent.saveState(first.context);
  const model = scriptedModel(['Again two.']);
  const second = new Agents(servicesFor(model, { state: first.state })).create({ name: 'qa' });
  expect(await second.loadState(first.context)).toBe(true);
  await second.execute('what was it?', first.context);
  expect(roles(model.requests[0]!.messages)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'assistant',
    'user',
  ]);
  expect(await second.deleteState(first.context)).toBe(true);
  expect(await second.loadState(first.context)).toBe(false);
});

test('damaged saved state is named, absent state management too', async () => {
  const { agent, state, context } = agentWith(['x']);
  state.values.set('agent:qa:agent_state', { version: 1, turns: 'none' });
  await expect(agent.loadState(context)).rejects.toMatchObject({ code: 'storage.failed' });
  const bare = new Agents(servicesFor(scriptedModel(['x']))).create({});
  await expect(bare.saveState(context)).rejects.toThrow('State manager not configured');
});

test('paused and destroyed agents do not execute', async () => {
  const { agent, agents, context } = agentWith(['x']);
  for (const action of ['initialize', 'start', 'pause'] as const) agent.lifecycle.act(action);
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'agent.illegal_transition' });
  agent.lifecycle.act('resume');
  await agent.execute('go', context);
  agents.destroy('qa');
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'agent.illegal_transition' });
});

test('alerts are raised after an execution that fails', async () => {
  const { agent, context } = agentWith([callAdd(1, 1)], { allowed_tools: '*', max_tool_calls: 0 });
  agent.alerts.configure({
    name: 'broken',
    condition: { type: 'error_rate', rate_percent: 50, duration_seconds: 0 },
  });
  agent.alerts.configure({
    name: 'busy',
    condition: {
      type: 'metric_threshold',
      metric_name: 'requests_total',
      operator: '>',
      threshold: 5,
      duration_seconds: 0,
    },
  });
  await expect(agent.execute('go', context)).rejects.toMatchObject({ code: 'agent.tool_limit' });
  expect(agent.alerts.list()).toMatchObject([
    { name: 'broken', severity: 'warning', message: 'error rate is 100 %' },
  ]);
  expect(agent.health()).toBe('Degraded');
  expect(() => agent.alerts.configure({ name: 'x' })).toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
});

test('allowed tools that do not exist are reported in the journal', async () => {
  const { agent, context, events } = agentWith(['ok'], { allowed_tools: ['no-such-tool'] });
  await agent.execute('go', context);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'log', message: expect.stringContaining('no-such-tool') }),
  );
});

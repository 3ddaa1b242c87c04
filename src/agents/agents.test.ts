import { expect, test } from 'vitest';
import { invoke } from '../core/invoke.js';
import { testContext } from '../core/testing.js';
import type { JsonObject } from '../core/values.js';
import { toolComponent } from '../tools/component.js';
import { Agents } from './agents.js';
import { agentCapabilities, agentDetails, agentHierarchy, discoverByCapability } from './catalog.js';
import { scriptedModel, servicesFor, toolsOf } from './testing.js';

/** Agents whose answers are scripted by agent name: the models are called `fake/<answer>`. */
function session() {
  const agents = new Agents(
    servicesFor(scriptedModel(['x']), {
      resolveModel: async (spec) => {
        const answer = spec?.slice('fake/'.length) ?? '';
        const model = scriptedModel(answer === 'echo' ? [echo] : answer === 'break' ? [broken] : [answer]);
        return { model, settings: (await servicesFor(model).resolveModel(spec, {})).settings };
      },
    }),
  );
  return { agents, ...testContext() };
}

const echo: Parameters<typeof scriptedModel>[0][number] = async function* (request) {
  const last = request.messages.at(-1)!;
  yield { type: 'text', text: `<${last.text}>` };
  yield {
    type: 'finish',
    reason: 'stop',
    usage: { inputTokens: 1, outputTokens: 1, costUsd: 0, source: 'provider' },
  };
};

// biome-ignore lint/correctness/useYield: it fails before it could say anything
const broken: typeof echo = async function* () {
  throw new Error('out of order');
};

test('names are unique until an agent is destroyed', () => {
  const { agents } = session();
  const first = agents.create({ name: 'a', type: 'basic' });
  expect(() => agents.create({ name: 'a', type: 'basic' })).toThrow("Agent instance 'a' already exists");
  agents.destroy('a');
  expect(agents.get('a')).toBeUndefined();
  expect(agents.create({ name: 'a', type: 'basic' })).not.toBe(first);
  expect(() => agents.destroy('b')).toThrow(expect.objectContaining({ code: 'agent.not_found' }));
});

test('reuse gives the same agent for the same definition and a new one for another', () => {
  const { agents } = session();
  const options = { reuse: true };
  const first = agents.create({ name: 'a', model: 'fake/x' }, options);
  expect(agents.create({ name: 'a', model: 'fake/x' }, options)).toBe(first);
  const second = agents.create({ name: 'a', model: 'fake/y' }, options);
  expect(second).not.toBe(first);
  expect(agents.get('a')).toBe(second);
  agents.release(first);
  expect(agents.get('a')).toBe(second);
});

test('an agent without a name gets one', () => {
  const { agents } = session();
  expect(agents.create({ type: 'basic' }).id).toMatch(/^agent_[0-9a-f]{8}$/);
});

test('basic agents echo and need no model', async () => {
  const { agents, context } = session();
  expect(agents.register({ name: 'echo', type: 'basic' })).toBe('echo');
  expect(await agents.require('echo').execute({ text: 'hi' }, context)).toMatchObject({
    text: "BasicAgent 'echo' received: hi",
    metadata: { provider: 'basic', token_count: 0 },
  });
});

test('templates', async () => {
  const { agents, context } = session();
  const basic = agents.createFromTemplate('b', 'basic', {});
  expect(await basic.execute('hi', context)).toMatchObject({ text: "BasicAgent 'b' received: hi" });
  const all = agents.createFromTemplate('o', 'tool_orchestrator', { model: 'fake/x', name: 'ignored' });
  expect(all.plan).toMatchObject({ name: 'o', allowedTools: ['*'], model: 'fake/x' });
  expect(() => agents.createFromTemplate('x', 'wizard', {})).toThrow('Failed to create from template');
});

function trio() {
  const made = session();
  for (const [name, model] of [
    ['one', 'fake/echo'],
    ['two', 'fake/echo'],
    ['three', 'fake/no'],
  ])
    made.agents.create({ name: name!, model: model! });
  return made;
}

test('sequential: each delegate is given what the one before said', async () => {
  const { agents, context, events } = trio();
  agents.createComposite('chain', ['one', 'two'], 'sequential');
  const out = await agents.require('chain').execute('hi', context);
  expect(out).toMatchObject({ text: '<<hi>>', metadata: { token_count: 4, provider: 'composite' } });
  expect(events.map((event) => event.path)).toContain('run/agent:chain/agent:two');
});

test('parallel: all answers, in the order of the delegates', async () => {
  const { agents, context } = trio();
  agents.createComposite('all', ['three', 'one'], { strategy: 'parallel' });
  const out = await agents.require('all').execute('hi', context);
  expect(out.text).toBe('no\n\n<hi>');
  expect(out.data).toEqual([
    { agent: 'three', text: 'no' },
    { agent: 'one', text: '<hi>' },
  ]);
});

test('vote: the most frequent answer, if it is frequent enough', async () => {
  const { agents, context } = trio();
  agents.createComposite('jury', ['three', 'one', 'two'], 'vote');
  expect(await agents.require('jury').execute('hi', context)).toMatchObject({ text: '<hi>' });
  agents.createComposite('strict', ['three', 'one', 'two'], { strategy: 'vote', threshold: 0.9 });
  await expect(agents.require('strict').execute('hi', context)).rejects.toMatchObject({
    code: 'agent.no_majority',
  });
  agents.createComposite('kind', ['three', 'one'], { strategy: 'vote', threshold: 1, fallback_agent: 'two' });
  expect(await agents.require('kind').execute('hi', context)).toMatchObject({ text: '<hi>' });
});

test('a failing delegate fails the composite, unless there is a fallback', async () => {
  const { agents, context } = trio();
  agents.create({ name: 'bad', model: 'fake/break' });
  agents.createComposite('c', ['bad', 'one'], 'parallel');
  await expect(agents.require('c').execute('hi', context)).rejects.toThrow('out of order');
  agents.createComposite('d', ['bad', 'one'], { strategy: 'parallel', fallback_agent: 'three' });
  expect(await agents.require('d').execute('hi', context)).toMatchObject({ text: 'no' });
});

test.each([
  ['a delegate that does not exist', ['ona'], 'sequential', 'agent.not_found'],
  ['no delegates', {}, 'sequential', 'agent.invalid'],
  ['an unknown strategy', ['one'], 'lottery', 'agent.invalid'],
  ['an impossible threshold', ['one'], { strategy: 'vote', threshold: 2 }, 'agent.invalid'],
])('no composite of %s', (_, delegates, routing, code) => {
  const { agents } = trio();
  expect(() => agents.createComposite('c', delegates, routing)).toThrow(expect.objectContaining({ code }));
});

test('agents that call each other in a circle are stopped', async () => {
  const { agents, context } = trio();
  agents.createComposite('inner', ['one'], 'sequential');
  agents.createComposite('outer', ['inner'], 'sequential');
  agents.destroy('inner');
  agents.createComposite('inner', ['outer'], 'sequential');
  await expect(agents.require('outer').execute('hi', context)).rejects.toMatchObject({
    code: 'agent.recursion_limit',
  });
  expect(agentHierarchy(agents, 'outer')).toEqual({ root: node('outer', node('inner', node('outer'))) });
});

const node = (name: string, ...children: JsonObject[]): JsonObject => ({
  name,
  type: 'agent',
  id: name,
  children,
});

test('a wrapped agent is a tool that passes its text on', async () => {
  const { agents, context } = trio();
  const tool = agents.wrapAsTool('one', { category: 'analysis', security_level: 'unheard of' });
  expect(tool).toMatchObject({ name: 'one_tool', category: 'analysis', level: 'restricted' });
  for (const input of [{ text: 'hi' }, { prompt: 'hi' }, { input: 'hi' }])
    expect(await invoke(toolComponent(tool), input, context)).toMatchObject({ success: true, text: '<hi>' });
  expect(() => agents.wrapAsTool('nobody', {})).toThrow(expect.objectContaining({ code: 'agent.not_found' }));
});

test('an agent calls another through its tool', async () => {
  const { agents: inner } = trio();
  const model = scriptedModel([{ calls: [{ name: 'one_tool', arguments: { text: 'ping' } }] }, 'done']);
  const outer = new Agents(
    servicesFor(model, { tools: toolsOf({ ...inner.wrapAsTool('one', {}), name: 'one-tool' }) }),
  );
  const { context, events } = testContext();
  const out = await outer.create({ name: 'boss', allowed_tools: '*' }).execute('go', context);
  expect(out.tool_calls).toMatchObject([{ text: '<ping>', success: true }]);
  expect(events.map((event) => event.path)).toContain('run/agent:boss/tool:one-tool/agent:one');
});

test('details, capabilities, discovery', () => {
  const { agents } = trio();
  agents.create({ name: 'echo', type: 'basic', description: 'Delegates nothing' });
  agents.createComposite('c', ['one'], 'vote');
  expect(agentDetails(agents, 'one')).toMatchObject({
    id: 'one',
    state: 'Uninitialized',
    metrics: { requests_total: 0 },
  });
  expect(() => agentDetails(agents, 'on')).toThrow('not found');
  expect(Object.keys(agentCapabilities(agents))).toEqual(['c', 'echo', 'one', 'three', 'two']);
  expect(discoverByCapability(agents, 'tools')).toEqual(['one', 'three', 'two']);
  expect(discoverByCapability(agents, 'composite')).toEqual(['c', 'echo']);
  expect(discoverByCapability(agents, 'thr')).toEqual(['three']);
});

test('an agent is told what its execution context knows', async () => {
  const { agents, context } = trio();
  const id = agents.contexts.create({ data: { user: 'ann' }, scope: { type: 'session', id: 's' } });
  agents.contexts.shared.set('session:s', 'mood', 'good');
  const out = await agents.executeIn(id, agents.require('one'), { text: 'hi' }, context);
  expect(out.text).toContain('"user": "ann"');
  expect(out.text).toContain('"mood": "good"');
  await expect(agents.executeIn('nope', agents.require('one'), 'hi', context)).rejects.toMatchObject({
    code: 'agent.context_not_found',
  });
});

import { expect, test } from 'vitest';
import { testContext } from '../core/testing.js';
import type { JsonObject } from '../core/values.js';
import { Agents } from './agents.js';
import { compileSchema } from './answer-schema.js';
import { adder, collected, type ScriptedTurn, scriptedModel, servicesFor, toolsOf } from './testing.js';

const schema: JsonObject = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 1 } },
  required: ['city', 'people'],
  additionalProperties: false,
};
const good = '{"city": "Rome", "people": 3}';

function asking(turns: ScriptedTurn[], definition: JsonObject = {}) {
  const model = scriptedModel(turns);
  const agent = new Agents(servicesFor(model, { tools: toolsOf(adder) })).create({
    name: 'qa',
    response_schema: schema,
    ...definition,
  });
  return { agent, model, ...testContext() };
}

test('a right answer is decoded', async () => {
  const { agent, model, context } = asking([good]);
  expect(await agent.execute('?', context)).toMatchObject({ text: good, data: { city: 'Rome', people: 3 } });
  expect(model.requests[0]!.responseSchema).toEqual(schema);
});

test('a wrong answer is sent back with its problems, and is forgotten afterwards', async () => {
  const { agent, model, context } = asking(['{"city": "Rome"}', good]);
  const events = await collected(agent.stream('?', context));
  expect(events).toContainEqual({ type: 'repair', attempt: 1, problems: expect.stringContaining('people') });
  expect(model.requests[1]!.messages.slice(-2)).toMatchObject([
    { role: 'assistant', text: '{"city": "Rome"}' },
    { role: 'user', text: expect.stringContaining('people') },
  ]);
  expect(agent.conversation.window()).toEqual([
    { role: 'user', text: '?' },
    { role: 'assistant', text: good },
  ]);
  expect(agent.metrics()).toMatchObject({ input_tokens: 20 });
});

test('repair is bounded and tells the last problem', async () => {
  const { agent, model, context } = asking(['no', 'JSON', 'here']);
  await expect(agent.execute('?', context)).rejects.toMatchObject({
    code: 'agent.output_invalid',
    details: { problems: 'the answer is not JSON', text: 'here', attempts: 3 },
  });
  expect(model.requests).toHaveLength(3);
});

test('tool calls before a repair stay in the memory and count', async () => {
  const call = { calls: [{ name: 'add-numbers', arguments: { a: 1, b: 2 } }] };
  const { agent, context } = asking([call, 'wrong', call, good], { allowed_tools: '*' });
  const out = await agent.execute('?', context);
  expect(out.metadata).toMatchObject({ tool_calls: 2, input_tokens: 40 });
  const roles = agent.conversation.window().map((message) => message.role);
  expect(roles).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool', 'assistant']);
});

test('a schema per call, with the empty lists that Lua cannot write', async () => {
  const { agent, model, context } = asking(['{"required": 1}'], { response_schema: null });
  const perCall = { type: 'object', properties: { required: {} }, required: {}, enum: {} };
  const out = await agent.execute({ text: '?', response_schema: perCall }, context);
  expect(out.data).toEqual({ required: 1 });
  expect(model.requests[0]!.responseSchema).toEqual({ type: 'object', properties: { required: {} } });
});

test.each([
  ['an unknown type', { type: 'wizard' }],
  ['a remote reference', { $ref: 'https://example.com/x.json' }],
])('%s is no schema', async (_, broken) => {
  const { agent, model, context } = asking([good], { response_schema: broken });
  await expect(agent.execute('?', context)).rejects.toMatchObject({ code: 'agent.invalid' });
  expect(model.requests).toHaveLength(0);
});

test('draft-07 and formats', async () => {
  const check = await compileSchema({
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: { mail: { type: 'string', format: 'email' } },
    $ref: '#/definitions/mail',
  });
  expect(check('a@example.com')).toBeUndefined();
  expect(check('nobody')).toContain('email');
});

test('a pattern that backtracks without end is given up', async () => {
  const check = await compileSchema({ type: 'string', pattern: '^(a+)+$' });
  expect(check(`${'a'.repeat(60)}!`)).toContain('took longer');
});

import { expect, test } from 'vitest';
import { float } from '../core/values.js';
import { agentPlan, describePlan } from './plan.js';

const options = { fallbackName: () => 'agent_00000000' };
const plan = (raw: unknown) => agentPlan(raw, options);

test('defaults', () => {
  expect(plan({})).toMatchObject({
    name: 'agent_00000000',
    description: 'LLM-powered agent',
    type: 'llm',
    model: undefined,
    systemPrompt: 'You are agent_00000000, an AI assistant. LLM-powered agent',
    maxConversationLength: 100,
    maxExecutionSeconds: 300,
    maxToolCalls: 100,
    maxRecursionDepth: 10,
    allowedTools: [],
  });
});

test.each([
  ['flat', { model: 'openai/gpt-4o-mini' }, 'openai/gpt-4o-mini'],
  ['model and provider', { provider: 'openrouter', model: 'deepseek/m' }, 'openrouter/deepseek/m'],
  ['provider said twice', { provider: 'openai', model: 'openai/gpt-4o' }, 'openai/gpt-4o'],
  ['table', { model: { provider: 'ollama', model_id: 'llama3.2' } }, 'ollama/llama3.2'],
  ['camelCase table', { model: { provider: 'ollama', modelId: 'llama3.2' } }, 'ollama/llama3.2'],
  [
    'own prefix inside a table',
    { model: { provider: 'openrouter', model_id: 'openrouter/auto' } },
    'openrouter/openrouter/auto',
  ],
  ['backend', { model: 'local/llama3.1:8b@ollama' }, 'local/llama3.1:8b@ollama'],
  ['provider alone', { provider: 'anthropic' }, 'anthropic'],
  ['nothing', { model: null }, undefined],
])('model: %s', (_, raw, model) => {
  expect(plan(raw).model).toBe(model);
});

test('nested tables yield to what stands at the top', () => {
  const made = plan({
    name: 'qa',
    system_prompt: 'top',
    model: { provider: 'p', model_id: 'm', temperature: 0.5, settings: { temperature: 0.1, top_p: 0.9 } },
    custom_config: { system_prompt: 'nested', max_conversation_length: 7 },
    resource_limits: { max_execution_time_secs: 9, max_tool_calls: 3 },
    maxTokens: float(64),
  });
  expect(made).toMatchObject({
    systemPrompt: 'top',
    temperature: 0.5,
    topP: 0.9,
    maxConversationLength: 7,
    maxExecutionSeconds: 9,
    maxToolCalls: 3,
    maxTokens: 64,
  });
});

test.each([
  ['empty model', { model: '' }, 'Model is required'],
  ['empty model id', { model: { provider: 'openai', model_id: '' } }, 'Model is required'],
  ['empty provider', { provider: '', model: 'm' }, 'Provider is required'],
  ['negative tokens', { max_tokens: -1 }, "'max_tokens'"],
  ['no time', { max_execution_time: 0 }, "'max_execution_time_secs'"],
  ['no memory', { resource_limits: { max_memory_mb: 0 } }, "'max_memory_mb'"],
  ['hot', { temperature: 3 }, "'temperature'"],
  ['unknown type', { type: 'wizard' }, 'Unknown agent type: wizard'],
  ['misspelt key', { sytem_prompt: 'x' }, "did you mean 'system_prompt'"],
  ['odd address', { base_url: 'file:///etc/passwd' }, "'base_url'"],
  ['no table', 'hello', 'expected a table'],
  ['empty name', { name: ' ' }, "'name'"],
])('refuses %s', (_, raw, message) => {
  expect(() => plan(raw)).toThrow(
    expect.objectContaining({ code: 'agent.invalid', message: expect.stringContaining(message) }),
  );
});

test('lists: one string, an empty Lua table, all tools of an orchestrator', () => {
  expect(plan({ tools: 'calculator' }).allowedTools).toEqual(['calculator']);
  expect(plan({ allowed_tools: {} }).allowedTools).toEqual([]);
  expect(plan({ type: 'tool-orchestrator' }).allowedTools).toEqual(['*']);
});

test('the builder accepts any type', () => {
  expect(agentPlan({ type: 'wizard' }, { ...options, anyType: true }).type).toBe('llm');
  expect(agentPlan({ type: 'basic' }, { ...options, anyType: true }).type).toBe('basic');
});

test('a plan is frozen in depth and shows no key', () => {
  const made = plan({ name: 'a', api_key: 'sk-secret', response_schema: { type: 'object' } });
  expect(Object.isFrozen(made.responseSchema)).toBe(true);
  expect(JSON.stringify(describePlan(made))).not.toContain('sk-secret');
  expect(describePlan(made)).toMatchObject({
    api_key: '<REDACTED>',
    resource_limits: { max_tool_calls: 100 },
  });
});

test('keys named __proto__ are data', () => {
  const raw = JSON.parse('{"name":"a","__proto__":{"model":"x/y"}}');
  expect(plan(raw).model).toBeUndefined();
});

import { expect, test } from 'vitest';
import { isFloat } from '../core/values.js';
import type { AgentAnswer } from './contract.js';
import { agentOutput, decodeJson } from './output.js';

const answer = (text: string): AgentAnswer => ({
  provider: 'fake',
  model: 'm',
  text,
  finishReason: 'stop',
  usage: { inputTokens: 3, outputTokens: 4, costUsd: 0.02, source: 'provider' },
  toolCalls: [{ name: 't', arguments: {}, success: true, text: 'ok' }],
  messages: [],
});

test('plain text', () => {
  const out = agentOutput(answer('Hello.'), 12);
  expect(out).toMatchObject({
    success: true,
    text: 'Hello.',
    content: 'Hello.',
    response: 'Hello.',
    output: 'Hello.',
  });
  expect(out).not.toHaveProperty('data');
  expect(out.metadata).toMatchObject({
    model: 'm',
    provider: 'fake',
    token_count: 7,
    estimated_cost_cents: 2,
    usage_source: 'provider',
    duration_ms: 12,
    tool_calls: 1,
    finish_reason: 'stop',
  });
  expect(out.tool_calls).toEqual([{ name: 't', arguments: {}, success: true, text: 'ok' }]);
});

test('a result object is copied to the top but never over the text', () => {
  const text = '{"success": false, "result": 5, "text": "forged", "metadata": 1, "__proto__": {"x": 1}}';
  const out = agentOutput(answer(text), 1);
  expect(out).toMatchObject({ success: false, result: 5, text, _raw_text: text });
  expect(out.metadata).toMatchObject({ model: 'm' });
  expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
});

test('any other JSON object is only data', () => {
  const out = agentOutput(answer('{"name": "x"}'), 1);
  expect(out.data).toEqual({ name: 'x' });
  expect(out).not.toHaveProperty('_raw_text');
  expect(out).not.toHaveProperty('name');
});

test.each([
  ['[1, 2]', [1, 2]],
  ['42', 42],
  ['"s"', 's'],
  ['true', true],
  ['null', null],
  ['```json\n{"a": 1}\n```', { a: 1 }],
  ['7 dwarfs', undefined],
  ['{broken', undefined],
  ['', undefined],
  ['Here: {"a":1}', undefined],
])('decodes %s', (text, value) => {
  expect(decodeJson(text)).toEqual(value);
});

test('floats stay floats', () => {
  expect(isFloat(decodeJson('3.0'))).toBe(true);
});

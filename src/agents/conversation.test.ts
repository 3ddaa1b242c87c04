import { expect, test } from 'vitest';
import type { ModelMessage } from '../providers/model.js';
import { Conversation } from './conversation.js';

const plain = (n: number): ModelMessage[] => [
  { role: 'user', text: `q${n}` },
  { role: 'assistant', text: `a${n}` },
];
const withTools = (n: number, tools: number): ModelMessage[] => [
  { role: 'user', text: `q${n}` },
  ...Array.from({ length: tools }, (_, i): ModelMessage[] => [
    { role: 'assistant', text: '', toolCalls: [{ id: `c${n}.${i}`, name: 't', arguments: {} }] },
    { role: 'tool', callId: `c${n}.${i}`, name: 't', text: 'r' },
  ]).flat(),
  { role: 'assistant', text: `a${n}` },
];
const conversation = (messages: number, bytes = 1e6) => new Conversation({ messages, bytes });

test('whatever the window, no call is separated from its result and a user begins', () => {
  for (let limit = 0; limit < 30; limit++) {
    const memory = conversation(limit);
    for (const turn of [plain(1), withTools(2, 3), plain(3), withTools(4, 1), withTools(5, 2)]) {
      memory.add(turn);
      const window = memory.window();
      const calls = window
        .flatMap((m) => (m.role === 'assistant' ? (m.toolCalls ?? []) : []))
        .map((c) => c.id);
      const results = window.flatMap((m) => (m.role === 'tool' ? [m.callId] : []));
      expect(results).toEqual(calls);
      expect(window.length).toBeLessThanOrEqual(Math.max(0, limit - 1));
      if (window.length > 0) expect(window[0]!.role).toBe('user');
    }
  }
});

test('the newest turns stay', () => {
  const memory = conversation(5);
  for (const n of [1, 2, 3]) memory.add(plain(n));
  expect(memory.window().map((m) => m.text)).toEqual(['q2', 'a2', 'q3', 'a3']);
});

test('of a turn longer than the window question and answer stay', () => {
  const memory = conversation(4);
  memory.add(plain(1));
  memory.add(withTools(2, 5));
  expect(memory.window()).toEqual(plain(2));
});

test('the memory limit forgets old turns', () => {
  const memory = conversation(100, 2500);
  for (let n = 0; n < 10; n++)
    memory.add([
      { role: 'user', text: 'x'.repeat(1000) },
      { role: 'assistant', text: `${n}` },
    ]);
  expect(memory.turns).toHaveLength(2);
  expect(memory.bytes).toBeLessThan(2500);
  expect(memory.window().at(-1)).toMatchObject({ text: '9' });
});

test('zero remembers nothing', () => {
  const memory = conversation(0);
  memory.add(plain(1));
  expect(memory.window()).toEqual([]);
});

test('an empty answer is not remembered, its question is', () => {
  const memory = conversation(10);
  memory.add([
    { role: 'user', text: 'q' },
    { role: 'assistant', text: '' },
  ]);
  expect(memory.window()).toEqual([{ role: 'user', text: 'q' }]);
});

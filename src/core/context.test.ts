import { describe, expect, test } from 'vitest';
import { fail } from './errors.js';
import { testContext } from './testing.js';

describe('a child', () => {
  test('has a path of its own inside its parent', () => {
    const { context } = testContext();
    const agent = context.child('agent', 'qa');
    expect([
      context.path,
      agent.path,
      agent.child('tool', 'calculator').path,
      agent.child('tool', 'calculator').path,
      agent.child('model', 'calculator').path,
      context.child('agent', 'qa').child('tool', 'calculator').path,
    ]).toEqual([
      'run',
      'run/agent:qa',
      'run/agent:qa/tool:calculator',
      'run/agent:qa/tool:calculator[2]',
      'run/agent:qa/model:calculator',
      'run/agent:qa[2]/tool:calculator',
    ]);
  });

  test('writes into the journal of its run, at its path', () => {
    const { context, events } = testContext();
    context.child('tool', 'x').emit({ type: 'model.delta', text: 'a' });
    context.emit({ type: 'model.delta', text: 'b' });
    expect(events).toMatchObject([
      { path: 'run/tool:x', text: 'a', seq: 1 },
      { path: 'run', text: 'b', seq: 2 },
    ]);
  });

  test('spends from the budget of its run', () => {
    const { context } = testContext({ limits: { calls: 1 } });
    context.child('tool', 'x').budget.reserveCall();
    expect(() => context.child('tool', 'y').budget.reserveCall()).toThrow(
      expect.objectContaining({ code: 'budget.calls' }),
    );
  });
});

describe('the signal of a child', () => {
  test('is that of its parent when nothing narrows it', () => {
    const { context } = testContext();
    expect(context.child('tool', 'x').signal).toBe(context.signal);
  });

  test('aborts with its parent, for the same reason', () => {
    const controller = new AbortController();
    const { context } = testContext({ signal: controller.signal });
    const inner = context
      .child('agent', 'a', { timeoutMs: 60_000 })
      .child('tool', 'x', { timeoutMs: 60_000 });
    const reason = fail('execution.interrupted', 'stop');
    controller.abort(reason);
    expect(inner.signal.reason).toBe(reason);
  });

  test('aborts alone when it alone is stopped', () => {
    const { context } = testContext();
    const controller = new AbortController();
    const child = context.child('tool', 'x', { signal: controller.signal });
    controller.abort(fail('component.cancelled', 'enough'));
    expect([child.signal.aborted, context.signal.aborted]).toEqual([true, false]);
  });

  test('aborts when its time is over', async () => {
    const { context } = testContext();
    const { signal } = context.child('tool', 'x', { timeoutMs: 1 });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(context.signal.aborted).toBe(false);
  });
});

test('a child is due when its own limit or its parent’s ends, whichever is first', () => {
  const { context } = testContext({ effects: { now: () => 1000 } });
  expect(context.deadline).toBeUndefined();
  const child = context.child('tool', 'a', { timeoutMs: 500 });
  expect(child.deadline).toBe(1500);
  expect(child.child('tool', 'b', { timeoutMs: 900 }).deadline).toBe(1500);
  expect(child.child('tool', 'c', { timeoutMs: 100 }).deadline).toBe(1100);
});

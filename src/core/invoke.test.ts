import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Component, ExecutionContext, Interceptor } from './component.js';
import { fail } from './errors.js';
import { invoke } from './invoke.js';
import { testContext } from './testing.js';

type Work = (input: { text: string }, context: ExecutionContext) => Promise<unknown>;

function tool(run: Work, more: Partial<Component> = {}): Component<{ text: string }> {
  const input = z.strictObject({ text: z.string() });
  return { kind: 'tool', name: 'probe', description: 'A probe.', input, run, ...more } as Component<{
    text: string;
  }>;
}

const echo = tool(async ({ text }) => text);
const code = (code: string) => expect.objectContaining({ code });
const never = () => new Promise<never>(() => {});

describe('invoke', () => {
  test('gives what the component gives and journals start and end', async () => {
    let now = 0;
    const { context, events } = testContext({ effects: { now: () => now } });
    const slow = tool(async ({ text }) => {
      now += 40;
      return { text };
    });
    expect(await invoke(slow, { text: 'hi' }, context)).toEqual({ text: 'hi' });
    expect(events).toMatchObject([
      { type: 'component.started', path: 'run/tool:probe', name: 'probe', input: { text: 'hi' } },
      { type: 'component.finished', path: 'run/tool:probe', durationMs: 40, output: { text: 'hi' } },
    ]);
    expect(context.budget.calls).toBe(1);
  });

  test.each<[string, unknown]>([
    ['a missing field', {}],
    ['a field of the wrong type', { text: 1 }],
    ['an unknown field', { text: '', txet: '' }],
    ['no record at all', 'text'],
    ['nothing', undefined],
  ])('refuses %s before anything runs', async (_, input) => {
    let ran = false;
    const { context, events } = testContext();
    const probe = tool(async () => {
      ran = true;
    });
    await expect(invoke(probe, input, context)).rejects.toThrow(code('input.invalid'));
    expect(ran).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'component.finished', error: { code: 'input.invalid' } });
  });

  test('refuses an output that its component does not promise', async () => {
    const liar = tool(async () => ({ sum: 'many' }), { output: z.object({ sum: z.number() }) });
    await expect(invoke(liar, { text: '' }, testContext().context)).rejects.toThrow(
      code('component.output_invalid'),
    );
  });

  test.each<[Component['kind'], unknown, string]>([
    ['tool', new TypeError('oops'), 'tool.failed'],
    ['agent', new TypeError('oops'), 'internal.error'],
    ['tool', fail('provider.timeout', 'slow'), 'provider.timeout'],
    ['tool', 'a string', 'tool.failed'],
  ])('gives what a %s throws a code: %s', async (kind, thrown, expected) => {
    const { context, events } = testContext();
    const failing = tool(() => Promise.reject(thrown), { kind });
    await expect(invoke(failing, { text: '' }, context)).rejects.toThrow(code(expected));
    expect(events.at(-1)).toMatchObject({ type: 'component.finished', error: { code: expected } });
  });

  test('makes no call that the budget does not allow', async () => {
    const { context, events } = testContext({ limits: { calls: 1 } });
    await invoke(echo, { text: 'a' }, context);
    await expect(invoke(echo, { text: 'b' }, context)).rejects.toThrow(code('budget.calls'));
    expect(events.map(({ type }) => type)).toEqual([
      'component.started',
      'component.finished',
      'component.started',
      'budget.crossed',
      'component.finished',
    ]);
  });
});

describe('a component that does not listen is left', () => {
  test('when its time is over', async () => {
    const { context } = testContext();
    await expect(invoke(tool(never, { timeoutMs: 5 }), { text: '' }, context)).rejects.toThrow(
      expect.objectContaining({ code: 'component.timeout', message: "tool 'probe' ran longer than 5 ms" }),
    );
  });

  test('when its run is stopped, for the reason of the run', async () => {
    const controller = new AbortController();
    const { context } = testContext({ signal: controller.signal });
    const ended = invoke(tool(never), { text: '' }, context);
    controller.abort(fail('execution.interrupted', 'stop'));
    await expect(ended).rejects.toThrow(code('execution.interrupted'));
  });

  test('when the run was stopped before', async () => {
    const { context } = testContext({ signal: AbortSignal.abort() });
    await expect(invoke(echo, { text: '' }, context)).rejects.toThrow(code('component.cancelled'));
  });

  test('when what it works for ran too long, which is then the reason', async () => {
    const { context, events } = testContext();
    const inner = tool(never, { name: 'inner' });
    const outer = tool((input, own) => invoke(inner, input, own), { name: 'outer', timeoutMs: 5 });
    await expect(invoke(outer, { text: '' }, context)).rejects.toThrow("tool 'outer' ran longer than 5 ms");
    expect(events.at(-2)).toMatchObject({
      type: 'component.finished',
      name: 'inner',
      error: { code: 'component.timeout', message: expect.not.stringContaining('undefined') },
    });
  });

  test('and what it throws afterwards disturbs nobody', async () => {
    const { context } = testContext();
    let throwLate: (reason: unknown) => void = () => {};
    const late = new Promise<never>((_, reject) => {
      throwLate = reject;
    });
    await expect(
      invoke(
        tool(() => late, { timeoutMs: 5 }),
        { text: '' },
        context,
      ),
    ).rejects.toThrow();
    throwLate(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('interceptors', () => {
  const note =
    (name: string, notes: string[]): Interceptor =>
    async (invocation, next) => {
      notes.push(`${name} before`);
      const output = await next(invocation);
      notes.push(`${name} after`);
      return output;
    };

  test('stand around the call, outermost first', async () => {
    const notes: string[] = [];
    const { context } = testContext({ interceptors: [note('a', notes), note('b', notes)] });
    await invoke(
      tool(async () => void notes.push('run')),
      { text: '' },
      context,
    );
    expect(notes).toEqual(['a before', 'b before', 'run', 'b after', 'a after']);
  });

  test('may replace the input, which is checked again, and the output', async () => {
    const shout: Interceptor = async (invocation, next) =>
      `${await next({ ...invocation, input: { text: 'hey' } })}!`;
    const spoil: Interceptor = (invocation, next) => next({ ...invocation, input: { text: 5 } });
    const { context, events } = testContext({ interceptors: [shout] });
    expect(await invoke(echo, { text: 'hi' }, context)).toBe('hey!');
    expect(events.at(-1)).toMatchObject({ output: 'hey!' });
    await expect(
      invoke(echo, { text: 'hi' }, testContext({ interceptors: [spoil] }).context),
    ).rejects.toThrow(code('input.invalid'));
  });

  test('may answer instead of the component, or refuse', async () => {
    const cached: Interceptor = async () => 'cached';
    const refuse: Interceptor = () => Promise.reject(fail('permission.run', 'no'));
    expect(await invoke(tool(never), { text: '' }, testContext({ interceptors: [cached] }).context)).toBe(
      'cached',
    );
    await expect(
      invoke(echo, { text: '' }, testContext({ interceptors: [refuse, cached] }).context),
    ).rejects.toThrow(code('permission.run'));
  });
});

test('what is no JSON does not keep a call from being journaled', async () => {
  const cyclic: { text: string; self?: unknown } = { text: 'x' };
  cyclic.self = cyclic;
  const { context, events } = testContext();
  const anything = tool(async () => cyclic, { input: z.any() });
  expect(await invoke(anything, cyclic as never, context)).toBe(cyclic);
  expect(events).toMatchObject([{ input: '[object Object]' }, { output: '[object Object]' }]);
});

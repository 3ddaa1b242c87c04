import { describe, expect, it } from 'vitest';
import type { ExecutionContext } from '../core/context.js';
import { systemEffects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import { NO_HOOKS } from '../core/no-hooks.js';
import { Secrets } from '../core/secrets.js';
import { allowAll } from '../core/testing.js';
import { type DirectRequest, runDirectly } from './direct-run.js';

function run<T>(work: (context: ExecutionContext) => Promise<T>, request: Partial<DirectRequest> = {}) {
  const surroundings = {
    sessionId: 'session',
    tenant: 'default',
    effects: systemEffects(),
    permissions: allowAll(),
    interceptors: [],
    hooks: NO_HOOKS,
    observers: [],
    secrets: new Secrets(),
  };
  return runDirectly(surroundings, { name: 'probe', signal: new AbortController().signal, ...request }, work);
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('runDirectly', () => {
  it('gives the value and journals the run', async () => {
    const events: JournalEvent[] = [];
    const outcome = await run(async () => 42, { onEvent: (event) => events.push(event) });
    expect(outcome).toMatchObject({ value: 42, calls: 0 });
    expect(outcome.error).toBeUndefined();
    expect(events.map(({ type, run, seq }) => ({ type, run, seq }))).toEqual([
      { type: 'run.started', run: outcome.run, seq: 1 },
      { type: 'run.finished', run: outcome.run, seq: 2 },
    ]);
    expect(events[1]).toMatchObject({ ok: true });
  });

  it('gives what was thrown, as an error with a code', async () => {
    expect((await run(() => Promise.reject(fail('tool.failed', 'no')))).error).toMatchObject({
      code: 'tool.failed',
    });
    expect((await run(() => Promise.reject(new TypeError('oops')))).error).toMatchObject({
      code: 'internal.error',
      message: 'oops',
    });
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const ended = run(({ signal }) => untilAborted(signal), { signal: controller.signal });
    controller.abort(fail('execution.interrupted', 'stop'));
    expect((await ended).error).toMatchObject({ code: 'execution.interrupted' });
  });

  it('ends when the wall time of its budget is over', async () => {
    const events: string[] = [];
    const outcome = await run(({ signal }) => untilAborted(signal), {
      budget: { seconds: 0.02 },
      onEvent: ({ type }) => events.push(type),
    });
    expect(outcome.error).toMatchObject({ code: 'budget.time' });
    expect(events).toContain('budget.crossed');
  });

  it('stops what is still going on when it ends', async () => {
    let left: AbortSignal | undefined;
    await run(async ({ signal }) => {
      left = signal;
    });
    expect(left?.aborted).toBe(true);
  });
});

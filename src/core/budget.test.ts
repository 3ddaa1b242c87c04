import { describe, expect, test } from 'vitest';
import { Budget, type BudgetLimits } from './budget.js';
import type { LlmspellError } from './errors.js';
import { noUsage, type Usage } from './events.js';

function start(limits: BudgetLimits) {
  const clock = { now: 1000 };
  const crossings: LlmspellError[] = [];
  const budget = new Budget(
    limits,
    () => clock.now,
    (error) => crossings.push(error),
  );
  return { budget, clock, crossings };
}

const spent = (usage: Partial<Usage>): Usage => ({ ...noUsage(), source: 'provider', ...usage });
const code = (code: string) => expect.objectContaining({ code });

describe('without limits', () => {
  test('everything is counted and nothing refused', () => {
    const { budget, clock, crossings } = start({});
    for (let call = 0; call < 3; call++) budget.reserveCall();
    budget.settle(spent({ inputTokens: 1e9, outputTokens: 1, costUsd: 2 }));
    clock.now += 1e12;
    budget.check();
    expect(budget).toMatchObject({ calls: 3, remainingMs: undefined, crossed: undefined });
    expect(budget.usage).toMatchObject({ inputTokens: 1e9, outputTokens: 1, costUsd: 2 });
    expect(crossings).toEqual([]);
  });
});

describe('a limit', () => {
  test.each([0, 1, 3])('of %d calls allows exactly as many', (calls) => {
    const { budget } = start({ calls });
    for (let call = 0; call < calls; call++) budget.reserveCall();
    expect(() => budget.reserveCall()).toThrow(code('budget.calls'));
    expect(budget.calls).toBe(calls);
  });

  test.each<[string, BudgetLimits, Partial<Usage>, Partial<Usage>]>([
    ['tokens', { tokens: 10 }, { inputTokens: 6, outputTokens: 4 }, { outputTokens: 1 }],
    ['cost', { costUsd: 0.5 }, { costUsd: 0.5 }, { costUsd: 0.25 }],
  ])('of %s may be reached, not exceeded', (kind, limits, within, beyond) => {
    const { budget } = start(limits);
    budget.settle(spent(within));
    budget.reserveCall();
    expect(() => budget.settle(spent(beyond))).toThrow(code(`budget.${kind}`));
    expect(() => budget.reserveCall()).toThrow(code(`budget.${kind}`));
  });

  test('of time is over when the clock says so', () => {
    const { budget, clock } = start({ seconds: 2 });
    clock.now += 1999;
    budget.check();
    expect(budget.remainingMs).toBe(1);
    clock.now += 5;
    expect(budget.remainingMs).toBe(0);
    expect(() => budget.reserveCall()).toThrow(code('budget.time'));
  });
});

describe('a crossed budget', () => {
  test('stays crossed by the limit that came first, and says so once', () => {
    const { budget, clock, crossings } = start({ tokens: 10, costUsd: 1, seconds: 1 });
    expect(() => budget.settle(spent({ inputTokens: 11 }))).toThrow(code('budget.tokens'));
    expect(() => budget.settle(spent({ costUsd: 5 }))).toThrow(code('budget.tokens'));
    clock.now += 5000;
    expect(() => budget.check()).toThrow(code('budget.tokens'));
    expect(budget.expire()).toBe(budget.crossed);
    expect(crossings).toEqual([budget.crossed]);
  });

  test('still counts what was spent', () => {
    const { budget } = start({ tokens: 10 });
    for (let call = 0; call < 2; call++)
      expect(() => budget.settle(spent({ inputTokens: 11 }))).toThrow(code('budget.tokens'));
    expect(budget.usage.inputTokens).toBe(22);
  });

  test('tells the limit and what was spent', () => {
    const { budget } = start({ tokens: 10 });
    budget.reserveCall();
    expect(() => budget.settle(spent({ inputTokens: 8, outputTokens: 4 }))).toThrow();
    expect(budget.crossed).toMatchObject({
      message: "The run's budget of 10 tokens is used up",
      details: { limit: 10, spent: { inputTokens: 8, outputTokens: 4, calls: 1 } },
    });
    expect(budget.crossed?.hint).toContain('--budget-');
  });

  test('by its timer is crossed even if the clock disagrees', () => {
    const { budget } = start({ seconds: 60 });
    expect(budget.expire()).toMatchObject({ code: 'budget.time' });
    expect(() => budget.check()).toThrow(code('budget.time'));
  });
});

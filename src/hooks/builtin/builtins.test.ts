import { beforeEach, describe, expect, test } from 'vitest';
import type { NamedHookPoint } from '../../core/hook-points.js';
import type { HookOperation } from '../../core/hooks.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { Hooks } from '../hooks.js';
import type { Builtins } from './builtins.js';

let clock: { now: number };
let context: ReturnType<typeof testContext>['context'];
let events: ReturnType<typeof testContext>['events'];
let hooks: Hooks;
let builtins: Builtins;

beforeEach(async () => {
  clock = { now: 1_700_000_000_000 };
  const effects = {
    now: () => clock.now,
    random: () => 0.5,
    sleep: async (ms: number) => void (clock.now += ms),
  };
  ({ context, events } = testContext({ effects }));
  hooks = new Hooks({
    effects: context.effects,
    enabled: true,
    defaults: { timeoutMs: 5000, ratePerMinute: 1e6 },
    slowShare: 1,
    monitor: { interval_ms: 1000, memory_mb: 1e6, cpu_percent: 1e6 },
    perform: async () => null,
  });
  builtins = await hooks.builtins();
});

const operation = (): HookOperation => ({ id: 'op', metadata: {} });

function fire(point: NamedHookPoint, name: string, data: JsonObject, work = operation()) {
  const type = point.includes('Agent') ? 'Agent' : 'Tool';
  return hooks.fire(point, { type, name }, data, context, work);
}

const logs = () => events.flatMap((event) => (event.type === 'log' ? [[event.level, event.message]] : []));

describe('switching on and off', () => {
  test('by any of its names, once', () => {
    builtins.enable('RateLimiter', { capacity: 1 });
    builtins.enable('rate-limiting', { capacity: 2 });
    expect(hooks.registry.all().map(({ name }) => name)).toEqual(['builtin:rate_limiting']);
    const listed = builtins.list().find(({ name }) => name === 'rate_limiting');
    expect(listed).toMatchObject({ enabled: true, options: { capacity: 2, refill_per_second: 10 } });
    expect([builtins.disable('rate_limiting'), builtins.disable('RateLimitHook')]).toEqual([true, false]);
    expect(hooks.registry.all()).toEqual([]);
  });

  test.each([
    ['an unknown name', 'cachin', {}, 'hook.not_found', "Did you mean 'caching'"],
    ['an unknown option', 'caching', { ttl: 1 }, 'input.invalid', ''],
    ['a wrong value', 'retry', { max_attempts: 0 }, 'input.invalid', ''],
    ['a point that is none', 'logging', { points: ['Never'] }, 'hook.invalid_point', ''],
    ['a broken expression', 'redaction', { patterns: ['('] }, 'input.invalid', ''],
  ])('refuses %s and leaves nothing behind', (_, name, options, code, hint) => {
    let error: { code?: string; hint?: string } = {};
    try {
      builtins.enable(name, options);
    } catch (thrown) {
      error = thrown as typeof error;
    }
    expect(error.code).toBe(code);
    expect(error.hint ?? '').toContain(hint);
    expect(hooks.registry.all()).toEqual([]);
  });
});

test('logging says what is done, and how long it took', async () => {
  builtins.enable('logging', { level: 'debug' });
  const work = operation();
  await fire('BeforeToolExecution', 'calculator', { input: {} }, work);
  await fire('AfterToolExecution', 'calculator', { output: {}, duration_ms: 12 }, work);
  expect(logs()).toEqual([
    ['debug', 'BeforeToolExecution tool calculator'],
    ['debug', 'AfterToolExecution tool calculator (12 ms)'],
  ]);
  expect(work.metadata.logged_at).toBe(new Date(clock.now).toISOString());
});

test('metrics counts calls, failures and durations', async () => {
  builtins.enable('metrics', { buckets: [10, 100] });
  for (const ms of [5, 50, 500]) await fire('AfterToolExecution', 't', { duration_ms: ms });
  await fire('ToolError', 't', { duration_ms: 5, error: {} });
  expect(builtins.report('metrics')).toEqual({
    'tool:t': {
      calls: 4,
      failures: 1,
      total_ms: 560,
      mean_ms: 140,
      histogram: { '10': 2, '100': 1, inf: 1 },
    },
  });
});

test('caching keeps what agents answer, and what tools answer that are named', async () => {
  builtins.enable('caching', { ttl_seconds: 10, tools: ['pure-*'] });
  const ask = (name: string, input: JsonObject) =>
    fire(name.startsWith('agent') ? 'BeforeAgentExecution' : 'BeforeToolExecution', name, { input });
  const first = await ask('agent-a', { text: 'x', n: 1 });
  expect(first.kind).toBe('continue');
  if (first.kind === 'continue') first.keep!('answer');
  expect(await ask('agent-a', { n: 1, text: 'x' })).toMatchObject({ kind: 'replace', value: 'answer' });
  expect((await ask('agent-b', { text: 'x', n: 1 })).kind).toBe('continue');
  clock.now += 10_001;
  expect((await ask('agent-a', { text: 'x', n: 1 })).kind).toBe('continue');
  const pure = await ask('pure-sum', {});
  expect(pure.kind === 'continue' && pure.keep).toBeTruthy();
  const impure = await ask('clock', {});
  expect(impure.kind === 'continue' && impure.keep).toBeFalsy();
});

describe('rate limiting', () => {
  test('refuses what is too much, and lets through again later', async () => {
    builtins.enable('rate_limiting', { capacity: 2, refill_per_second: 1 });
    const call = async () => (await fire('BeforeToolExecution', 't', { input: {} })).kind;
    expect([await call(), await call(), await call()]).toEqual(['continue', 'continue', 'cancel']);
    clock.now += 1000;
    expect([await call(), await call()]).toEqual(['continue', 'cancel']);
    expect(builtins.report('rate_limiting')).toMatchObject({ refused: 2 });
  });

  test('waits instead, if that is wanted, and each component for itself', async () => {
    builtins.enable('rate_limiting', {
      capacity: 1,
      refill_per_second: 1,
      action: 'delay',
      strategy: 'per_component',
    });
    const before = clock.now;
    for (const name of ['a', 'b', 'a'])
      expect((await fire('BeforeToolExecution', name, {})).kind).toBe('continue');
    expect(clock.now - before).toBe(1000);
  });
});

describe('retry', () => {
  test.each([
    ['fixed', [100, 100, 100]],
    ['linear', [100, 200, 300]],
    ['exponential', [100, 200, 400]],
    ['fibonacci', [100, 100, 200]],
  ])('%s delays', async (backoff, delays) => {
    builtins.enable('retry', { backoff, jitter: 'none', max_attempts: 4 });
    const ask = (attempt: number) =>
      fire('ToolError', 't', { attempt, error: { code: 'provider.rate_limited' } });
    const seen = await Promise.all([1, 2, 3].map(ask));
    expect(seen.map((outcome) => outcome.kind === 'retry' && outcome.delayMs)).toEqual(delays);
    expect((await ask(4)).kind).toBe('continue');
  });

  test('leaves alone what will not pass', async () => {
    builtins.enable('retry');
    const error = { code: 'input.invalid' };
    expect((await fire('ToolError', 't', { attempt: 1, error })).kind).toBe('continue');
  });
});

describe('cost tracking', () => {
  const answer = (usd: number) => ({
    output: { metadata: { input_tokens: 100, output_tokens: 10, model: 'm', estimated_cost_usd: usd } },
  });

  test('adds up, warns once for each amount, and refuses when the budget is used up', async () => {
    builtins.enable('cost_tracking', { budget_usd: 1, alerts_usd: [0.5] });
    for (const usd of [0.4, 0.4, 0.4]) {
      expect((await fire('BeforeAgentExecution', 'a', {})).kind).toBe('continue');
      await fire('AfterAgentExecution', 'a', answer(usd));
    }
    expect(await fire('BeforeAgentExecution', 'a', {})).toMatchObject({ kind: 'cancel' });
    expect(logs()).toEqual([['warn', 'Agents have cost $0.8000, more than $0.5']]);
    const report = builtins.report('cost_tracking') as { total: { usd: number; calls: number } };
    expect(report.total.usd).toBeCloseTo(1.2);
    expect(report.total.calls).toBe(3);
  });

  test('takes prices of its own', async () => {
    builtins.enable('cost_tracking', { pricing: { m: { input: 1, output: 2 } } });
    await fire('AfterAgentExecution', 'a', answer(9));
    expect(builtins.report('cost_tracking')).toMatchObject({ by_model: { m: { usd: 0.12 } } });
  });
});

describe('security audit', () => {
  test.each([
    ['sql_injection', "x' OR '1'='1"],
    ['command_injection', 'file; rm -rf /'],
    ['path_traversal', '../../etc/passwd'],
    ['xss', '<script>alert(1)</script>'],
    ['long_parameter', 'x'.repeat(10_001)],
  ])('finds %s, and refuses it if that is wanted', async (kind, text) => {
    builtins.enable('security_audit');
    expect((await fire('BeforeToolExecution', 't', { input: { deep: [text] } })).kind).toBe('continue');
    expect(builtins.report('security_audit')).toMatchObject({ findings: [{ kind, path: 'input.deep[0]' }] });
    builtins.enable('security_audit', { block_on_violations: true });
    expect((await fire('BeforeToolExecution', 't', { input: { deep: [text] } })).kind).toBe('cancel');
  });

  test('is silent about what is harmless', async () => {
    builtins.enable('security_audit', { block_on_violations: true });
    const input = { text: "It's 5 o'clock; we select a table -- and drop by the shop.", path: 'a/b.txt' };
    expect((await fire('BeforeToolExecution', 't', { input })).kind).toBe('continue');
    expect(builtins.report('security_audit')).toEqual({ findings: [], blocked: 0 });
  });
});

test('redaction takes secrets out and leaves the rest', async () => {
  builtins.enable('redaction', { emails: true, patterns: ['secret-\\d+'] });
  const input = { text: 'ask kim@example.com about secret-42', api_key: 'abc', n: 1 };
  const outcome = await fire('BeforeAgentExecution', 'a', { input });
  expect(outcome).toMatchObject({
    data: { input: { text: 'ask [REDACTED] about [REDACTED]', api_key: '<REDACTED>', n: 1 } },
  });
  const plain = { input: { text: 'nothing here' } };
  expect(await fire('BeforeAgentExecution', 'a', plain)).toEqual({ kind: 'continue', data: plain });
});

test('sanitizing cleans texts', async () => {
  builtins.enable('sanitizing', { escape_html: true, max_length: 12 });
  const outcome = await fire('BeforeAgentExecution', 'a', { input: { text: ' a\u0000<b> long text ' } });
  expect(outcome).toMatchObject({ data: { input: { text: 'a&lt;b&gt; l' } } });
});

test('debugging remembers the newest traces', async () => {
  builtins.enable('debugging', { max_traces: 2, max_data_size: 20 });
  for (const n of [1, 2, 3]) await fire('BeforeToolExecution', `t${n}`, { input: { text: 'x'.repeat(100) } });
  const { traces } = builtins.report('debugging') as { traces: { component: string; data: string }[] };
  expect(traces.map(({ component }) => component)).toEqual(['tool:t2', 'tool:t3']);
  expect(traces[0]!.data).toContain('characters');
});

describe('circuit breaking', () => {
  const failure = () => fire('ToolError', 't', { error: { code: 'tool.failed', message: 'no' } });
  const asked = async (name = 't') => (await fire('BeforeToolExecution', name, { input: {} })).kind;

  test('refuses what fails again and again, tries it after a while, and trusts it after successes', async () => {
    builtins.enable('CircuitBreaker', { failure_threshold: 2, success_threshold: 1, timeout_seconds: 10 });
    await failure();
    expect(await asked()).toBe('continue');
    await failure();
    expect([await asked(), await asked('other')]).toEqual(['cancel', 'continue']);
    expect(builtins.report('circuit_breaking')).toMatchObject({ 'tool:t': 'open', 'tool:other': 'closed' });
    clock.now += 10_000;
    expect(await asked()).toBe('continue');
    await failure();
    expect(await asked()).toBe('cancel');
    clock.now += 10_000;
    await fire('AfterToolExecution', 't', { output: 1 });
    await failure();
    expect(await asked()).toBe('continue');
  });

  test('forgets old failures and leaves alone what is not named', async () => {
    builtins.enable('circuit_breaking', { failure_threshold: 2, failure_window_seconds: 5 });
    await failure();
    clock.now += 5_000;
    await failure();
    expect(await asked()).toBe('continue');
    builtins.enable('circuit_breaking', { failure_threshold: 1, components: ['other-*'] });
    await failure();
    expect(await asked()).toBe('continue');
  });
});

test('the rate limit of handlers is not for built-in hooks', async () => {
  hooks = new Hooks({
    effects: context.effects,
    enabled: true,
    defaults: { timeoutMs: 5000, ratePerMinute: 1 },
    slowShare: 1,
    monitor: { interval_ms: 1000, memory_mb: 1e6, cpu_percent: 1e6 },
    perform: async () => null,
  });
  builtins = await hooks.builtins();
  builtins.enable('metrics');
  for (let n = 0; n < 3; n++) await fire('AfterToolExecution', 't', { output: 1, duration_ms: 1 });
  expect(builtins.report('metrics')).toMatchObject({ 'tool:t': { calls: 3 } });
});

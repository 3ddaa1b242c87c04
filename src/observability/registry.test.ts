import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { BuiltInMetrics } from './built-in.js';
import { prometheusText } from './prometheus.js';
import { MetricRegistry } from './registry.js';
import { describeMetric } from './snapshot.js';

const registry = (maxSeries = 100) => new MetricRegistry({ maxMetrics: 10, maxSeries });
const code = (work: () => unknown) => {
  try {
    work();
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
  return undefined;
};

/** Lines without their order: who came first is nobody's business. */
const lines = (text: string) => text.split('\n').filter(Boolean).sort();

test('the text is what prom-client writes of the same measurements', async () => {
  const mine = registry();
  const theirs = new Registry();
  const jobs = new Counter({
    name: 'jobs_total',
    help: 'Jobs\\ done.\nAll.',
    labelNames: ['q'],
    registers: [theirs],
  });
  const depth = new Gauge({ name: 'depth', help: 'depth', registers: [theirs] });
  const sizes = new Histogram({
    name: 'size',
    help: 'Size.',
    buckets: [1, 2.5, 10],
    labelNames: ['to'],
    registers: [theirs],
  });
  const counter = mine.metric('counter', 'jobs.total', { help: 'Jobs\\ done.\nAll.' });
  const gauge = mine.metric('gauge', 'depth');
  const histogram = mine.metric('histogram', 'size', { help: 'Size.', buckets: [1, 2.5, 10] });
  for (const q of ['a', 'say "b"', 'back\\slash\nline', 'ünïcode']) {
    jobs.inc({ q }, 2);
    counter.add(2, { q });
  }
  depth.set(-1.5);
  gauge.set(-1.5);
  for (const value of [0, 1, 1.1, 2.5, 9, 11, 1e9]) {
    sizes.observe({ to: 'x' }, value);
    histogram.observe(value, { to: 'x' });
  }
  const unordered = (text: string) => lines(text.replace(/\{le="([^"]*)",to="x"\}/g, '{to="x",le="$1"}'));
  expect(unordered(prometheusText(mine))).toEqual(unordered(await theirs.metrics()));
});

describe('refused with metric.invalid', () => {
  const metrics = registry();
  const counter = metrics.metric('counter', 'c');
  test.each<[string, () => unknown]>([
    ['an empty name', () => metrics.metric('counter', '')],
    ['a name that begins with a digit', () => metrics.metric('counter', '1a')],
    ['a name with a space', () => metrics.metric('counter', 'a b')],
    ['a very long name', () => metrics.metric('counter', 'a'.repeat(201))],
    ['the kind of another', () => metrics.metric('gauge', 'c')],
    ['a counter that goes down', () => counter.add(-1)],
    ['not a number', () => counter.add(Number.NaN)],
    ['infinity', () => counter.add(Number.POSITIVE_INFINITY)],
    ['a reserved label', () => counter.add(1, { le: '1' })],
    ['a label with a hyphen', () => counter.add(1, { 'a-b': '1' })],
    ['a label of a prototype', () => counter.add(1, JSON.parse('{"__proto__": "x"}'))],
    ['a label that is a table', () => counter.add(1, { a: {} })],
    ['a very long label', () => counter.add(1, { a: 'x'.repeat(1001) })],
    [
      'more labels than there may be',
      () => counter.add(1, Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`l${i}`, 1]))),
    ],
    ['a counter that is set', () => counter.set(1)],
    ['a counter that observes', () => counter.observe(1)],
    ['a histogram that is added to', () => metrics.metric('histogram', 'h').add(1)],
    ['buckets that fall', () => metrics.metric('histogram', 'h2', { buckets: [2, 1] })],
    ['no buckets', () => metrics.metric('histogram', 'h3', { buckets: [] })],
    ['too many metrics', () => Array.from({ length: 20 }, (_, i) => metrics.metric('counter', `m${i}`))],
  ])('%s', (_, work) => expect(code(work)).toBe('metric.invalid'));

  test('and nothing was counted by it', () => expect(counter.all()).toEqual([]));
});

test('a label with too many values leaves out what is new and says how much', () => {
  const metric = registry(3).metric('counter', 'c');
  for (let i = 0; i < 10; i++) metric.add(1, { user: i });
  metric.add(1, { user: 0 });
  expect(metric.all()).toHaveLength(3);
  expect(metric.find({ user: '0' })?.value).toBe(2);
  expect(describeMetric(metric)).toMatchObject({ dropped: 7 });
});

test('quantiles are estimated inside their bucket', () => {
  const metric = registry().metric('histogram', 'h', { buckets: [10, 20, 30] });
  for (let i = 1; i <= 20; i++) metric.observe(i);
  metric.observe(1000);
  const [{ p50, p99, count, mean }] = describeMetric(metric).series as never as [Record<string, number>];
  expect({ p50, p99, count, mean }).toMatchObject({ p50: 10.5, p99: 30, count: 21 });
});

test('reset forgets figures and keeps the metric', () => {
  const metrics = registry();
  metrics.metric('counter', 'a').add(1);
  expect([metrics.reset('a'), metrics.reset('b'), metrics.find('a')?.all()]).toEqual([true, false, []]);
});

test('events become figures', () => {
  const metrics = registry();
  const all = new MetricRegistry({ maxMetrics: 100, maxSeries: 100 });
  const builtIn = new BuiltInMetrics(all);
  const usage = { inputTokens: 3, outputTokens: 5, costUsd: 0.5, source: 'provider' } as const;
  const at = { run: 'r', seq: 1, path: 'run', time: 0 };
  builtIn.event({ ...at, type: 'component.finished', kind: 'tool', name: 't', durationMs: 20 });
  builtIn.event({ ...at, type: 'model.usage', provider: 'p', model: 'm', usage });
  builtIn.event({ ...at, type: 'permission', capability: 'read', target: '/x', granted: false });
  builtIn.event({ ...at, type: 'event.dropped', name: 'n', subscription: 's', reason: 'overflow', count: 4 });
  const value = (name: string, labels: object) => all.find(name)?.find(labels as never)?.value;
  expect(value('llmspell_components_total', { kind: 'tool', name: 't', outcome: 'ok', code: '' })).toBe(1);
  expect(value('llmspell_component_duration_seconds', { kind: 'tool', name: 't', outcome: 'ok' })).toBe(0.02);
  expect(value('llmspell_model_tokens_total', { provider: 'p', model: 'm', direction: 'output' })).toBe(5);
  expect(value('llmspell_model_cost_usd_total', { provider: 'p', model: 'm' })).toBe(0.5);
  expect(value('llmspell_permissions_total', { capability: 'read', decision: 'refused' })).toBe(1);
  expect(value('llmspell_events_dropped_total', { reason: 'overflow' })).toBe(4);
  expect(metrics.find('llmspell_components_total')).toBeUndefined();
});

test('counting never fails: not at names without end, nor when scripts have made all the metrics there may be', () => {
  const metrics = new MetricRegistry({ maxMetrics: 1, maxSeries: 2 });
  metrics.metric('counter', 'mine');
  const builtIn = new BuiltInMetrics(metrics);
  const at = { run: 'r', seq: 1, path: 'run', time: 0, type: 'component.finished', kind: 'agent' } as const;
  for (let i = 0; i < 5; i++) builtIn.event({ ...at, name: 'n'.repeat(5000) + i, durationMs: -1 });
  for (let i = 0; i < 5; i++) builtIn.event({ ...at, name: `agent ${i}`, durationMs: 1 });
  const metric = metrics.find('llmspell_components_total')!;
  expect(metric.all().map(({ value }) => value)).toEqual([5, 1]);
  expect(metric.dropped).toBe(4);
  metric.clear();
  builtIn.event({ ...at, name: 'agent 0', durationMs: 1 });
  expect(metric.all().map(({ value }) => value)).toEqual([1]);
});

import { z } from 'zod';
import { fail } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';
import type { Metric, MetricKind } from '../observability/metric.js';
import { metricName } from '../observability/metric-names.js';
import { isOwn, type MetricOptions } from '../observability/registry.js';
import { type Call, defineGlobal, member } from './define.js';
import { metricHandles } from './metrics-handles.js';
import { handleResult, number, table, text } from './types.js';

const name = () => text().describe('Letters, digits and underscores; a dot counts as an underscore.');
const labels = () => table().optional().describe('What tells this figure from others of the same metric.');
const amount = () => number().optional().describe('1 unless said otherwise.');

const options = z.object({
  help: text().optional().describe('One sentence: what it counts.'),
  buckets: z.array(number()).optional().describe('Upper bounds of a histogram, rising.'),
});
const valueOrOptions = () =>
  z.union([number(), options]).optional().describe('A first value, or a table with `help` and `buckets`.');

const described = z
  .object({
    name: z.string(),
    kind: z.string().describe('`counter`, `gauge` or `histogram`.'),
    help: z.string(),
    series: z
      .array(z.record(z.string(), z.any()))
      .describe(
        '`labels` and `value`; of a histogram `count`, `sum`, `mean`, `p50`, `p95`, `p99`, `buckets`.',
      ),
    dropped: z.int().optional().describe('Measurements left out because of too many labels.'),
  })
  .meta({ id: 'MetricFigures' });

async function own(call: Call, kind: MetricKind, given: string, about?: MetricOptions): Promise<Metric> {
  if (isOwn(metricName(given)))
    throw fail('metric.invalid', `'${given}' begins like the metrics that llmspell measures itself`, {
      hint: 'Choose a name that does not begin with llmspell_, process_ or nodejs_.',
    });
  return (await call.services.metrics()).metric(kind, given, about);
}

interface Declared {
  name: string;
  value?: number | z.output<typeof options> | undefined;
  labels?: JsonObject | undefined;
}

/** The metric as a handle; a value that came with it is taken at once. */
async function declare(call: Call, kind: MetricKind, { name, value, labels }: Declared) {
  const metric = await own(call, kind, name, typeof value === 'object' ? value : undefined);
  if (typeof value === 'number') {
    if (kind === 'counter') metric.add(value, labels);
    else if (kind === 'gauge') metric.set(value, labels);
    else metric.observe(value, labels);
  }
  return call.handle('metric', metric);
}

/** The global `Metrics`. */
export default defineGlobal({
  name: 'Metrics',
  doc: 'Counters, gauges and histograms of scripts, and the figures that llmspell keeps of itself (`llmspell_…`).',
  handles: metricHandles,
  members: {
    counter: member({
      doc: 'A metric that only grows; a number given with it is added at once.',
      params: { name: name(), value: valueOrOptions(), labels: labels() },
      returns: handleResult('metric'),
      run: (call, args) => declare(call, 'counter', args),
      example: {
        lua: 'local jobs = Metrics.counter("jobs_total", { help = "Jobs done." })\njobs:inc()\njobs:inc(2, { queue = "mail" })\nprint(jobs:value(), jobs:value({ queue = "mail" }))',
        javascript:
          'const jobs = Metrics.counter("jobs_total", { help: "Jobs done." });\njobs.inc();\njobs.inc(2, { queue: "mail" });\nprint(jobs.value(), jobs.value({ queue: "mail" }));',
      },
    }),
    gauge: member({
      doc: 'A metric that goes up and down; a number given with it is set at once.',
      params: { name: name(), value: valueOrOptions(), labels: labels() },
      returns: handleResult('metric'),
      run: (call, args) => declare(call, 'gauge', args),
      example: {
        lua: 'local depth = Metrics.gauge("queue_depth", 4)\ndepth:dec()\nprint(depth:value())',
        javascript: 'const depth = Metrics.gauge("queue_depth", 4);\ndepth.dec();\nprint(depth.value());',
      },
    }),
    histogram: member({
      doc: 'A metric of how values are spread; a number given with it is observed at once.',
      params: { name: name(), value: valueOrOptions(), labels: labels() },
      returns: handleResult('metric'),
      run: (call, args) => declare(call, 'histogram', args),
      example: {
        lua: 'local sizes = Metrics.histogram("size_bytes", { buckets = { 10, 100, 1000 } })\nsizes:observe(42)\nprint(Metrics.get("size_bytes").series[1].count)',
        javascript:
          'const sizes = Metrics.histogram("size_bytes", { buckets: [10, 100, 1000] });\nsizes.observe(42);\nprint(Metrics.get("size_bytes").series[0].count);',
      },
    }),
    inc: member({
      doc: 'Adds to a counter, which is made when it is new.',
      params: { name: name(), amount: amount(), labels: labels() },
      aliases: ['increment'],
      run: async (call, { name, amount, labels }) =>
        (await own(call, 'counter', name)).add(amount ?? 1, labels),
      example: {
        lua: 'Metrics.inc("mails.sent", 1, { to = "team" })',
        javascript: 'Metrics.inc("mails.sent", 1, { to: "team" });',
      },
    }),
    set: member({
      doc: 'Sets a gauge, which is made when it is new.',
      params: { name: name(), value: number(), labels: labels() },
      run: async (call, { name, value, labels }) => (await own(call, 'gauge', name)).set(value, labels),
      example: { lua: 'Metrics.set("temperature", 21.5)', javascript: 'Metrics.set("temperature", 21.5);' },
    }),
    observe: member({
      doc: 'Adds a value to a histogram, which is made when it is new; its buckets fit seconds.',
      params: { name: name(), value: number(), labels: labels() },
      aliases: ['record'],
      run: async (call, { name, value, labels }) =>
        (await own(call, 'histogram', name)).observe(value, labels),
      example: {
        lua: 'Metrics.observe("answer_seconds", 0.2)',
        javascript: 'Metrics.observe("answer_seconds", 0.2);',
      },
    }),
    timer: member({
      doc: 'Starts a clock; its `stop()` gives the milliseconds and observes the seconds in the histogram of that name.',
      params: { name: name(), labels: labels() },
      returns: handleResult('metric_timer'),
      run: async (call, { name, labels }) => {
        const metric = await own(call, 'histogram', name);
        return call.handle('metric_timer', {
          metric,
          labels,
          started: call.context.effects.now(),
          stopped: false,
        });
      },
      example: {
        lua: 'local t = Metrics.timer("work_seconds")\nassert(t:stop() >= 0)\nassert(t:stop() == nil)',
        javascript: 'const t = Metrics.timer("work_seconds");\nif (t.stop() < 0) throw new Error("no");',
      },
    }),
    get: member({
      doc: 'The figures of one metric, or nil.',
      params: { name: name() },
      returns: described.optional(),
      run: async (call, { name }) => {
        const wanted = metricName(name);
        return (await snapshot(call)).find((metric) => metric.name === wanted);
      },
      example: {
        lua: 'Tool.execute("uuid-generator", {})\nprint(Metrics.get("llmspell_components_total").series[1].value)',
        javascript:
          'Tool.execute("uuid-generator", {});\nprint(Metrics.get("llmspell_components_total").series[0].value);',
      },
    }),
    snapshot: member({
      doc: 'The figures of all metrics, sorted by name.',
      params: {},
      returns: z.array(described),
      aliases: ['all'],
      run: snapshot,
      example: {
        lua: 'for _, metric in ipairs(Metrics.snapshot()) do print(metric.name, metric.kind, #metric.series) end',
        javascript:
          'for (const metric of Metrics.snapshot()) print(metric.name, metric.kind, metric.series.length);',
      },
    }),
    prometheus: member({
      doc: 'All metrics as Prometheus reads them, text format 0.0.4.',
      params: {},
      returns: z.string(),
      run: async (call) => {
        const { prometheusText } = await import('../observability/prometheus.js');
        return prometheusText(await call.services.metrics());
      },
      example: {
        lua: 'Metrics.inc("jobs_total")\nprint((Metrics.prometheus():match("jobs_total %d+")))',
        javascript: 'Metrics.inc("jobs_total");\nprint(Metrics.prometheus().match(/jobs_total \\d+/)[0]);',
      },
    }),
    reset: member({
      doc: 'Forgets the figures of one metric, or of all; whether there were metrics to forget them of.',
      params: { name: text().optional() },
      returns: z.boolean(),
      run: async (call, { name }) => (await call.services.metrics()).reset(name),
      example: {
        lua: 'Metrics.inc("jobs_total")\nMetrics.reset("jobs_total")\nprint(#Metrics.get("jobs_total").series)',
        javascript:
          'Metrics.inc("jobs_total");\nMetrics.reset("jobs_total");\nprint(Metrics.get("jobs_total").series.length);',
      },
    }),
  },
});

async function snapshot(call: Call) {
  const { describeMetric } = await import('../observability/snapshot.js');
  return (await call.services.metrics()).read().map(describeMetric);
}

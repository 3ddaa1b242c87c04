import { z } from 'zod';
import type { JsonObject } from '../core/values.js';
import type { Metric } from '../observability/metric.js';
import {
  type Args,
  type Call,
  type HandleDefinition,
  type MemberDefinition,
  member,
  type Params,
} from './define.js';
import { number, table } from './types.js';

const labels = () => table().optional();

/** A clock that ends in a histogram. */
interface MetricTimer {
  readonly metric: Metric;
  readonly labels: JsonObject | undefined;
  /** Milliseconds since the epoch. */
  readonly started: number;
  stopped: boolean;
}

function method<P extends Params>(definition: {
  doc: string;
  params: P;
  returns?: z.ZodType;
  aliases?: string[];
  example?: MemberDefinition['example'];
  run(call: Call, args: Args<P>, metric: Metric): unknown;
}): MemberDefinition {
  return member<P, Metric>(definition);
}

const metric: HandleDefinition = {
  kind: 'metric',
  doc: 'A metric. What does not fit its kind raises `metric.invalid`.',
  fields: {
    name: { doc: 'Its name.', type: z.string(), get: (metric: Metric) => metric.about.name },
    kind: {
      doc: '`counter`, `gauge` or `histogram`.',
      type: z.string(),
      get: (metric: Metric) => metric.about.kind,
    },
  },
  methods: {
    inc: method({
      doc: 'Adds to a counter or a gauge; 1 unless said otherwise.',
      params: { amount: number().optional(), labels: labels() },
      run: (_call, { amount, labels }, metric) => metric.add(amount ?? 1, labels),
      example: {
        lua: 'local m = Metrics.counter("jobs_total")\nm:inc(2)\nprint(m:value())',
        javascript: 'const m = Metrics.counter("jobs_total");\nm.inc(2);\nprint(m.value());',
      },
    }),
    dec: method({
      doc: 'Takes from a gauge; 1 unless said otherwise.',
      params: { amount: number().optional(), labels: labels() },
      run: (_call, { amount, labels }, metric) => metric.add(-(amount ?? 1), labels),
      example: {
        lua: 'local m = Metrics.gauge("queue_depth", 4)\nm:dec()\nprint(m:value())',
        javascript: 'const m = Metrics.gauge("queue_depth", 4);\nm.dec();\nprint(m.value());',
      },
    }),
    set: method({
      doc: 'Sets a gauge.',
      params: { value: number(), labels: labels() },
      run: (_call, { value, labels }, metric) => metric.set(value, labels),
      example: {
        lua: 'local m = Metrics.gauge("queue_depth", 4)\nm:set(7)\nprint(m:value())',
        javascript: 'const m = Metrics.gauge("queue_depth", 4);\nm.set(7);\nprint(m.value());',
      },
    }),
    observe: method({
      doc: 'Adds a value to a histogram.',
      params: { value: number(), labels: labels() },
      run: (_call, { value, labels }, metric) => metric.observe(value, labels),
      example: {
        lua: 'local m = Metrics.histogram("size_bytes")\nm:observe(3)\nprint(Metrics.get("size_bytes").series[1].count)',
        javascript:
          'const m = Metrics.histogram("size_bytes");\nm.observe(3);\nprint(Metrics.get("size_bytes").series[0].count);',
      },
    }),
    value: method({
      doc: 'What was counted for these labels, of a histogram the sum; 0 when nothing was.',
      params: { labels: labels() },
      returns: z.number(),
      run: (_call, { labels }, metric) => metric.find(labels)?.value ?? 0,
      example: {
        lua: 'local m = Metrics.counter("jobs_total")\nprint(m:value())',
        javascript: 'const m = Metrics.counter("jobs_total");\nprint(m.value());',
      },
    }),
  },
};

const timer: HandleDefinition = {
  kind: 'metric_timer',
  doc: 'A clock that runs since it was made.',
  fields: {},
  methods: {
    stop: member<Record<never, never>, MetricTimer>({
      doc: 'Stops it: the milliseconds it ran, nil the second time.',
      params: {},
      returns: z.number().optional(),
      run: ({ context }, _args, timer) => {
        if (timer.stopped) return undefined;
        const ms = Math.max(0, context.effects.now() - timer.started);
        timer.metric.observe(ms / 1000, timer.labels);
        timer.stopped = true;
        return ms;
      },
      example: {
        lua: 'local t = Metrics.timer("work_seconds")\nprint(t:stop() >= 0)',
        javascript: 'const t = Metrics.timer("work_seconds");\nprint(t.stop() >= 0);',
      },
    }),
  },
};

/** What scripts of `Metrics` hold. */
export const metricHandles: readonly HandleDefinition[] = [metric, timer];

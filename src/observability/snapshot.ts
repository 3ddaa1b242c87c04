import type { JsonObject } from '../core/values.js';
import type { Metric, Series } from './metric.js';

/** A metric as scripts see it. */
export function describeMetric(metric: Metric): JsonObject {
  const { name, kind, help } = metric.about;
  const series = metric.all().map((one) => describeSeries(metric, one));
  return { name, kind, help, series, ...(metric.dropped > 0 && { dropped: metric.dropped }) };
}

/** One series as scripts see it: its labels and its value, or what a histogram holds. */
export function describeSeries(metric: Metric, series: Series): JsonObject {
  const labels = { ...series.labels };
  if (metric.about.kind !== 'histogram') return { labels, value: series.value };
  const { count, value: sum } = series;
  const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 };
  const estimated = Object.entries(quantiles).map(([key, q]) => [key, quantile(metric, series, q)]);
  return {
    labels,
    count,
    sum,
    mean: count > 0 ? sum / count : 0,
    ...Object.fromEntries(estimated),
    buckets: metric.about.buckets.map((le, i) => ({ le, count: below(series, i) })),
  };
}

function below({ buckets }: Series, last: number): number {
  return buckets.slice(0, last + 1).reduce((sum, count) => sum + count, 0);
}

/** An estimate by even spread inside the bucket, as `histogram_quantile` of Prometheus makes it. */
function quantile({ about: { buckets: bounds } }: Metric, series: Series, q: number): number {
  const rank = q * series.count;
  const at = bounds.findIndex((_, i) => below(series, i) >= rank);
  if (series.count === 0) return 0;
  if (at < 0) return bounds.at(-1) ?? 0;
  const lower = at > 0 ? bounds[at - 1]! : Math.min(0, bounds[0]!);
  const inside = series.buckets[at] ?? 0;
  const before = below(series, at) - inside;
  return inside === 0 ? lower : lower + (bounds[at]! - lower) * ((rank - before) / inside);
}

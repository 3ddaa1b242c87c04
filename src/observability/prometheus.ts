import type { Metric, Series } from './metric.js';
import type { Labels } from './metric-names.js';
import type { MetricRegistry } from './registry.js';

/** The content type of {@link prometheusText}. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All metrics in the text format 0.0.4 of Prometheus. */
export function prometheusText(registry: MetricRegistry): string {
  return registry
    .read()
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf(metric: Metric): string[] {
  const { name, kind, help } = metric.about;
  return [
    `# HELP ${name} ${escapeHelp(help || name)}`,
    `# TYPE ${name} ${kind}`,
    ...metric
      .all()
      .flatMap((series) => (kind === 'histogram' ? histogram(metric, series) : [plain(name, series)])),
  ];
}

function plain(name: string, { labels, value }: Series): string {
  return `${name}${labelText(labels)} ${value}`;
}

function histogram({ about: { name, buckets } }: Metric, series: Series): string[] {
  let below = 0;
  const lines = [...buckets, '+Inf'].map((bound, i) => {
    below += series.buckets[i] ?? 0;
    return `${name}_bucket${labelText({ ...series.labels, le: String(bound) })} ${below}`;
  });
  const labels = labelText(series.labels);
  return [...lines, `${name}_sum${labels} ${series.value}`, `${name}_count${labels} ${series.count}`];
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return parts.length > 0 ? `{${parts.join(',')}}` : '';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

import { fail } from '../core/errors.js';
import { checkedBuckets, DEFAULT_BUCKETS, Metric, type MetricKind } from './metric.js';
import { metricName } from './metric-names.js';

/** What may be said of a metric when it is made. */
export interface MetricOptions {
  readonly help?: string | undefined;
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[] | undefined;
}

/** How much is kept, so that a label with too many values cannot fill the memory. */
export interface MetricLimits {
  readonly maxMetrics: number;
  readonly maxSeries: number;
}

/** The name in front of everything that llmspell itself measures. */
export const BUILT_IN = 'llmspell_';

/** Names of what is measured without a script's doing. */
const OWN = /^(llmspell|process|nodejs)_/;

/** Whether a name stands for something that llmspell measures itself. */
export function isOwn(name: string): boolean {
  return OWN.test(name);
}

/** The metrics of one tenant. */
export class MetricRegistry {
  private readonly metrics = new Map<string, Metric>();
  private readonly readers: (() => void)[] = [];

  constructor(private readonly limits: MetricLimits) {}

  /**
   * The metric of this name, made when it is new.
   * @throws `metric.invalid` when the name is wrong or stands for a metric of another kind, and when there are too many
   */
  metric(kind: MetricKind, given: string, options: MetricOptions = {}): Metric {
    const name = metricName(given);
    const known = this.metrics.get(name);
    if (known) return sameKind(known, kind);
    // Counting itself never fails, however many metrics a script has made.
    if (this.metrics.size >= this.limits.maxMetrics && !isOwn(name))
      throw fail('metric.invalid', `There are ${this.limits.maxMetrics} metrics already`, {
        hint: 'Use labels for what differs, or raise metrics.max_metrics.',
      });
    const buckets = kind === 'histogram' ? checkedBuckets(name, options.buckets ?? DEFAULT_BUCKETS) : [];
    const made = new Metric({ kind, name, help: options.help ?? '', buckets }, this.limits.maxSeries);
    this.metrics.set(name, made);
    return made;
  }

  /** The metric of this name, if there is one. */
  find(name: string): Metric | undefined {
    return this.metrics.get(metricName(name));
  }

  /** Has `measure` called before figures are read. */
  onRead(measure: () => void): void {
    this.readers.push(measure);
  }

  /** All metrics by name, measured anew where they are only measured when read. */
  read(): Metric[] {
    for (const measure of this.readers) measure();
    return this.all();
  }

  private all(): Metric[] {
    return [...this.metrics.values()].sort((a, b) => (a.about.name < b.about.name ? -1 : 1));
  }

  /** Forgets the figures of one metric, or of all; whether there was something to forget. */
  reset(name?: string): boolean {
    const chosen = name === undefined ? this.all() : [this.find(name)].flatMap((one) => one ?? []);
    for (const metric of chosen) metric.clear();
    return chosen.length > 0;
  }
}

function sameKind(metric: Metric, kind: MetricKind): Metric {
  const { about } = metric;
  if (about.kind === kind) return metric;
  throw fail('metric.invalid', `'${about.name}' is a ${about.kind}, not a ${kind}`, {
    details: { name: about.name, kind: about.kind },
  });
}

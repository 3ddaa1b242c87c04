import { fail } from '../core/errors.js';
import { type Labels, MAX_LABEL_VALUE, metricLabels, metricValue } from './metric-names.js';

/** What a metric is: a sum that grows, a value that goes up and down, a distribution. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** Upper bounds of histograms that name none: seconds, from a millisecond to five minutes. */
export const DEFAULT_BUCKETS: readonly number[] = [
  0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];
const MAX_BUCKETS = 100;

/** One combination of labels and what was measured for it. */
export interface Series {
  readonly labels: Labels;
  /** The value; of a histogram the sum of what was observed. */
  value: number;
  /** Observations; histograms only. */
  count: number;
  /** Observations at or below each bound and above the one before it; histograms only. */
  readonly buckets: number[];
}

/** What is known of a metric besides its figures. */
export interface MetricDescription {
  readonly kind: MetricKind;
  readonly name: string;
  readonly help: string;
  readonly buckets: readonly number[];
}

/** A metric with all its series. */
export class Metric {
  private readonly byLabels = new Map<string, Series>();
  /** The series of {@link track} by their label values. */
  private readonly tracked = new Map<string, Series>();
  /** Measurements that were left out because they would have made one series too many. */
  dropped = 0;

  /** @param maxSeries how many combinations of labels there may be. */
  constructor(
    readonly about: MetricDescription,
    private readonly maxSeries: number,
  ) {}

  /** Adds to a counter or a gauge. @throws `metric.invalid` for a histogram, and for less than nothing on a counter. */
  add(amount: number, labels?: Readonly<Record<string, unknown>> | null): void {
    this.mustNotBe('histogram', 'observe a value');
    metricValue(this.about.name, amount);
    if (this.about.kind === 'counter' && amount < 0)
      throw this.refused(`The counter '${this.about.name}' cannot go down`, 'Use a gauge.');
    const series = this.series(metricLabels(labels));
    if (series) series.value += amount;
  }

  /** Sets a gauge. @throws `metric.invalid` for other metrics */
  set(value: number, labels?: Readonly<Record<string, unknown>> | null): void {
    if (this.about.kind !== 'gauge')
      throw this.refused(`The ${this.about.kind} '${this.about.name}' cannot be set`, 'Use a gauge.');
    const series = this.series(metricLabels(labels));
    if (series) series.value = metricValue(this.about.name, value);
  }

  /** Adds an observation to a histogram. @throws `metric.invalid` for other metrics */
  observe(value: number, labels?: Readonly<Record<string, unknown>> | null): void {
    if (this.about.kind !== 'histogram')
      throw this.refused(
        `The ${this.about.kind} '${this.about.name}' has no observations`,
        'Use a histogram.',
      );
    metricValue(this.about.name, value);
    const series = this.series(metricLabels(labels));
    if (series) this.observeIn(series, value);
  }

  /**
   * Adds or observes for labels that always have the same names in the same order. Nothing is checked and nothing
   * raised: what is too long is cut off.
   */
  track(amount: number, labels: Labels): void {
    const key = Object.values(labels).join('\0');
    const series = this.tracked.get(key) ?? this.trackedSeries(key, labels);
    if (!series) return;
    if (this.about.kind === 'histogram') this.observeIn(series, amount);
    else series.value += amount;
  }

  private trackedSeries(key: string, labels: Labels): Series | undefined {
    const names = Object.keys(labels).sort();
    const cut = Object.fromEntries(names.map((name) => [name, labels[name]!.slice(0, MAX_LABEL_VALUE)]));
    const series = this.series(cut);
    if (series && key.length <= MAX_LABEL_VALUE) this.tracked.set(key, series);
    return series;
  }

  private observeIn(series: Series, value: number): void {
    const { buckets } = this.about;
    const found = buckets.findIndex((bound) => value <= bound);
    const at = found < 0 ? buckets.length : found;
    series.buckets[at] = (series.buckets[at] ?? 0) + 1;
    series.value += value;
    series.count++;
  }

  /** The series with exactly these labels. */
  find(labels?: Readonly<Record<string, unknown>> | null): Series | undefined {
    return this.byLabels.get(keyOf(metricLabels(labels)));
  }

  /** All series, in the order in which they came. */
  all(): Series[] {
    return [...this.byLabels.values()];
  }

  /** Forgets every figure. */
  clear(): void {
    this.byLabels.clear();
    this.tracked.clear();
    this.dropped = 0;
  }

  /** The series of these labels, made when it is new; nothing when there are too many. */
  private series(labels: Labels): Series | undefined {
    const key = keyOf(labels);
    const known = this.byLabels.get(key);
    if (known) return known;
    if (this.byLabels.size >= this.maxSeries) {
      this.dropped++;
      return undefined;
    }
    const size = this.about.kind === 'histogram' ? this.about.buckets.length + 1 : 0;
    const made: Series = { labels, value: 0, count: 0, buckets: new Array<number>(size).fill(0) };
    this.byLabels.set(key, made);
    return made;
  }

  private mustNotBe(kind: MetricKind, instead: string): void {
    if (this.about.kind === kind)
      throw this.refused(`Nothing can be added to the ${kind} '${this.about.name}'`, `Let it ${instead}.`);
  }

  private refused(message: string, hint: string) {
    return fail('metric.invalid', message, {
      hint,
      details: { name: this.about.name, kind: this.about.kind },
    });
  }
}

/** Bounds of a histogram. @throws `metric.invalid` unless they rise */
export function checkedBuckets(name: string, given: readonly number[]): readonly number[] {
  const rising = given.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > given[i - 1]!));
  if (rising && given.length > 0 && given.length <= MAX_BUCKETS) return [...given];
  throw fail('metric.invalid', `The buckets of '${name}' are not up to ${MAX_BUCKETS} rising numbers`, {
    details: { name },
  });
}

function keyOf(labels: Labels): string {
  return JSON.stringify(labels);
}

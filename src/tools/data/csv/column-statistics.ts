import type { JsonObject } from '../../../core/values.js';
import { Distinct, type DistinctBudget } from './distinct.js';
import { Quantiles } from './quantiles.js';
import { KINDS, type Kind, kindOf } from './value-kind.js';

/** Numbers that all columns together keep for their medians. */
const ALL_NUMBERS = 4_000_000;
/** Different values that all columns together keep. */
const ALL_DISTINCT = 1_000_000;
/** Characters that all columns together keep of their different values. */
const ALL_CHARACTERS = 50_000_000;
/** What one column keeps at most, of either. */
const PER_COLUMN = 100_000;
/** Characters of a value that a report shows. */
const SHOWN_CHARACTERS = 200;

/** Statistics of all columns of a table with `columns` columns; together they take a bounded amount of memory. */
export function tableStatistics(columns: readonly string[]): ColumnStatistics[] {
  const budget = { characters: ALL_CHARACTERS };
  return columns.map((name) => new ColumnStatistics(name, columns.length, budget));
}

/** The statistics of one column, one cell after the other. */
export class ColumnStatistics {
  private readonly kinds: Record<Kind, number> = {
    integer: 0,
    float: 0,
    boolean: 0,
    date: 0,
    date_time: 0,
    string: 0,
  };
  private readonly distinct: Distinct;
  private readonly quantiles: Quantiles;
  private nulls = 0;
  private numbers = 0;
  private mean = 0;
  /** Sum of the squared distances from the mean (Welford's recurrence). */
  private squares = 0;
  private sum = 0;
  private smallest = Number.POSITIVE_INFINITY;
  private largest = Number.NEGATIVE_INFINITY;
  private first: string | undefined;
  private last: string | undefined;
  private longest = 0;

  constructor(
    private readonly name: string,
    columns: number,
    budget: DistinctBudget,
  ) {
    this.distinct = new Distinct(share(ALL_DISTINCT, columns), budget);
    this.quantiles = new Quantiles(share(ALL_NUMBERS, columns));
  }

  add(cell: string): void {
    const value = cell.trim();
    if (value === '') {
      this.nulls++;
      return;
    }
    const kind = kindOf(value);
    this.kinds[kind]++;
    this.distinct.add(value);
    if (kind === 'integer' || kind === 'float') this.addNumber(Number(value));
    else this.addText(value);
  }

  /** The kind every cell has, floats including integers; `string` where they differ. */
  strictKind(): Kind {
    const total = this.filled();
    if (total > 0 && this.numbers === total) return this.kinds.float > 0 ? 'float' : 'integer';
    return KINDS.find((kind) => total > 0 && this.kinds[kind] === total) ?? 'string';
  }

  report(): JsonObject {
    const type = this.commonKind();
    const numeric = type === 'integer' || type === 'float';
    const used = Object.entries(this.kinds).filter(([, count]) => count > 0);
    return {
      name: this.name,
      data_type: type,
      type_counts: Object.fromEntries(used),
      null_count: this.nulls,
      unique_count: this.distinct.size,
      unique_exact: this.distinct.exact,
      ...(numeric ? this.numericReport() : this.textReport()),
      top_values: this.distinct.top(5).map(({ value, count }) => ({ value: shown(value), count })),
      sample_values: this.distinct.first(5).map(shown),
    };
  }

  /** The kind of most cells: integers and floats are one kind, `string` wins a tie. */
  private commonKind(): Kind {
    const { kinds } = this;
    const number: Kind = kinds.float > 0 ? 'float' : 'integer';
    const votes: [Kind, number][] = [
      ['string', kinds.string],
      [number, this.numbers],
      ['boolean', kinds.boolean],
      ['date', kinds.date],
      ['date_time', kinds.date_time],
    ];
    return votes.reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
  }

  private numericReport(): JsonObject {
    const [lower, median, upper] = this.quantiles.at(0.25, 0.5, 0.75);
    return {
      min_value: this.smallest,
      max_value: this.largest,
      sum: this.sum,
      mean: this.mean,
      median: median!,
      median_exact: this.quantiles.exact,
      std_dev: Math.sqrt(this.squares / this.numbers),
      sample_std_dev: this.numbers > 1 ? Math.sqrt(this.squares / (this.numbers - 1)) : null,
      quartiles: [lower!, upper!],
    };
  }

  private textReport(): JsonObject {
    const missing = { sum: null, mean: null, median: null, std_dev: null };
    const edges = { min_value: edge(this.first), max_value: edge(this.last) };
    return { ...edges, ...missing, max_length: this.longest };
  }

  private filled(): number {
    return Object.values(this.kinds).reduce((sum, count) => sum + count, 0);
  }

  private addNumber(value: number): void {
    this.numbers++;
    const distance = value - this.mean;
    this.mean += distance / this.numbers;
    this.squares += distance * (value - this.mean);
    this.sum += value;
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
    this.quantiles.add(value);
  }

  private addText(value: string): void {
    if (this.first === undefined || value < this.first) this.first = value;
    if (this.last === undefined || value > this.last) this.last = value;
    if (value.length > this.longest) this.longest = value.length;
  }
}

function share(all: number, columns: number): number {
  return Math.max(100, Math.min(PER_COLUMN, Math.floor(all / columns)));
}

function edge(value: string | undefined): string | null {
  return value === undefined ? null : shown(value);
}

function shown(value: string): string {
  return value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
}

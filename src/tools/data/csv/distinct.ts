/** What all columns of a table together may keep of their values. */
export interface DistinctBudget {
  /** Characters that may still be kept. */
  characters: number;
}

/** Counts the different values of a column, exactly as long as there are few enough to be kept. */
export class Distinct {
  private readonly counts = new Map<string, { count: number }>();
  /** Whether every value was counted. */
  exact = true;

  constructor(
    private readonly capacity: number,
    private readonly budget: DistinctBudget,
  ) {}

  /** How many different values there are; at least so many when not {@link exact}. */
  get size(): number {
    return this.counts.size;
  }

  add(value: string): void {
    if (!this.exact) return;
    const known = this.counts.get(value);
    if (known) {
      known.count++;
      return;
    }
    if (this.counts.size >= this.capacity || this.budget.characters < value.length) {
      this.exact = false;
      return;
    }
    this.budget.characters -= value.length;
    this.counts.set(value, { count: 1 });
  }

  /** The first different values. */
  first(limit: number): string[] {
    return [...this.counts.keys()].slice(0, limit);
  }

  /** The values that are there most often; none when not all were counted or none is there twice. */
  top(limit: number): { value: string; count: number }[] {
    if (!this.exact) return [];
    return [...this.counts]
      .filter(([, { count }]) => count > 1)
      .sort((a, b) => b[1].count - a[1].count)
      .slice(0, limit)
      .map(([value, { count }]) => ({ value, count }));
  }
}

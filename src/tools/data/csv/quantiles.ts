import { seededRandom } from './sample.js';

/**
 * Quantiles of a stream of numbers: exact up to `capacity` of them, after that from a random sample of so many
 * (algorithm R). The sample is the same for the same numbers, so that a report can be repeated.
 */
export class Quantiles {
  private values = new Float64Array(256);
  private kept = 0;
  private seen = 0;
  private readonly random = seededRandom(1);

  constructor(private readonly capacity: number) {}

  /** Whether every number is still known. */
  get exact(): boolean {
    return this.seen <= this.capacity;
  }

  add(value: number): void {
    this.seen++;
    if (this.kept < this.capacity) {
      if (this.kept === this.values.length) this.grow();
      this.values[this.kept++] = value;
      return;
    }
    const place = Math.floor(this.random() * this.seen);
    if (place < this.capacity) this.values[place] = value;
  }

  /** The quantiles, between two numbers where the place falls between them; null for no numbers. */
  at(...fractions: number[]): (number | null)[] {
    const sorted = this.values.slice(0, this.kept).sort();
    return fractions.map((fraction) => between(sorted, fraction * (sorted.length - 1)));
  }

  private grow(): void {
    const larger = new Float64Array(Math.min(this.capacity, this.values.length * 4));
    larger.set(this.values);
    this.values = larger;
  }
}

function between(sorted: Float64Array, place: number): number | null {
  if (sorted.length === 0) return null;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

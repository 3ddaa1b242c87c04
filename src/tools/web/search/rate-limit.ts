/** Counts what happened in the last while, by name: so many in so many milliseconds. */
export class RateLimits {
  private readonly moments = new Map<string, number[]>();

  /**
   * Takes one of `count` places in a window of `perMs` milliseconds.
   * @returns 0, or, when none is free, the milliseconds until one is; then nothing is taken.
   */
  take(name: string, { count, perMs }: { count: number; perMs: number }, now: number): number {
    const recent = (this.moments.get(name) ?? []).filter((moment) => moment > now - perMs);
    this.moments.set(name, recent);
    if (recent.length >= count) return recent[recent.length - count]! + perMs - now;
    recent.push(now);
    return 0;
  }
}

/** A token bucket: so many a second on average, twice as many at once. */
export class RateLimit {
  private tokens: number;
  private since: number;
  /** How often something was refused. */
  violations = 0;

  /** @param now milliseconds. */
  constructor(
    readonly perSecond: number,
    private readonly now: () => number,
  ) {
    this.tokens = perSecond * 2;
    this.since = now();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const time = this.now();
    const earned = (Math.max(0, time - this.since) / 1000) * this.perSecond;
    this.tokens = Math.min(this.perSecond * 2, this.tokens + earned);
    this.since = time;
    if (this.tokens < 1) {
      this.violations++;
      return false;
    }
    this.tokens--;
    return true;
  }
}

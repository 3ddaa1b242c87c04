const MINUTE_MS = 60_000;

/** At most so many calls in any minute that begins with one. */
export class RateWindow {
  private begun = Number.NEGATIVE_INFINITY;
  private count = 0;

  constructor(readonly perMinute: number) {}

  /** Takes a call; false when there is none left at `now` (milliseconds). */
  take(now: number): boolean {
    if (now - this.begun >= MINUTE_MS) {
      this.begun = now;
      this.count = 0;
    }
    return ++this.count <= this.perMinute;
  }
}

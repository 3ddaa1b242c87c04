/**
 * Time that never goes back. Where the system's clock is set back, time goes on from where it was at the pace of the
 * clock, so that what has expired stays expired, and what was just written lives as long as it was given.
 */
export class SteadyClock {
  private time: number;
  private seen: number;

  /** @param source the system's clock, in milliseconds since the Unix epoch. */
  constructor(private readonly source: () => number) {
    this.seen = source();
    this.time = this.seen;
  }

  /** Milliseconds since the Unix epoch, never less than before. */
  now(): number {
    const wall = this.source();
    if (wall > this.seen) this.time += wall - this.seen;
    this.seen = wall;
    return this.time;
  }
}

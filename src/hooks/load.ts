/** How much of the time hooks take. */
export class HookLoad {
  private spentMs = 0;

  /** @param since when counting begins, in milliseconds since the Unix epoch. */
  constructor(
    private readonly share: number,
    private readonly since: number,
  ) {}

  /** A handler has run for so long; whether they take more than their share by now. */
  add(durationMs: number, now: number): boolean {
    this.spentMs += durationMs;
    return this.spentMs > (now - this.since) * this.share;
  }
}

/** Work that runs side by side, so much of it and no more; the first failure stops the rest. */
export class WritePool {
  private readonly running = new Set<Promise<void>>();
  private failure: { error: unknown } | undefined;

  constructor(private readonly width: number) {}

  /** Starts work as soon as there is room for it. @throws what earlier work threw */
  async start(work: () => Promise<void>): Promise<void> {
    while (this.running.size >= this.width) await Promise.race(this.running);
    this.throwFailure();
    const job: Promise<void> = work()
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.running.delete(job));
    this.running.add(job);
  }

  /** Waits for all work. @throws what any of it threw */
  async finish(): Promise<void> {
    await this.settle();
    this.throwFailure();
  }

  /** Waits for all work, whether it went well or not. */
  async settle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}

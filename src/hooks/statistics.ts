/** Durations that are remembered; older ones are forgotten. */
const SAMPLES = 1000;

/** What a handler has done so far. Durations in milliseconds. */
export interface HookCounts {
  readonly calls: number;
  readonly failures: number;
  /** Calls that were not made because the breaker was open. */
  readonly left_out: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly total_ms: number;
}

/** Counts the calls of one handler. */
export class HookStatistics {
  private calls = 0;
  private failures = 0;
  private leftOut = 0;
  private totalMs = 0;
  private readonly durations: number[] = [];

  /** A call has ended. */
  add(durationMs: number, ok: boolean): void {
    this.durations[this.calls % SAMPLES] = durationMs;
    this.calls++;
    this.totalMs += durationMs;
    if (!ok) this.failures++;
  }

  /** A call was not made. */
  addLeftOut(): void {
    this.leftOut++;
  }

  /** The present counts. */
  snapshot(): HookCounts {
    const sorted = this.durations.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return {
      calls: this.calls,
      failures: this.failures,
      left_out: this.leftOut,
      p50_ms: at(0.5),
      p95_ms: at(0.95),
      p99_ms: at(0.99),
      total_ms: this.totalMs,
    };
  }
}

import type { BreakerSettings } from './contract.js';

/** The presets by name. */
export const BREAKERS = {
  default: {
    failureThreshold: 3,
    successThreshold: 2,
    failureWindowMs: 30_000,
    openMs: 15_000,
    slowCallThreshold: 2,
    slowCallMs: 50,
  },
  production: {
    failureThreshold: 2,
    successThreshold: 1,
    failureWindowMs: 20_000,
    openMs: 10_000,
    slowCallThreshold: 1,
    slowCallMs: 25,
  },
  conservative: {
    failureThreshold: 5,
    successThreshold: 3,
    failureWindowMs: 60_000,
    openMs: 30_000,
    slowCallThreshold: 3,
    slowCallMs: 100,
  },
} as const satisfies Record<string, BreakerSettings>;
/** The name of a preset. */
export type BreakerPreset = keyof typeof BREAKERS;

/** `closed` lets calls through, `open` none, `half_open` as long as none fails. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Leaves a handler out for a while that fails or is slow again and again. Failures and slow calls count while they
 * are in the window; all times are milliseconds of whatever clock the caller uses.
 */
export class Breaker {
  private failures: number[] = [];
  private slow: number[] = [];
  private successes = 0;
  private openedAt: number | undefined;

  constructor(private readonly settings: BreakerSettings) {}

  /** Its state at this moment. */
  state(now: number): BreakerState {
    if (this.openedAt === undefined) return 'closed';
    return now - this.openedAt >= this.settings.openMs ? 'half_open' : 'open';
  }

  /** A call has succeeded. @param mayBeSlow false where slow calls are of no concern at present. */
  succeeded(durationMs: number, now: number, mayBeSlow = true): void {
    const { slowCallMs, slowCallThreshold, successThreshold } = this.settings;
    if (this.state(now) === 'half_open') {
      if (++this.successes >= successThreshold) this.close();
      return;
    }
    if (!mayBeSlow || durationMs < slowCallMs) return;
    this.slow = [...this.recent(this.slow, now), now];
    if (this.slow.length >= slowCallThreshold) this.open(now);
  }

  /** A call has failed. */
  failed(now: number): void {
    if (this.state(now) !== 'closed') return this.open(now);
    this.failures = [...this.recent(this.failures, now), now];
    if (this.failures.length >= this.settings.failureThreshold) this.open(now);
  }

  private recent(times: readonly number[], now: number): number[] {
    return times.filter((time) => now - time < this.settings.failureWindowMs);
  }

  private open(now: number): void {
    this.openedAt = now;
    this.successes = 0;
  }

  private close(): void {
    this.openedAt = undefined;
    this.failures = [];
    this.slow = [];
  }
}

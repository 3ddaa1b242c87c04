import { fail, type LlmspellError } from './errors.js';
import { addUsage, noUsage, type Usage } from './events.js';

/** What a run may spend at most; an absent limit is no limit. */
export interface BudgetLimits {
  /** Input plus output tokens. */
  tokens?: number | undefined;
  /** US dollars. */
  costUsd?: number | undefined;
  /** Calls of tools, agents, workflows and models. */
  calls?: number | undefined;
  /** Wall time in seconds from the start of the run. */
  seconds?: number | undefined;
}

/**
 * What one run has spent of what it may spend. Everything the run starts shares this one object, so a child
 * can never spend what its parent no longer has. A crossed budget stays crossed: every later check throws too.
 */
export class Budget {
  private spent: Usage = noUsage();
  private callCount = 0;
  private crossedBy: LlmspellError | undefined;
  private readonly startedAt: number;

  /** @param onCrossed called once, at the moment the first limit is crossed; must not throw. */
  constructor(
    private readonly limits: BudgetLimits,
    private readonly now: () => number,
    private readonly onCrossed: (error: LlmspellError) => void = () => {},
  ) {
    this.startedAt = now();
  }

  /** Everything spent so far. */
  get usage(): Usage {
    return this.spent;
  }

  /** Component calls made so far. */
  get calls(): number {
    return this.callCount;
  }

  /** Milliseconds left of the wall time, or undefined without such a limit. */
  get remainingMs(): number | undefined {
    const { seconds } = this.limits;
    return seconds === undefined ? undefined : Math.max(0, this.startedAt + seconds * 1000 - this.now());
  }

  /** The error of the limit that was crossed first, if one was. */
  get crossed(): LlmspellError | undefined {
    return this.crossedBy;
  }

  /** Reserves one call before it is made, so that a limit of n allows exactly n. */
  reserveCall(): void {
    this.check();
    const { calls } = this.limits;
    if (calls !== undefined && this.callCount >= calls) throw this.cross('calls', calls, 'component calls');
    this.callCount++;
  }

  /** Adds what a finished call has cost. The call that crosses a limit is paid for; the next one is refused. */
  settle(usage: Usage): void {
    this.spent = addUsage(this.spent, usage);
    const { tokens, costUsd } = this.limits;
    const used = this.spent.inputTokens + this.spent.outputTokens;
    if (tokens !== undefined && used > tokens) throw this.cross('tokens', tokens, 'tokens');
    if (costUsd !== undefined && this.spent.costUsd > costUsd)
      throw this.cross('cost', costUsd, 'US dollars');
  }

  /** Throws if any limit has been crossed. */
  check(): void {
    if (this.crossedBy) throw this.crossedBy;
    if (this.remainingMs === 0) throw this.cross('time', this.limits.seconds!, 'seconds');
  }

  /** Marks the wall-time limit as crossed; for the timer that watches it. */
  expire(): LlmspellError {
    return this.crossedBy ?? this.cross('time', this.limits.seconds ?? 0, 'seconds');
  }

  private cross(kind: 'tokens' | 'cost' | 'calls' | 'time', limit: number, unit: string): LlmspellError {
    if (this.crossedBy) return this.crossedBy;
    this.crossedBy = fail(`budget.${kind}`, `The run's budget of ${limit} ${unit} is used up`, {
      hint: 'Raise the limit on the command line (--budget-…) or under [runtime.budget], or do less per run.',
      details: { limit, spent: { ...this.spent, calls: this.callCount } },
    });
    this.onCrossed(this.crossedBy);
    return this.crossedBy;
  }
}

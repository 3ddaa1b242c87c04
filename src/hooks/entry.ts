import { fail } from '../core/errors.js';
import type { HookPoint } from '../core/hook-points.js';
import { BREAKERS, Breaker, type BreakerState } from './breaker.js';
import { type HookRegistration, PRIORITIES, type PriorityName, type RegisteredHook } from './contract.js';
import { hookPoint } from './point-rules.js';
import { RateWindow } from './rate-window.js';
import { type HookCounts, HookStatistics } from './statistics.js';

/** What holds for every handler that does not say otherwise. */
export interface HookDefaults {
  readonly timeoutMs: number;
  /** Calls of one handler in a minute. */
  readonly ratePerMinute: number;
}

/** A registered handler with what is counted about it. */
export class HookEntry implements RegisteredHook {
  readonly name: string;
  readonly points: readonly HookPoint[];
  readonly priority: number;
  readonly language: string;
  readonly timeoutMs: number;
  readonly statistics = new HookStatistics();
  readonly breaker: Breaker | undefined;
  readonly rate: RateWindow;
  /** The step in the path of operations that this handler has started beside the work. */
  readonly forkStep: string;
  enabled = true;
  removed = false;

  constructor(
    readonly id: string,
    readonly registration: HookRegistration,
    defaults: HookDefaults,
    private readonly remove: (entry: HookEntry) => void,
  ) {
    const { language = 'kernel', name, priority, timeoutMs, breaker, ratePerMinute } = registration;
    this.language = language;
    this.name = name ?? `${language}_${id}`;
    this.points = pointsOf(registration);
    this.priority = priorityOf(priority);
    this.timeoutMs = timeoutMs ?? defaults.timeoutMs;
    this.breaker = breaker === false ? undefined : new Breaker(breaker ?? BREAKERS.default);
    this.rate = new RateWindow(ratePerMinute ?? defaults.ratePerMinute);
    this.forkStep = `fork:${id}`;
  }

  /** Whether a failure of the handler fails the work. */
  get isBinding(): boolean {
    return this.registration.onError !== 'continue';
  }

  unregister(): boolean {
    if (this.removed) return false;
    this.removed = true;
    this.remove(this);
    this.registration.removed?.();
    return true;
  }

  /** As `Hook.list` shows it. */
  describe(now: number): HookDescription {
    const { tags = [], version = '1.0.0', description } = this.registration;
    return {
      id: this.id,
      name: this.name,
      hook_point: this.points[0]!,
      hook_points: [...this.points],
      priority: `Priority(${this.priority})`,
      priority_name: priorityName(this.priority),
      language: this.language,
      version,
      description: description ?? `${this.language} hook for ${this.points.join(', ')}`,
      tags: [...tags],
      enabled: this.enabled,
      on_error: this.isBinding ? 'fail' : 'continue',
      breaker: this.breaker?.state(now) ?? 'none',
      ...this.statistics.snapshot(),
    };
  }
}

/** A handler as scripts see it in a list. */
export interface HookDescription extends HookCounts {
  readonly id: string;
  readonly name: string;
  readonly hook_point: string;
  readonly hook_points: string[];
  readonly priority: string;
  readonly priority_name: string;
  readonly language: string;
  readonly version: string;
  readonly description: string;
  readonly tags: string[];
  readonly enabled: boolean;
  readonly on_error: 'fail' | 'continue';
  readonly breaker: BreakerState | 'none';
}

/** The number of a priority; an unknown word is `normal`. @throws `input.invalid` for a number that is no integer. */
export function priorityOf(priority: PriorityName | number | undefined): number {
  if (priority === undefined) return PRIORITIES.normal;
  if (typeof priority === 'string') return PRIORITIES[priority] ?? PRIORITIES.normal;
  if (Number.isSafeInteger(priority)) return priority;
  throw fail('input.invalid', `A priority is one of ${Object.keys(PRIORITIES).join(', ')} or an integer`);
}

function priorityName(priority: number): string {
  const known = Object.entries(PRIORITIES).find(([, value]) => value === priority);
  return known?.[0] ?? String(priority);
}

function pointsOf({ point, points = [] }: HookRegistration): HookPoint[] {
  const all = [...new Set([...(point === undefined ? [] : [point]), ...points].map(hookPoint))];
  if (all.length > 0) return all;
  throw fail('input.invalid', 'A hook needs at least one point');
}

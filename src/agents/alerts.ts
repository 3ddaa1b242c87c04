import { z } from 'zod';
import { inputError } from '../core/schema.js';
import { type ScriptValue, toJson } from '../core/values.js';

const duration = z.number().nonnegative().default(60);

const rule = z.object({
  name: z.string().min(1),
  severity: z.string().default('warning'),
  condition: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('metric_threshold'),
      metric_name: z.string(),
      operator: z.enum(['>', '>=', '<', '<=', '==', '!=', 'gt', 'gte', 'lt', 'lte', 'eq', 'ne']),
      threshold: z.number(),
      duration_seconds: duration,
    }),
    z.object({ type: z.literal('health_status'), status: z.string(), duration_seconds: duration }),
    z.object({
      type: z.literal('error_rate'),
      rate_percent: z.number().min(0).max(100),
      duration_seconds: duration,
    }),
  ]),
  cooldown_seconds: z.number().nonnegative().default(0),
  enabled: z.boolean().default(true),
});

type Rule = z.output<typeof rule>;

/** What alert rules are compared with. */
export interface AlertFacts {
  /** Metrics by name. */
  metrics: Readonly<Record<string, number>>;
  /** `Healthy`, `Degraded` or `Unhealthy`. */
  health: string;
  errorRatePercent: number;
}

/** An alert that was raised. */
export interface Alert {
  name: string;
  severity: string;
  message: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
}

/** Raised alerts that are kept; older ones are forgotten. */
const MAX_ALERTS = 100;

/**
 * Watches one agent. A rule is looked at after every execution and whenever the alerts are read; it raises
 * when its condition has held for `duration_seconds`, and not again within `cooldown_seconds`.
 */
export class Alerts {
  private readonly rules = new Map<
    string,
    { rule: Rule; heldSince?: number | undefined; raisedAt?: number }
  >();
  private readonly raised: Alert[] = [];

  /** Whether there is a rule to look at. */
  get watching(): boolean {
    return this.rules.size > 0;
  }

  /** Adds a rule, or replaces the one of that name. @throws `input.invalid`. */
  configure(raw: unknown): void {
    const checked = rule.safeParse(toJson((raw ?? null) as ScriptValue));
    if (!checked.success) throw inputError('alert configuration', checked.error, rule);
    this.rules.set(checked.data.name, { rule: checked.data });
  }

  /** Looks at every rule. @param now milliseconds since the Unix epoch. */
  check(facts: AlertFacts, now: number): void {
    for (const watch of this.rules.values()) {
      if (!watch.rule.enabled) continue;
      const message = violated(watch.rule.condition, facts);
      watch.heldSince = message === undefined ? undefined : (watch.heldSince ?? now);
      if (message === undefined || now - watch.heldSince! < watch.rule.condition.duration_seconds * 1000)
        continue;
      if (watch.raisedAt !== undefined && now - watch.raisedAt < watch.rule.cooldown_seconds * 1000) continue;
      watch.raisedAt = now;
      this.raise({ name: watch.rule.name, severity: watch.rule.severity, message, time: now });
    }
  }

  /** The alerts that were raised, oldest first. */
  list(): readonly Alert[] {
    return this.raised;
  }

  private raise(alert: Alert): void {
    this.raised.push(alert);
    if (this.raised.length > MAX_ALERTS) this.raised.shift();
  }
}

/** What is the matter, or nothing. */
function violated(condition: Rule['condition'], facts: AlertFacts): string | undefined {
  if (condition.type === 'health_status')
    return condition.status.toLowerCase() === facts.health.toLowerCase()
      ? `health is ${facts.health}`
      : undefined;
  if (condition.type === 'error_rate')
    return facts.errorRatePercent > condition.rate_percent
      ? `error rate is ${facts.errorRatePercent} %`
      : undefined;
  const value = facts.metrics[condition.metric_name];
  if (value === undefined || !compare(value, condition.operator, condition.threshold)) return undefined;
  return `${condition.metric_name} is ${value} (${condition.operator} ${condition.threshold})`;
}

function compare(a: number, operator: string, b: number): boolean {
  if (operator === '>' || operator === 'gt') return a > b;
  if (operator === '>=' || operator === 'gte') return a >= b;
  if (operator === '<' || operator === 'lt') return a < b;
  if (operator === '<=' || operator === 'lte') return a <= b;
  return operator === '==' || operator === 'eq' ? a === b : a !== b;
}

import { Cron } from 'croner';
import { fail } from '../core/errors.js';

/** When something is to be replayed. Times are milliseconds since the Unix epoch. */
export interface Schedule {
  readonly type: 'once' | 'at' | 'interval' | 'cron';
  /** The first time after `from`; nothing when there is none any more. */
  next(from: number): number | undefined;
}

/** At one time, some seconds after `start`. */
export function once(start: number, delaySeconds: number): Schedule {
  return single('once', start + seconds('delay_seconds', delaySeconds));
}

/** At that very time. */
export function at(time: number): Schedule {
  return single('at', time);
}

/** Again and again, first some seconds after `start`. */
export function interval(
  start: number,
  initialDelaySeconds: number,
  intervalSeconds: number,
  maxExecutions = Number.POSITIVE_INFINITY,
): Schedule {
  const first = start + seconds('initial_delay', initialDelaySeconds);
  const step = seconds('interval', intervalSeconds);
  if (step < 1) throw fail('input.invalid', 'interval must be at least a thousandth of a second');
  if (!(maxExecutions >= 1)) throw fail('input.invalid', 'max_executions must be at least 1');
  return {
    type: 'interval',
    next: (from) => {
      const passed = from < first ? 0 : Math.floor((from - first) / step) + 1;
      return passed < maxExecutions ? first + passed * step : undefined;
    },
  };
}

/** Words for what people want most often. */
const WORDS = /^(?:hourly|daily|weekly|monthly|yearly)$/;

/**
 * By a cron expression: five fields, six with seconds first, or `hourly`, `daily`, `weekly`, `monthly`, `yearly`.
 * @param timezone by whose clock, e.g. `Europe/Berlin`; the machine's own when absent.
 * @throws `input.invalid`
 */
export function cron(expression: string, timezone?: string): Schedule {
  const pattern = WORDS.test(expression.trim()) ? `@${expression.trim()}` : expression;
  const job = attempt(expression, () => {
    const made = new Cron(pattern, { paused: true, ...(timezone !== undefined && { timezone }) });
    made.nextRun();
    return made;
  });
  return { type: 'cron', next: (from) => job.nextRun(new Date(from))?.getTime() };
}

/** The next times after `from`, at most so many. */
export function upcoming(schedule: Schedule, count: number, from: number): number[] {
  const times: number[] = [];
  for (let time = schedule.next(from); time !== undefined && times.length < count; time = schedule.next(time))
    times.push(time);
  return times;
}

function single(type: 'once' | 'at', time: number): Schedule {
  return { type, next: (from) => (from < time ? time : undefined) };
}

function seconds(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value * 1000;
  throw fail('input.invalid', `${name} must be a number of seconds that is not negative, not ${value}`);
}

function attempt(expression: string, work: () => Cron): Cron {
  try {
    return work();
  } catch (thrown) {
    throw fail('input.invalid', `'${expression}' is no schedule: ${(thrown as Error).message}`, {
      hint: 'Five fields (minute hour day month weekday), or hourly, daily, weekly, monthly, yearly.',
      cause: thrown,
    });
  }
}

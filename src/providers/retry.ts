import type { LlmspellError } from '../core/errors.js';
import type { RetrySettings } from './model.js';

/** What a table may leave out. */
export const DEFAULT_RETRY: RetrySettings = {
  maxRetries: 3,
  initialDelayMs: 1000,
  maxDelayMs: 30_000,
  multiplier: 2,
};

/** Part of a computed wait that is left to chance, so that many clients do not come back at once. */
const JITTER = 0.5;

/**
 * Milliseconds before the next attempt: what the provider asked for, exactly; otherwise a wait that grows with
 * every failed attempt (counted from 1), of which up to half is taken off at random.
 */
export function retryDelay(
  error: LlmspellError,
  attempt: number,
  settings: RetrySettings,
  random: () => number,
): number {
  const asked = error.details?.retryAfterMs;
  if (typeof asked === 'number') return asked;
  const full = Math.min(settings.maxDelayMs, settings.initialDelayMs * settings.multiplier ** (attempt - 1));
  return Math.round(full * (1 - JITTER * random()));
}

import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail, LlmspellError } from '../../core/errors.js';
import type { GuardedResponse } from '../../security/network.js';

/** Methods that may be repeated without doing anything twice. */
export const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** However many are asked for. */
const MAX_ATTEMPTS = 20;

/** The `retry` parameter of web tools; what is left out has its usual value. */
export const retrySchema = z.object({
  max_attempts: z.number().int().min(1).max(MAX_ATTEMPTS).default(3).describe('How often to try in all.'),
  initial_delay_ms: z.number().min(0).default(1000).describe('Milliseconds before the second attempt.'),
  max_delay_ms: z.number().min(0).default(30_000).describe('The longest wait between two attempts.'),
  backoff_factor: z.number().min(1).default(2).describe('By how much each wait is longer.'),
  retry_on_status: z
    .array(z.number().int())
    .default([429, 500, 502, 503, 504])
    .describe('Statuses after which to try again.'),
});
type RetrySettings = z.output<typeof retrySchema>;

/** How to repeat a request. */
export interface RetryPolicy {
  /** What the caller asked for. Without it only idempotent requests are repeated, and only without an answer. */
  settings: RetrySettings | undefined;
  /** Attempts in all where the caller asked for nothing; the usual number when absent. */
  maxAttempts?: number | undefined;
  idempotent: boolean;
  /** When to give up, in milliseconds since the epoch. */
  deadline: number;
}

/** Failures of the connection; everything else would fail the same way again. */
const TRANSIENT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'HPE_INVALID_EOF_STATE',
]);

/**
 * Repeats `send` until it gives an answer that needs no repeating, the attempts are used up or the deadline
 * would pass; then the last answer is given or the last failure raised.
 *
 * @param send Contract: gets the milliseconds that are left and takes no longer.
 */
export async function retrying(
  policy: RetryPolicy,
  context: ExecutionContext,
  send: (timeoutMs: number) => Promise<GuardedResponse>,
): Promise<{ response: GuardedResponse; attempts: number }> {
  const settings = policy.settings ?? retrySchema.parse(attempts(policy.maxAttempts));
  const left = () => policy.deadline - context.effects.now();
  const wait = async (attempt: number, retryAfterMs: number) => {
    const pause = Math.max(backoff(settings, attempt, context.effects.random()), retryAfterMs);
    if (attempt >= settings.max_attempts || pause >= left()) return false;
    await context.effects.sleep(pause, context.signal);
    return true;
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await send(Math.max(1, left()));
      const again = policy.settings?.retry_on_status.includes(response.status) ?? false;
      if (!again || !(await wait(attempt, retryAfter(response, context.effects.now()))))
        return { response, attempts: attempt };
    } catch (error) {
      const again = isTransient(error) && (policy.idempotent || policy.settings !== undefined);
      if (!again || !(await wait(attempt, 0))) throw afterAttempts(error, attempt);
    }
  }
}

function attempts(wanted: number | undefined): { max_attempts?: number } {
  return wanted === undefined ? {} : { max_attempts: Math.min(wanted, MAX_ATTEMPTS) };
}

/** Milliseconds before the next attempt, a fifth more or less so that many clients do not come back at once. */
function backoff(settings: RetrySettings, attempt: number, random: number): number {
  const pause = settings.initial_delay_ms * settings.backoff_factor ** (attempt - 1);
  return Math.min(pause, settings.max_delay_ms) * (0.8 + 0.4 * random);
}

/** Milliseconds that the server asks for with `Retry-After`, in seconds or as a date. */
export function retryAfter(response: GuardedResponse, now: number): number {
  const value = response.headers['retry-after']?.trim();
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function isTransient(error: unknown): boolean {
  return error instanceof LlmspellError && TRANSIENT.has(String(error.details?.errno));
}

function afterAttempts(error: unknown, attempts: number): unknown {
  if (attempts === 1 || !(error instanceof LlmspellError)) return error;
  const reason = error.message.replace(/^HTTP request failed: /, '');
  return fail('tool.failed', `HTTP request failed: Operation failed after ${attempts} attempts: ${reason}`, {
    details: { ...error.details, attempts },
    cause: error,
  });
}

import type { ExecutionContext } from '../../../core/context.js';
import { LlmspellError } from '../../../core/errors.js';
import type { GuardedResponse } from '../../../security/network.js';
import { retryAfter } from '../http-retry.js';

/** How often and how patiently to deliver. */
export interface DeliveryPolicy {
  maxRetries: number;
  /** Milliseconds before the second attempt; doubled before each further one. */
  retryDelayMs: number;
}

/** How a delivery ended: with an answer, or with a failure of the connection. */
export type Delivered = { retries: number } & ({ response: GuardedResponse } | { error: LlmspellError });

/** A server that wants to be left alone for longer than this gets no further attempt. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Connections that broke after they were made. One that could not be made, or an answer that never came, would
 * most likely fail the same way again.
 */
const BROKEN: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'HPE_INVALID_EOF_STATE',
]);

/**
 * Sends until there is an answer that needs no repeating, or the retries are used up: 429 and 5xx are repeated, and
 * connections that broke. A `Retry-After` that is longer than the usual wait is honoured.
 * @throws what `send` raises for reasons that are not the connection's: refusals and bad input
 */
export async function deliver(
  policy: DeliveryPolicy,
  context: ExecutionContext,
  send: () => Promise<GuardedResponse>,
): Promise<Delivered> {
  for (let retries = 0; ; retries++) {
    const outcome = await attempt(send, context);
    const wait = retries < policy.maxRetries ? waitBefore(outcome, retries, policy, context) : undefined;
    if (wait === undefined) return { retries, ...outcome };
    await context.effects.sleep(wait, context.signal);
  }
}

type Outcome = { response: GuardedResponse } | { error: LlmspellError };

async function attempt(send: () => Promise<GuardedResponse>, context: ExecutionContext): Promise<Outcome> {
  try {
    return { response: await send() };
  } catch (error) {
    if (context.signal.aborted || !isConnectionFailure(error)) throw error;
    return { error };
  }
}

function isConnectionFailure(error: unknown): error is LlmspellError {
  return error instanceof LlmspellError && ['tool.failed', 'component.timeout'].includes(error.code);
}

/** Milliseconds before the next attempt; undefined when there should be none. */
function waitBefore(
  outcome: Outcome,
  retries: number,
  { retryDelayMs }: DeliveryPolicy,
  context: ExecutionContext,
): number | undefined {
  const usual = Math.min(retryDelayMs * 2 ** retries, LONGEST_WAIT_MS);
  if ('error' in outcome) return BROKEN.has(outcome.error.details?.errno) ? usual : undefined;
  const { response } = outcome;
  if (response.status !== 429 && response.status < 500) return undefined;
  const wait = Math.max(usual, retryAfter(response, context.effects.now()));
  return wait > LONGEST_WAIT_MS ? undefined : wait;
}

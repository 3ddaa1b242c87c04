import { fail, LlmspellError } from '../core/errors.js';

/** A signal that also aborts when nothing was heard for a while. Dispose it to stop the clock. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Something was heard: the clock starts anew. */
  touch(): void;
}

/** Aborts with `provider.timeout` after `idleMs` without a `touch`, or with the reason of `parent`. */
export function idleDeadline(parent: AbortSignal, idleMs: number, provider: string): Deadline {
  const controller = new AbortController();
  const expire = () => controller.abort(timedOut(provider, idleMs));
  const stop = () => controller.abort(parent.reason);
  let timer = setTimeout(expire, idleMs);
  if (parent.aborted) stop();
  else parent.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer);
      timer = setTimeout(expire, idleMs);
    },
    /** Aborting what has ended is harmless; what has not ended loses its connection here. */
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent.removeEventListener('abort', stop);
      controller.abort(cancelled(undefined));
    },
  };
}

/** The error that an aborted signal stands for. */
export function cancelled(reason: unknown): LlmspellError {
  if (reason instanceof LlmspellError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError')
    return fail('component.timeout', 'The call to the model ran longer than its limit');
  return fail('component.cancelled', 'The call to the model was cancelled');
}

function timedOut(provider: string, idleMs: number): LlmspellError {
  return fail('provider.timeout', `Provider '${provider}' said nothing for ${idleMs} ms`, {
    hint: `Raise timeout_seconds of [providers.${provider}], or use a faster model.`,
    details: { provider, timeoutMs: idleMs, retryable: false },
  });
}

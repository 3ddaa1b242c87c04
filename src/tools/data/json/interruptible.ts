import { createContext, Script } from 'node:vm';
import { fail } from '../../../core/errors.js';

/**
 * Runs synchronous work that may be ended while it runs, e.g. inside a regular expression that backtracks. It
 * blocks the thread up to `timeoutMs`, so the limit must be small.
 * @throws `component.timeout`, or what the work throws.
 */
export function runInterruptible<T>(work: () => T, timeoutMs: number): T {
  let result: { value: T } | undefined;
  const sandbox = createContext({
    run: () => {
      result = { value: work() };
    },
  });
  try {
    new Script('run()').runInContext(sandbox, { timeout: timeoutMs });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw fail('component.timeout', `The work took longer than ${timeoutMs} ms`, { cause: error });
    throw error;
  }
  return result!.value;
}

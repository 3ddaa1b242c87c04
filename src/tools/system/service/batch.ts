import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type CheckResult, prepare, runCheck } from './check.js';
import type { CheckInput, Input } from './input.js';

/** Checks that run at the same time. */
const AT_ONCE = 10;

/**
 * Runs several checks, ten at a time; results stand in the order of the targets. All of them are understood before
 * the first one is run, and when something is not granted the others are stopped.
 */
export async function runBatch(input: Input, context: ExecutionContext): Promise<CheckResult[]> {
  if (!input.targets) throw fail('input.invalid', "Missing required parameter 'targets'");
  const checks = input.targets.map((target) => prepare(settingsOf(target, input)));
  const stop = new AbortController();
  const inner = context.child('tool', 'checks', { signal: stop.signal });
  const results: CheckResult[] = [];
  const left = checks.entries();
  const work = async () => {
    for (const [at, check] of left) results[at] = await runCheck(check, inner);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return results;
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

/** What a target says itself, and what the whole call says. */
function settingsOf(target: string | CheckInput, common: Input): CheckInput {
  if (typeof target === 'string') return { ...common, target, host: undefined };
  const { target: _target, host: _host, ...rest } = common;
  return { ...rest, ...target };
}

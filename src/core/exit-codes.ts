import type { ErrorCode } from './error-codes.js';

/** Exit codes of the command line. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  cancelled: 3,
  budget: 4,
  permission: 5,
  interrupted: 130,
} as const;

/** What each exit code means; `docs/errors.md` is generated from this table. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'It went well.',
  failure: 'It failed: the script raised, a file was not found, a provider could not be reached …',
  usage: 'The command line was not understood.',
  cancelled: 'It was cancelled, ran into a time limit or had to be ended.',
  budget: 'A budget (tokens, cost, calls or time) was used up.',
  permission: 'Something was attempted that is not granted.',
  interrupted: 'It was interrupted with Ctrl-C.',
};

/**
 * The exit code with which a command ends that failed with this error. Ctrl-C is no error of its own: whoever saw
 * the signal ends with `EXIT.interrupted` instead.
 */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'usage.invalid') return EXIT.usage;
  if (code === 'execution.busy') return EXIT.failure;
  if (code.startsWith('execution.') || code === 'component.cancelled' || code === 'component.timeout')
    return EXIT.cancelled;
  if (code.startsWith('budget.')) return EXIT.budget;
  return code.startsWith('permission.') ? EXIT.permission : EXIT.failure;
}

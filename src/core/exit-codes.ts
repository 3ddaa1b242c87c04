import type { ErrorCode } from './error-codes.js';

/** Exit codes of the command line. */
export const EXIT = { ok: 0, failure: 1, usage: 2, cancelled: 3, budget: 4, permission: 5, interrupted: 130 } as const;

/** The exit code with which a command ends that failed with this error. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'usage.invalid') return EXIT.usage;
  if (code.startsWith('execution.') || code === 'component.cancelled') return EXIT.cancelled;
  if (code.startsWith('budget.')) return EXIT.budget;
  return code.startsWith('permission.') ? EXIT.permission : EXIT.failure;
}

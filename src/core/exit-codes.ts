import type { ErrorCode } from './error-codes.js';

/** What the process's exit codes mean. */
export const EXIT_CODES = {
  0: 'It went well.',
  1: 'It failed: the script raised, a file was not found, a provider could not be reached …',
  2: 'The command line was not understood.',
  3: 'It was cancelled, ran into a time limit or had to be ended.',
  4: 'A budget (tokens, cost, calls, time) was used up.',
  5: 'Something was attempted that is not granted.',
  130: 'It was interrupted with Ctrl-C.',
} as const;

/** An exit code of the process. */
export type ExitCode = keyof typeof EXIT_CODES;

const BY_CODE: Partial<Record<ErrorCode, ExitCode>> = {
  'execution.busy': 1,
  'component.cancelled': 3,
  'component.timeout': 3,
};

const BY_AREA: Readonly<Record<string, ExitCode>> = { usage: 2, execution: 3, budget: 4, permission: 5 };

/**
 * The exit code that an error gives when it ends the process. Ctrl-C is not an error of its own: whoever saw the
 * signal exits with 130 instead.
 */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_CODE[code] ?? BY_AREA[code.slice(0, code.indexOf('.'))] ?? 1;
}

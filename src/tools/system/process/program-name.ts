import { fail } from '../../../core/errors.js';

/**
 * Refuses names of programs that were meant for a shell, of which there is none here.
 * @throws `input.invalid`
 */
export function refuseShellSyntax(executable: string): void {
  if (executable.trim() === '') throw fail('input.invalid', 'The executable cannot be empty');
  if (/[;|&`$]|\.\./.test(executable))
    throw fail('input.invalid', `The executable '${shown(executable)}' contains dangerous characters`, {
      hint: 'No shell reads it: give one program as `executable` and its arguments as a list in `arguments`.',
    });
}

/** An executable that was not found because its arguments stand behind it. */
export function withArgumentsHint(executable: string): string | undefined {
  if (!/\s/.test(executable.trim())) return undefined;
  return 'Give the program alone as `executable` and its arguments as a list in `arguments`.';
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

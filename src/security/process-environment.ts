import { delimiter } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { loadsCode } from './code-variables.js';
import { grantsEveryProgram, writeRule } from './program-trust.js';
import { searchFolders } from './programs.js';

/**
 * Environment for a program: what every program needs, and what the caller gives. Its search path has no folder
 * that is relative, and none into which the run could put a program.
 * @throws `input.invalid` for names that are none, and for variables through which a program runs other code
 */
export function cleanEnvironment(
  given: Readonly<Record<string, string>>,
  context: ExecutionContext,
): Record<string, string> {
  const base = baseEnvironment(context);
  for (const [name, value] of Object.entries(given)) {
    if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
      throw fail('input.invalid', `${JSON.stringify(name)} is not a variable that a program can be given`);
    if (loadsCode(name) && base[name] !== value) throw refused(name);
  }
  return { ...base, ...given };
}

/** Where a context's programs are sought: the search path of its permissions, else the process's own. */
export function searchPathOf(context: ExecutionContext): string {
  const { searchPath = process.env.PATH ?? '' } = context.permissions as { searchPath?: string };
  return searchPath;
}

function baseEnvironment(context: ExecutionContext): Record<string, string> {
  const { HOME = '/', LANG = 'C.UTF-8', SystemRoot } = process.env;
  return { PATH: trustedPath(context), HOME, LANG, ...(SystemRoot !== undefined && { SystemRoot }) };
}

function trustedPath(context: ExecutionContext): string {
  const folders = searchFolders(searchPathOf(context));
  const mayWrite = writeRule(context);
  const trusted = grantsEveryProgram(context) ? folders : folders.filter((folder) => !mayWrite(folder));
  return trusted.join(delimiter);
}

function refused(name: string): Error {
  return fail('input.invalid', `The variable '${name}' could make a program run other code and is refused`, {
    hint: 'Set it inside a script of your own, and grant that script.',
    details: { name },
  });
}

import { basename, parse, sep } from 'node:path';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { isReplaceable } from './programs.js';

/** Whether a run may start whatever it likes. */
export function grantsEveryProgram({ permissions }: ExecutionContext): boolean {
  return permissions.allows('run', sep);
}

/**
 * Where a run may write. One that may write everywhere can replace any program, so there nothing is told apart: the
 * system's own rights are what protects its programs.
 */
export function writeRule({ permissions }: ExecutionContext): (path: string) => boolean {
  return (path) => permissions.allows('write', path) && !permissions.allows('write', parse(path).root);
}

/** Whether a grant for this program means what lies there now: nobody in the run can replace it, or its path is granted. */
export function isTrusted(path: string, context: ExecutionContext): boolean {
  return !isReplaceable(path, writeRule(context)) || isGrantedByPath(path, context);
}

/**
 * Refuses a program that only its name grants although the run could have written it, and journals that.
 * @throws `permission.run`
 */
export function refuseReplaceable(path: string, context: ExecutionContext): void {
  if (isTrusted(path, context) || !context.permissions.allows('run', path)) return;
  context.emit({ type: 'permission', capability: 'run', target: path, granted: false });
  throw fail(
    'permission.run',
    `Permission denied: '${path}' lies where the run may write, so the name '${basename(path)}' does not grant it`,
    {
      hint: `Grant its path instead of its name: --allow-run=${path}`,
      details: { capability: 'run', target: path },
    },
  );
}

function isGrantedByPath(path: string, context: ExecutionContext): boolean {
  const { permissions } = context;
  if (!permissions.allows('run', path)) return false;
  return grantsEveryProgram(context) || !permissions.allows('run', basename(path));
}

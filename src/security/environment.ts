import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable, undefined when it is not set. Raises `permission.env` unless the name is granted. */
export async function readEnvironment(
  name: string,
  env: Environment,
  context: ExecutionContext,
): Promise<string | undefined> {
  if (name === '' || /[=\0]/.test(name))
    throw fail('input.invalid', `${JSON.stringify(name)} is not the name of an environment variable`);
  await context.permissions.require('env', name, context);
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** The variables that are granted; the others are left out as if they were not set. */
export function grantedEnvironment(env: Environment, context: ExecutionContext): Record<string, string> {
  const granted: Record<string, string> = {};
  for (const name of Object.keys(env).sort()) {
    const value = env[name];
    if (value !== undefined && context.permissions.allows('env', name)) granted[name] = value;
  }
  return granted;
}

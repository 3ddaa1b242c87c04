import type { ExecutionContext } from '../../../core/context.js';
import { REDACTED } from '../../../core/redact.js';
import { setOwn } from '../../../core/values.js';
import { permitted } from '../not-permitted.js';
import type { Profile, Variable } from './profiles.js';

/**
 * The value of a variable as it may be shown: a secret is masked unless it is asked for, and then its name has to be
 * granted.
 * @throws `permission.env`
 */
export async function shownValue(
  name: string,
  { value, secret }: Variable,
  reveal: boolean,
  context: ExecutionContext,
): Promise<string> {
  if (!secret) return value;
  context.secrets.add(value);
  if (!reveal) return REDACTED;
  await permitted(`Showing the secret '${name}'`, () => context.permissions.require('env', name, context));
  return value;
}

/** All variables of a profile as they may be shown, by name. */
export async function shownValues(
  profile: Profile,
  reveal: boolean,
  context: ExecutionContext,
): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const [name, variable] of [...profile].sort(([a], [b]) => (a < b ? -1 : 1)))
    setOwn(shown, name, await shownValue(name, variable, reveal, context));
  return shown;
}

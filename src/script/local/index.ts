import { fail } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';
import { debugMembers } from './debug.js';
import type { DebugHost } from './debug-host.js';
import { parse, stringify } from './json.js';
import type { LocalMember } from './member.js';

/** Every member that needs no kernel and is the same for all languages, by full name. */
export function localMembers(host: DebugHost): Record<string, LocalMember> {
  return { 'JSON.parse': parse, 'JSON.stringify': stringify, ...debugMembers(host) };
}

/** Runs a local member; engines implement the ones that are missing here in their own preludes. */
export function runLocal(
  members: Record<string, LocalMember>,
  name: string,
  args: ScriptValue[],
): ScriptValue {
  const member = members[name];
  if (!member) throw fail('internal.error', `${name} is not available in this language`);
  return member(...args) ?? null;
}

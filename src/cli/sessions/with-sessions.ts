import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { TenantSessions } from '../../globals/services.js';
import type { SessionRecord } from '../../sessions/record.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { Invocation, OptionDefinitions } from '../command.js';
import { type TenantWork, withTenant } from '../tenant-work.js';

/** Options of every command that looks at sessions. */
export const TENANT_OPTIONS: OptionDefinitions = {
  tenant: { value: 'NAME', doc: 'Whose sessions; default when absent' },
};

/** What such a command works with. */
export type SessionWork = TenantSessions & TenantWork;

/** Does something with the sessions of a tenant, see {@link withTenant}. */
export function withSessions<T>(
  invocation: Invocation,
  change: string | undefined,
  work: (parts: SessionWork) => Promise<T>,
): Promise<T> {
  return withTenant(invocation, 'sessions', change, async (parts) =>
    work({ ...(await parts.services.sessions()), ...parts }),
  );
}

/** The one session whose id is `id` or begins with it, or whose name it is. @throws `session.not_found`, `usage.invalid` */
export async function findSession(
  sessions: Sessions,
  id: string,
  context: ExecutionContext,
): Promise<SessionRecord> {
  const all = await sessions.find({}, context);
  const exact = all.filter((record) => record.id === id.toLowerCase());
  const found =
    exact.length > 0
      ? exact
      : all.filter((record) => (id !== '' && record.id.startsWith(id)) || record.name === id);
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw fail('session.not_found', `There is no session '${id}'`, { hint: 'See: llmspell session list' });
  throw fail('usage.invalid', `${found.length} sessions are meant by '${id}'`, {
    hint: `Give more of the id: ${found
      .slice(0, 5)
      .map((record) => record.id)
      .join(', ')}`,
  });
}

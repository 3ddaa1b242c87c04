import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { Services, TenantSessions } from '../../globals/services.js';
import { runDirectly } from '../../kernel/direct-run.js';
import type { SessionRecord } from '../../sessions/record.js';
import type { Sessions } from '../../sessions/sessions.js';
import { type Invocation, type OptionDefinitions, option } from '../command.js';
import { untilInterrupt } from '../interrupts.js';
import { startKernel } from '../setup.js';

/** Options of every command that looks at sessions. */
export const TENANT_OPTIONS: OptionDefinitions = {
  tenant: { value: 'NAME', doc: 'Whose sessions; default when absent' },
};

/** What such a command works with. */
export interface SessionWork extends TenantSessions {
  readonly services: Services;
  readonly context: ExecutionContext;
}

/**
 * Does something with the sessions of a tenant. What only looks leaves no trace in the journal.
 * @param change what the run is called that changes something.
 */
export async function withSessions<T>(
  invocation: Invocation,
  change: string | undefined,
  work: (parts: SessionWork) => Promise<T>,
): Promise<T> {
  const { kernel } = await startKernel(invocation);
  try {
    const tenant = option(invocation, 'tenant') ?? 'default';
    const services = kernel.servicesFor(tenant);
    const surroundings = kernel.surroundings(tenant);
    const around = change === undefined ? { ...surroundings, observers: [] } : surroundings;
    const outcome = await untilInterrupt((signal) =>
      runDirectly(around, { name: change ?? 'sessions', kind: 'system', signal }, async (context) =>
        work({ ...(await services.sessions()), services, context }),
      ),
    );
    if (outcome.error) throw outcome.error;
    return outcome.value as T;
  } finally {
    await kernel.shutdown();
  }
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
    exact.length > 0 ? exact : all.filter((record) => record.id.startsWith(id) || record.name === id);
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

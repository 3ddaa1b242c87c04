import type { State } from '../../state/state.js';
import type { StateUpkeep } from '../../state/upkeep.js';
import type { Invocation, OptionDefinitions } from '../command.js';
import { type TenantWork, withTenant } from '../tenant-work.js';

/** Options of every command that looks at state. */
export const STATE_OPTIONS: OptionDefinitions = {
  tenant: { value: 'NAME', doc: 'Whose state; default when absent' },
};

/** What such a command works with. */
export interface StateWork extends TenantWork {
  /** Backups and migrations. @throws `migration.invalid` when a schema is wrong */
  upkeep(): Promise<StateUpkeep>;
  readonly state: State;
}

/** Does something with the state of a tenant, see {@link withTenant}. */
export function withState<T>(
  invocation: Invocation,
  change: string | undefined,
  work: (parts: StateWork) => Promise<T>,
): Promise<T> {
  return withTenant(invocation, 'state', change, async (parts) =>
    work({ ...parts, upkeep: () => parts.services.stateUpkeep(), state: await parts.services.state() }),
  );
}

import type { ExecutionContext } from '../../core/context.js';
import type { Services } from '../../globals/services.js';
import { runDirectly } from '../../kernel/direct-run.js';
import type { State } from '../../state/state.js';
import type { StateUpkeep } from '../../state/upkeep.js';
import { type Invocation, type OptionDefinitions, option } from '../command.js';
import { untilInterrupt } from '../interrupts.js';
import { startKernel } from '../setup.js';

/** Options of every command that looks at state. */
export const STATE_OPTIONS: OptionDefinitions = {
  tenant: { value: 'NAME', doc: 'Whose state; default when absent' },
};

/** What such a command works with. */
export interface StateWork {
  /** Backups and migrations. @throws `migration.invalid` when a schema is wrong */
  upkeep(): Promise<StateUpkeep>;
  readonly state: State;
  readonly services: Services;
  readonly context: ExecutionContext;
}

/**
 * Does something with the state of a tenant. What only looks leaves no trace in the journal.
 * @param change what the run is called that changes something.
 */
export async function withState<T>(
  invocation: Invocation,
  change: string | undefined,
  work: (parts: StateWork) => Promise<T>,
): Promise<T> {
  const { kernel } = await startKernel(invocation);
  try {
    const tenant = option(invocation, 'tenant') ?? 'default';
    const services = kernel.servicesFor(tenant);
    const surroundings = kernel.surroundings(tenant);
    const around = change === undefined ? { ...surroundings, observers: [] } : surroundings;
    const outcome = await untilInterrupt((signal) =>
      runDirectly(around, { name: change ?? 'state', kind: 'system', signal }, async (context) => {
        const state = await services.state();
        return work({ upkeep: () => services.stateUpkeep(), state, services, context });
      }),
    );
    if (outcome.error) throw outcome.error;
    return outcome.value as T;
  } finally {
    await kernel.shutdown();
  }
}

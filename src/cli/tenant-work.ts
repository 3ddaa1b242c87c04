import type { ExecutionContext } from '../core/context.js';
import type { Services } from '../globals/services.js';
import { runDirectly } from '../kernel/direct-run.js';
import { type Invocation, option } from './command.js';
import { untilInterrupt } from './interrupts.js';
import { startKernel } from './setup.js';

/** What a command works with that looks after what a tenant keeps. */
export interface TenantWork {
  readonly services: Services;
  readonly context: ExecutionContext;
}

/**
 * Does something with the services of the tenant that `--tenant` names. What only looks leaves no trace in the journal.
 * @param name what is worked with, for the run.
 * @param change what the run is called that changes something.
 */
export async function withTenant<T>(
  invocation: Invocation,
  name: string,
  change: string | undefined,
  work: (parts: TenantWork) => Promise<T>,
): Promise<T> {
  const { kernel } = await startKernel(invocation);
  try {
    const tenant = option(invocation, 'tenant') ?? 'default';
    const services = kernel.servicesFor(tenant);
    const surroundings = kernel.surroundings(tenant);
    const around = change === undefined ? { ...surroundings, observers: [] } : surroundings;
    const outcome = await untilInterrupt((signal) =>
      runDirectly(around, { name: change ?? name, kind: 'system', signal }, (context) =>
        work({ services, context }),
      ),
    );
    if (outcome.error) throw outcome.error;
    return outcome.value as T;
  } finally {
    await kernel.shutdown();
  }
}

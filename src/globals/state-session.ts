import { fail } from '../core/errors.js';
import type { State } from '../state/state.js';
import type { StateAccess } from '../state/state-access.js';
import type { StateTransaction } from '../state/transaction.js';
import type { Call } from './define.js';
import type { Services } from './services.js';

/** What one session's scripts have set for their own use of the state. */
interface StateSettings {
  /** Where bare keys live; `global` when absent. */
  scope?: string | undefined;
  transaction?: StateTransaction | undefined;
}

/** Each session has services of its own, so what is kept for them goes with it. */
const sessions = new WeakMap<Services, StateSettings>();

function settingsOf({ services }: Call): StateSettings {
  const known = sessions.get(services) ?? {};
  sessions.set(services, known);
  return known;
}

/** The tenant's state itself, whatever transaction is open. */
export function stateOf(call: Call): Promise<State> {
  return call.services.state();
}

/** What reads and writes go to: the open transaction of the session, else the state. */
export async function accessOf(call: Call): Promise<StateAccess> {
  return openTransaction(call) ?? (await stateOf(call));
}

/** Sets where bare keys live; undefined is `global` again. */
export function setScope(call: Call, scope: string | undefined): void {
  settingsOf(call).scope = scope;
}

/** Where a flat key leads that names no scope of its own, if the session has set that. */
export function scopeFor(call: Call, key: string): string | undefined {
  return key.replace(/^:/, '').includes(':') ? undefined : settingsOf(call).scope;
}

/** Opens the session's transaction. It is rolled back when the run ends before it is committed. @throws `state.invalid` */
export async function beginTransaction(call: Call): Promise<StateTransaction> {
  if (openTransaction(call))
    throw fail('state.invalid', 'A transaction is open already', {
      hint: 'Commit it or roll it back first.',
    });
  const transaction = (await stateOf(call)).begin();
  settingsOf(call).transaction = transaction;
  const drop = () => transaction.active && transaction.rollback();
  call.context.signal.addEventListener('abort', drop, { once: true });
  return transaction;
}

/** The session's open transaction. @throws `state.invalid` when there is none. */
export function currentTransaction(call: Call): StateTransaction {
  const open = openTransaction(call);
  if (open) return open;
  throw fail('state.invalid', 'No transaction is open', {
    hint: 'Begin one with State.begin_transaction().',
  });
}

function openTransaction(call: Call): StateTransaction | undefined {
  const { transaction } = settingsOf(call);
  return transaction?.active ? transaction : undefined;
}

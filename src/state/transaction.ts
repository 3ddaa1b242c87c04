import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import type { Found, Seen } from './entries.js';
import { newVersion } from './entry-codec.js';
import { announceConflict } from './hooked.js';
import { keyClass } from './key-class.js';
import { conflict, readableValue, StateAccess, type StateWrite } from './state-access.js';
import { deserializeValue, serializeValue } from './value-codec.js';

/** Changes one transaction may gather. */
const MAX_WRITES = 10_000;

/** What a transaction reads from, and commits to. */
export interface TransactionTarget {
  peek(name: string): Promise<Found>;
  /** Makes all writes if everything is still as it was seen, else none; whether it did. */
  commit(writes: readonly StateWrite[], seen: readonly Seen[], context: ExecutionContext): Promise<boolean>;
  listNames(prefix: string): Promise<string[]>;
}

/**
 * Changes that are gathered, and made all at once by `commit`. It reads what it has written; what it has read of
 * others must not have changed when it commits. It holds nothing open: one that is forgotten has simply not happened.
 */
export class StateTransaction extends StateAccess {
  private readonly found = new Map<string, Found>();
  private readonly written = new Map<string, StateWrite>();
  private ended = false;

  constructor(private readonly state: TransactionTarget) {
    super();
  }

  /** Whether it still gathers. */
  get active(): boolean {
    return !this.ended;
  }

  /** How many entries it would change. */
  get size(): number {
    return this.written.size;
  }

  /**
   * Makes the changes.
   * @throws `state.conflict` if what was read has changed since; nothing is changed then. `state.invalid` if it has ended.
   */
  async commit(context: ExecutionContext): Promise<void> {
    this.end();
    const seen = [...this.found.values()].map((found) => found.seen);
    if (this.written.size === 0) return;
    if (await this.state.commit([...this.written.values()], seen, context)) return;
    const [name] = this.written.keys();
    const actual = await readableValue((await this.state.peek(name!)).entry);
    const value = this.written.get(name!)?.value;
    await announceConflict(name!, 'commit', context, { expected: undefined, actual, value });
    throw conflict(name!, { entries: [...this.written.keys()] });
  }

  /** Forgets the changes. @throws `state.invalid` if it has ended. */
  rollback(): void {
    this.end();
    this.written.clear();
    this.found.clear();
  }

  override async peek(name: string): Promise<Found> {
    this.checkActive();
    const own = this.written.get(name);
    if (own) return foundOf(own);
    const known = this.found.get(name) ?? (await this.state.peek(name));
    this.found.set(name, known);
    return known;
  }

  protected override async write(writes: readonly StateWrite[]): Promise<boolean> {
    this.checkActive();
    for (const write of writes) {
      this.written.delete(write.name);
      this.written.set(write.name, { version: newVersion(), ...write, value: copyOf(write.value) });
    }
    if (this.written.size > MAX_WRITES)
      throw fail('state.invalid', `A transaction gathers at most ${MAX_WRITES} changes`);
    return true;
  }

  protected override async names(prefix: string): Promise<string[]> {
    this.checkActive();
    const names = new Set(await this.state.listNames(prefix));
    for (const [name, { value }] of this.written) {
      if (value === undefined) names.delete(name);
      else if (name.startsWith(prefix) && keyClass(name) !== 'ephemeral') names.add(name);
    }
    return [...names].sort();
  }

  protected override inTurn<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  private end(): void {
    this.checkActive();
    this.ended = true;
  }

  private checkActive(): void {
    if (this.ended)
      throw fail('state.invalid', 'The transaction has ended', {
        hint: 'Begin another with State.begin_transaction().',
      });
  }
}

function foundOf({ name, value, version }: StateWrite): Found {
  const seen: Seen = { name, bytes: undefined };
  return value === undefined
    ? { seen }
    : { seen, entry: { value: async () => copyOf(value), version: version! } };
}

/** A copy; what could not be stored is refused at once. */
function copyOf<T extends StateWrite['value']>(value: T): T {
  return (
    value === undefined ? value : deserializeValue(serializeValue(value, Number.MAX_SAFE_INTEGER))
  ) as T;
}

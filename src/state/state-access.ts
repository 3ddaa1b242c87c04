import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { type ScriptValue, setOwn } from '../core/values.js';
import type { Found, FoundEntry, Seen } from './entries.js';
import { newVersion } from './entry-codec.js';
import { announceConflict, hookedRead, isHooked } from './hooked.js';
import { addTo } from './increment.js';
import { entryName, flatKey, flatName, keyInScope, scopeListOf, scopeOf, scopePrefix } from './keys.js';
import { sameValue } from './same-value.js';

/** What is written beside a value. */
export interface SaveOptions {
  /** Seconds after which the entry is gone; it stays when absent. */
  ttlSeconds?: number | undefined;
}

/** A write of one entry; without a value it is removed. */
export interface StateWrite extends SaveOptions {
  readonly name: string;
  readonly value?: ScriptValue | undefined;
  readonly version?: number | undefined;
}

/** One change of {@link StateAccess.batch}; without a value the entry is removed. */
export interface BatchChange extends SaveOptions {
  scope: string;
  key: string;
  value?: ScriptValue | undefined;
}

/** A value and its version, which differs after every write; 0 is the version of what is not there. */
export interface VersionedValue {
  value: ScriptValue | undefined;
  version: number;
}

/**
 * Everything that can be done with entries, whether at once (`State`) or in a transaction.
 *
 * What is loaded is a copy. Methods throw `state.invalid_key` for keys that cannot be (see `keys.ts`), `state.corrupt`
 * and `state.encrypted` for what cannot be read, `storage.*` when the store fails, and `hook.cancelled` when a handler
 * of the hook points around reads and writes says so.
 */
export abstract class StateAccess {
  /** What is there, without asking handlers. */
  abstract peek(name: string): Promise<Found>;

  /** Makes all writes if everything is still as it was seen, else none; whether it did. */
  protected abstract write(
    writes: readonly StateWrite[],
    seen: readonly Seen[],
    context: ExecutionContext,
  ): Promise<boolean>;

  /** The names of listed entries that begin with `prefix`. */
  protected abstract names(prefix: string): Promise<string[]>;

  /** Lets reading and writing anew of one entry wait for each other. */
  protected abstract inTurn<T>(name: string, work: () => Promise<T>): Promise<T>;

  /** Stores a value, null included. @throws `value.*`, `state.value_too_large`, and `state.invalid` for a time to live that is none. */
  async save(
    scope: string,
    key: string,
    value: ScriptValue,
    context: ExecutionContext,
    options: SaveOptions = {},
  ): Promise<void> {
    await this.write([{ name: entryName(scope, key), value, ...options }], [], context);
  }

  /** The stored value, or undefined when there is none. */
  async load(scope: string, key: string, context: ExecutionContext): Promise<ScriptValue | undefined> {
    return this.read(entryName(scope, key), context);
  }

  /** Removes an entry; whether there was one. */
  async delete(scope: string, key: string, context: ExecutionContext): Promise<boolean> {
    return this.remove(entryName(scope, key), context);
  }

  /** Whether there is an entry. */
  async exists(scope: string, key: string, context: ExecutionContext): Promise<boolean> {
    return (await this.load(scope, key, context)) !== undefined;
  }

  /** The keys in a scope, sorted, each spelled so that `load(scope, key)` finds it. */
  async listKeys(scope: string): Promise<string[]> {
    const prefix = scopePrefix(scope);
    const names = await this.names(prefix);
    return names.flatMap((name) => keyInScope(name, prefix) ?? []).sort();
  }

  /** The scopes in which there are entries, sorted; each thing that has an id is a scope of its own. */
  async listScopes(): Promise<string[]> {
    return [...new Set((await this.names('')).map(scopeListOf))].sort();
  }

  /** The value under a flat key: `get('a:b')` is `load('a', 'b')`, a bare key lives in scope `global`. */
  async get(key: string, context: ExecutionContext): Promise<ScriptValue | undefined> {
    return this.read(flatName(key), context);
  }

  /** Stores a value under a flat key; null removes the entry. Throws as {@link save} does. */
  async set(
    key: string,
    value: ScriptValue,
    context: ExecutionContext,
    options: SaveOptions = {},
  ): Promise<void> {
    const name = flatName(key);
    if (value === null) await this.remove(name, context);
    else await this.write([{ name, value, ...options }], [], context);
  }

  /** All flat keys, sorted, each spelled so that `get(key)` finds it. */
  async keys(): Promise<string[]> {
    return (await this.names('')).map(flatKey).sort();
  }

  /** All values by flat key. An entry that is removed meanwhile is left out. */
  async all(context: ExecutionContext): Promise<Record<string, ScriptValue>> {
    const found: Record<string, ScriptValue> = {};
    for (const key of await this.keys()) {
      const value = await this.get(key, context);
      if (value !== undefined) setOwn(found, key, value);
    }
    return found;
  }

  /** The value with its version. */
  async loadWithVersion(scope: string, key: string, context: ExecutionContext): Promise<VersionedValue> {
    const name = entryName(scope, key);
    const { entry } = await this.peek(name);
    const value = isHooked(name, context, 'BeforeStateRead', 'AfterStateRead')
      ? await hookedRead(name, context, async (place) =>
          place === name ? entry?.value() : (await this.peek(place)).entry?.value(),
        )
      : await entry?.value();
    return { value, version: entry?.version ?? 0 };
  }

  /**
   * Stores a value if the entry still has that version (0: if there is none).
   * @returns its new version.
   * @throws `state.conflict` if it has another, after the point `StateConflict`; else as {@link save} does.
   */
  async saveIfVersion(
    scope: string,
    key: string,
    value: ScriptValue,
    expected: number,
    context: ExecutionContext,
    options: SaveOptions = {},
  ): Promise<number> {
    const name = entryName(scope, key);
    return this.inTurn(name, async () => {
      const { seen, entry } = await this.peek(name);
      const version = newVersion();
      const fits = (entry?.version ?? 0) === expected;
      if (fits && (await this.write([{ name, value, version, ...options }], [seen], context))) return version;
      const actual = fits ? (await this.peek(name)).entry : entry;
      await announceConflict(name, 'save_if_version', context, {
        expected: undefined,
        actual: await readableValue(actual),
        value,
      });
      throw conflict(name, { expected, version: actual?.version ?? 0 });
    });
  }

  /**
   * Stores `next` if the entry holds `expected`, null standing for none, else fires `StateConflict`; whether it did.
   * A `next` of null removes the entry. Throws as {@link save} does.
   */
  async compareAndSet(
    scope: string,
    key: string,
    expected: ScriptValue,
    next: ScriptValue,
    context: ExecutionContext,
    options: SaveOptions = {},
  ): Promise<boolean> {
    const name = entryName(scope, key);
    return this.inTurn(name, async () => {
      for (;;) {
        context.signal.throwIfAborted();
        const { seen, entry } = await this.peek(name);
        const actual = await entry?.value();
        if (!sameValue(actual ?? null, expected)) {
          await announceConflict(name, 'compare_and_set', context, { expected, actual, value: next });
          return false;
        }
        if (next === null && !entry) return true;
        const write = next === null ? { name } : { name, value: next, ...options };
        if (await this.write([write], [seen], context)) return true;
      }
    });
  }

  /**
   * Adds to a number in one step, whoever else does so; what is not there counts as 0. A time to live ends with it
   * unless it is given anew.
   * @returns the sum.
   * @throws `state.invalid` if the entry holds something else; else as {@link save} does.
   */
  async increment(
    scope: string,
    key: string,
    delta: ScriptValue,
    context: ExecutionContext,
    options: SaveOptions = {},
  ): Promise<ScriptValue> {
    const name = entryName(scope, key);
    return this.inTurn(name, async () => {
      for (;;) {
        context.signal.throwIfAborted();
        const { seen, entry } = await this.peek(name);
        const value = addTo(await entry?.value(), delta);
        if (await this.write([{ name, value, ...options }], [seen], context)) return value;
      }
    });
  }

  /** Makes all changes or none, in their order. Throws as {@link save} does, before anything is changed. */
  async batch(changes: readonly BatchChange[], context: ExecutionContext): Promise<void> {
    const writes = changes.map(({ scope, key, ...write }) => ({ name: entryName(scope, key), ...write }));
    await this.write(writes, [], context);
  }

  /** The stored output of a workflow's step, or undefined. */
  async workflowGet(
    workflowId: string,
    step: string,
    context: ExecutionContext,
  ): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('workflow', workflowId), step, context);
  }

  /** The steps of a workflow that have stored outputs, sorted. */
  async workflowList(workflowId: string): Promise<string[]> {
    return this.listKeys(scopeOf('workflow', workflowId));
  }

  /** A value kept for an agent, or undefined. */
  async agentGet(agentId: string, key: string, context: ExecutionContext): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('agent', agentId), key, context);
  }

  /** Keeps a value for an agent. Throws as {@link save} does. */
  async agentSet(agentId: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.save(scopeOf('agent', agentId), key, value, context);
  }

  /** A value kept for a tool, or undefined. */
  async toolGet(toolId: string, key: string, context: ExecutionContext): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('tool', toolId), key, context);
  }

  /** Keeps a value for a tool. Throws as {@link save} does. */
  async toolSet(toolId: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.save(scopeOf('tool', toolId), key, value, context);
  }

  private async read(name: string, context: ExecutionContext): Promise<ScriptValue | undefined> {
    const look = async (place: string) => (await this.peek(place)).entry?.value();
    return isHooked(name, context, 'BeforeStateRead', 'AfterStateRead')
      ? hookedRead(name, context, look)
      : look(name);
  }

  private async remove(name: string, context: ExecutionContext): Promise<boolean> {
    for (;;) {
      const { seen, entry } = await this.peek(name);
      if (!entry) return false;
      if (await this.write([{ name }], [seen], context)) return true;
    }
  }
}

/** The value of an entry, for handlers to see; nothing where it cannot be read. */
export async function readableValue(entry: FoundEntry | undefined): Promise<ScriptValue | undefined> {
  return entry?.value().catch(() => undefined);
}

/** The error of an entry that was changed by somebody else. */
export function conflict(name: string, details: Record<string, unknown> = {}) {
  return fail('state.conflict', `${JSON.stringify(name)} was changed by somebody else meanwhile`, {
    hint: 'Load it again, and decide anew.',
    details: { name, ...details },
  });
}

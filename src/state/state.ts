import type { ExecutionContext } from '../core/context.js';
import { type ScriptValue, setOwn } from '../core/values.js';
import type { KeyValueStore } from '../storage/store.js';
import { entryName, flatKey, flatName, keyInScope, scopeOf, scopePrefix, splitName } from './keys.js';
import { decodeValue, encodeValue } from './value-codec.js';

/** Bytes one stored value may take unless configured otherwise. */
export const DEFAULT_MAX_VALUE_BYTES = 10_000_000;

/** How a {@link State} is made. */
export interface StateOptions {
  /** Bytes one stored value may take; {@link DEFAULT_MAX_VALUE_BYTES} when absent. */
  maxValueBytes?: number | undefined;
}

/**
 * Values that scripts, agents and workflows keep. Every key of the store belongs to it: where a store serves
 * several purposes or tenants, hand over a view of the part that is meant (`prefixedStore`, `tenantStore`).
 *
 * What is loaded is a copy. Methods throw `state.invalid_key` for keys that cannot be (see `keys.ts`) and
 * `storage.*` when the store fails; each change that is made emits `state.changed`, whose scope is the text
 * before the first colon of the entry's name.
 */
export class State {
  private readonly maxValueBytes: number;

  constructor(
    private readonly store: KeyValueStore,
    options: StateOptions = {},
  ) {
    this.maxValueBytes = options.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES;
  }

  /** Stores a value, null included. @throws `value.*` and `state.value_too_large` for what cannot be stored. */
  async save(scope: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.put(entryName(scope, key), value, context);
  }

  /** The stored value, or undefined when there is none. */
  async load(scope: string, key: string): Promise<ScriptValue | undefined> {
    return this.read(entryName(scope, key));
  }

  /** Removes an entry; whether there was one. */
  async delete(scope: string, key: string, context: ExecutionContext): Promise<boolean> {
    return this.remove(entryName(scope, key), context);
  }

  /** The keys in a scope, sorted, each spelled so that `load(scope, key)` finds it. */
  async listKeys(scope: string): Promise<string[]> {
    const prefix = scopePrefix(scope);
    const names = await this.store.keys(prefix);
    return names.flatMap((name) => keyInScope(name, prefix) ?? []).sort();
  }

  /** The value under a flat key: `get('a:b')` is `load('a', 'b')`, a bare key lives in scope `global`. */
  async get(key: string): Promise<ScriptValue | undefined> {
    return this.read(flatName(key));
  }

  /** Stores a value under a flat key; null removes the entry. */
  async set(key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    const name = flatName(key);
    if (value === null) await this.remove(name, context);
    else await this.put(name, value, context);
  }

  /** All flat keys, sorted, each spelled so that `get(key)` finds it. */
  async keys(): Promise<string[]> {
    return (await this.store.keys('')).map(flatKey).sort();
  }

  /** All values by flat key. An entry that is removed meanwhile is left out. */
  async all(): Promise<Record<string, ScriptValue>> {
    const found: Record<string, ScriptValue> = {};
    for (const key of await this.keys()) {
      const value = await this.get(key);
      if (value !== undefined) setOwn(found, key, value);
    }
    return found;
  }

  /** The stored output of a workflow's step, or undefined. */
  async workflowGet(workflowId: string, step: string): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('workflow', workflowId), step);
  }

  /** The steps of a workflow that have stored outputs, sorted. */
  async workflowList(workflowId: string): Promise<string[]> {
    return this.listKeys(scopeOf('workflow', workflowId));
  }

  /** A value kept for an agent, or undefined. */
  async agentGet(agentId: string, key: string): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('agent', agentId), key);
  }

  /** Keeps a value for an agent. Throws as {@link save} does. */
  async agentSet(agentId: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.save(scopeOf('agent', agentId), key, value, context);
  }

  /** A value kept for a tool, or undefined. */
  async toolGet(toolId: string, key: string): Promise<ScriptValue | undefined> {
    return this.load(scopeOf('tool', toolId), key);
  }

  /** Keeps a value for a tool. Throws as {@link save} does. */
  async toolSet(toolId: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.save(scopeOf('tool', toolId), key, value, context);
  }

  private async read(name: string): Promise<ScriptValue | undefined> {
    const bytes = await this.store.get(name);
    return bytes && decodeValue(bytes);
  }

  private async put(name: string, value: ScriptValue, context: ExecutionContext): Promise<void> {
    await this.store.set(name, encodeValue(value, this.maxValueBytes));
    context.emit({ type: 'state.changed', ...splitName(name), operation: 'set' });
  }

  private async remove(name: string, context: ExecutionContext): Promise<boolean> {
    const existed = await this.store.delete(name);
    if (existed) context.emit({ type: 'state.changed', ...splitName(name), operation: 'delete' });
    return existed;
  }
}

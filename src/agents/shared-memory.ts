import { fail } from '../core/errors.js';
import { isRecord, type ScriptValue } from '../core/values.js';

const SCOPE_TYPES = ['global', 'session', 'workflow', 'agent', 'user'];

/**
 * The name under which a scope's values are kept: `global`, or `<type>:<id>`.
 * @param raw `"global"`, `{type = "global"}`, or `{type = "session"|"workflow"|"agent"|"user", id = string}`.
 * @throws `input.invalid` for any other scope.
 */
export function scopeName(raw: unknown): string {
  const { type, id } = typeof raw === 'string' ? { type: raw, id: undefined } : isRecord(raw) ? raw : {};
  if (type === 'global') return 'global';
  if (typeof type === 'string' && SCOPE_TYPES.includes(type) && typeof id === 'string' && id !== '')
    return `${type}:${id}`;
  throw fail('input.invalid', 'Invalid scope', {
    hint: 'Give "global", or {type = "session", id = "…"}; types with an id are session, workflow, agent and user.',
  });
}

/** Values that agents of one session share, by scope and key. */
export class SharedMemory {
  private readonly scopes = new Map<string, Map<string, ScriptValue>>();

  /** The value, or undefined. @param scope as {@link scopeName} gives it. */
  get(scope: string, key: string): ScriptValue | undefined {
    return this.scopes.get(scope)?.get(key);
  }

  /** Sets a value; null removes it. */
  set(scope: string, key: string, value: ScriptValue): void {
    const values = this.scopes.get(scope) ?? new Map<string, ScriptValue>();
    if (value === null) values.delete(key);
    else values.set(key, value);
    if (values.size > 0) this.scopes.set(scope, values);
    else this.scopes.delete(scope);
  }

  /** Everything in a scope. */
  entries(scope: string): [string, ScriptValue][] {
    return [...(this.scopes.get(scope) ?? [])];
  }

  /** Forgets a scope. */
  drop(scope: string): void {
    this.scopes.delete(scope);
  }
}

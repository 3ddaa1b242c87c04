import { z } from 'zod';
import { fail } from '../core/errors.js';
import { inputError } from '../core/schema.js';
import { isRecord, type JsonObject, type ScriptValue, setOwn, toJson } from '../core/values.js';
import { asList } from './plan-fields.js';
import { SharedMemory, scopeName } from './shared-memory.js';

const contextFields = z.object({
  conversation_id: z.string().optional(),
  user_id: z.string().optional(),
  session_id: z.string().optional(),
  security: z
    .object({
      permissions: z.preprocess(asList, z.array(z.string())).default([]),
      level: z.string().default('default'),
    })
    .optional(),
});

/** Who an execution context is for. */
export type ContextIdentity = z.output<typeof contextFields>;

interface AgentContext {
  identity: ContextIdentity;
  /** Where updates go: a scope of the shared memory. */
  scope: string;
  /** What the context was given at first; wins over shared memory. Shared with the parent under `share`. */
  data: Map<string, ScriptValue>;
}

/** Scopes that belong to one context and that scripts cannot name. */
const OWN = 'context:';

/** What a child starts with: all its parent's data, only the conversation's, the same live data, or nothing. */
const INHERITANCE: Readonly<Record<string, (parent: AgentContext['data']) => AgentContext['data']>> = {
  inherit: (data) => new Map(data),
  copy: (data) => new Map([...data].filter(([key]) => key === 'conversation_context')),
  share: (data) => data,
  isolate: () => new Map(),
};

/**
 * The execution contexts of one session: named bundles of data that agents are given. A key is looked up in the
 * context's own data, then in the shared memory at its scope, then in the global shared memory.
 */
export class AgentContexts {
  private readonly contexts = new Map<string, AgentContext>();
  readonly shared = new SharedMemory();

  /** @param newId makes the id of a context. */
  constructor(private readonly newId: () => string) {}

  /**
   * Makes a context and gives its id. Without a `scope` its updates stay its own.
   * @param raw `{conversation_id?, user_id?, session_id?, scope?, data?, security?}`.
   * @throws `input.invalid`.
   */
  create(raw: unknown): string {
    const { scope, data, ...fields } = isRecord(raw) ? raw : {};
    const checked = contextFields.safeParse(toJson(fields as ScriptValue));
    if (!checked.success) throw inputError('context', checked.error, contextFields);
    const entries = isRecord(data) ? (Object.entries(data) as [string, ScriptValue][]) : [];
    return this.add(
      { identity: checked.data, data: new Map(entries) },
      scope == null ? undefined : scopeName(scope),
    );
  }

  /** Makes a context below another, at its parent's scope when none is given. Unknown kinds of inheritance mean `inherit`. */
  child(parentId: string, scope: unknown, inheritance: unknown): string {
    const parent = this.require(parentId);
    const kind = typeof inheritance === 'string' ? inheritance.toLowerCase() : '';
    const inherit = Object.hasOwn(INHERITANCE, kind) ? INHERITANCE[kind]! : INHERITANCE.inherit!;
    const name = scope == null ? parent.scope : scopeName(scope);
    return this.add({ identity: parent.identity, data: inherit(parent.data) }, name);
  }

  /** Writes to the shared memory at the context's scope; null removes. @throws `agent.context_not_found`. */
  update(id: string, key: string, value: ScriptValue): void {
    this.shared.set(this.require(id).scope, key, value);
  }

  /** The value of a key, or undefined. @throws `agent.context_not_found`. */
  get(id: string, key: string): ScriptValue | undefined {
    const { data, scope } = this.require(id);
    return data.get(key) ?? this.shared.get(scope, key) ?? this.shared.get('global', key);
  }

  /** Everything the context knows, as an agent is given it. @throws `agent.context_not_found`. */
  view(id: string): JsonObject {
    const { data, scope } = this.require(id);
    const out: JsonObject = {};
    for (const [key, value] of [...this.shared.entries('global'), ...this.shared.entries(scope), ...data])
      setOwn(out, key, toJson(value));
    return out;
  }

  /** Who the context is for. @throws `agent.context_not_found`. */
  identity(id: string): ContextIdentity {
    return this.require(id).identity;
  }

  /** Forgets a context, and what it wrote when nobody shares its scope; its children stay. */
  remove(id: string): void {
    const scope = this.contexts.get(id)?.scope;
    this.contexts.delete(id);
    const shared = [...this.contexts.values()].some((other) => other.scope === scope);
    if (scope?.startsWith(OWN) && !shared) this.shared.drop(scope);
  }

  private add(context: Omit<AgentContext, 'scope'>, scope: string | undefined): string {
    const id = this.newId();
    this.contexts.set(id, { ...context, scope: scope ?? OWN + id });
    return id;
  }

  private require(id: string): AgentContext {
    const context = this.contexts.get(id);
    if (context) return context;
    throw fail('agent.context_not_found', `Context '${id}' not found`, {
      hint: 'Use an id that Agent.create_context returned and that was not removed.',
    });
  }
}

import type { Agents } from '../agents/agents.js';
import type { LoadedConfig } from '../config/options.js';
import type { ExecutionContext, Permissions } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import { type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { EventBus } from '../events/bus.js';
import { ConfigSnapshots } from '../globals/config-snapshots.js';
import type { Services, TenantSessions } from '../globals/services.js';
import type { Hooks } from '../hooks/hooks.js';
import type { MetricRegistry } from '../observability/registry.js';
import type { Providers } from '../providers/registry.js';
import { CurrentSession } from '../sessions/current.js';
import type { State } from '../state/state.js';
import type { StateUpkeep } from '../state/upkeep.js';
import type { JournalStore } from '../storage/journal-store.js';
import { BUILT_IN_TOOLS } from '../tools/index.generated.js';
import { type ToolSource, Tools } from '../tools/registry.js';

/** What the kernel gives to the services of a session. */
export interface ServiceParts {
  config: LoadedConfig;
  permissions: Permissions;
  environment: Readonly<Record<string, string | undefined>>;
  effects: Effects;
  /** The tools of other programs; absent when none is configured. */
  mcp?: ToolSource | undefined;
  /** Opens the tenant's state; the kernel owns and closes the store behind it. */
  openState(): Promise<State>;
  /** The keys that are kept for providers, by name. */
  storedKeys(): Promise<ReadonlyMap<string, string>>;
  /** Opens what keeps the tenant's state in order. */
  openUpkeep(): Promise<StateUpkeep>;
  /** Opens the tenant's sessions; owned by the kernel like the store. */
  openSessions(): Promise<TenantSessions>;
  /** The session's hooks. */
  loadHooks(): Promise<Hooks>;
  /** Opens the journal of the tenant's runs; owned by the kernel like the store. */
  openJournal(): Promise<JournalStore>;
  /** The tenant's event bus; the kernel owns it. */
  openEvents(): Promise<EventBus>;
  /** The tenant's metrics; the kernel owns them. */
  openMetrics(): Promise<MetricRegistry>;
}

/** The services of one session. What is heavy is loaded when a script first asks for it. */
export function makeServices(parts: ServiceParts): Services {
  const scriptConfig = structuredClone(parts.config.config) as unknown as JsonObject;
  const providers = once(() => makeProviders(scriptConfig, parts));
  const state = once(parts.openState);
  const { tools: toolsConfig, databases, runtime } = parts.config.config;
  const maxCallMs = runtime.security.max_execution_time_ms;
  const host = { config: toolsConfig, maxCallMs, databases, environment: parts.environment, state };
  const tools = new Tools(BUILT_IN_TOOLS, host, parts.mcp);
  return {
    config: parts.config,
    scriptConfig,
    configSnapshots: new ConfigSnapshots(),
    permissions: parts.permissions,
    environment: parts.environment,
    tools,
    providers,
    state,
    stateUpkeep: once(parts.openUpkeep),
    sessions: once(parts.openSessions),
    currentSession: new CurrentSession(),
    journal: parts.openJournal,
    events: once(parts.openEvents),
    metrics: parts.openMetrics,
    hooks: parts.loadHooks,
    agents: once(() => makeAgents(tools, providers, state, parts.effects)),
  };
}

async function makeProviders(config: JsonObject, parts: ServiceParts): Promise<Providers> {
  const [{ Providers: Registry }, { PROVIDER_DEFINITIONS }] = await Promise.all([
    import('../providers/registry.js'),
    import('../providers/index.generated.js'),
  ]);
  // Keys that cannot be unlocked are missed by whoever needs one, and by nobody else.
  let unusable: LlmspellError | undefined;
  const storedKeys = await parts.storedKeys().catch((thrown) => {
    unusable = toLlmspellError(thrown);
    return undefined;
  });
  return new Registry({
    config: (config.providers ?? {}) as never,
    env: parts.environment,
    definitions: PROVIDER_DEFINITIONS,
    storedKeys,
    unusableKeys: unusable,
  });
}

async function makeAgents(
  tools: Tools,
  providers: () => Promise<Providers>,
  state: () => Promise<State>,
  effects: Effects,
): Promise<Agents> {
  const [{ Agents: Registry }, { converse }, { agentTools }] = await Promise.all([
    import('../agents/agents.js'),
    import('../providers/complete.js'),
    import('./agent-tools.js'),
  ]);
  return new Registry({
    resolveModel: async (spec, overrides) => (await providers()).resolve(spec, overrides),
    converse,
    tools: agentTools(tools),
    effects,
    state: lazyState(state),
  });
}

/** Agents that keep nothing never open the store. */
function lazyState(state: () => Promise<State>) {
  return {
    save: async (
      scope: string,
      key: string,
      value: Parameters<State['save']>[2],
      context: ExecutionContext,
    ) => (await state()).save(scope, key, value, context),
    load: async (scope: string, key: string, context: ExecutionContext) =>
      (await state()).load(scope, key, context),
    redact: async (value: JsonValue) => (await state()).redact(value),
    delete: async (scope: string, key: string, context: ExecutionContext) =>
      (await state()).delete(scope, key, context),
  };
}

/** Makes a value when it is first asked for; a failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
}

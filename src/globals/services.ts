import type { Agents } from '../agents/agents.js';
import type { LoadedConfig } from '../config/options.js';
import type { Permissions } from '../core/context.js';
import type { JsonObject } from '../core/values.js';
import type { EventBus } from '../events/bus.js';
import type { Hooks } from '../hooks/hooks.js';
import type { MetricRegistry } from '../observability/registry.js';
import type { Providers } from '../providers/registry.js';
import type { Artifacts } from '../sessions/artifacts.js';
import type { CurrentSession } from '../sessions/current.js';
import type { Sessions } from '../sessions/sessions.js';
import type { State } from '../state/state.js';
import type { StateUpkeep } from '../state/upkeep.js';
import type { JournalStore } from '../storage/journal-store.js';
import type { Tools } from '../tools/registry.js';
import type { ConfigSnapshots } from './config-snapshots.js';

/** The sessions of a tenant and what they have made. */
export interface TenantSessions {
  readonly sessions: Sessions;
  readonly artifacts: Artifacts;
}

/** What the globals are built on. The kernel makes one for each session; what is heavy is made when first asked for. */
export interface Services {
  readonly config: LoadedConfig;
  /** The configuration as this session's scripts see and may change it. */
  readonly scriptConfig: JsonObject;
  readonly configSnapshots: ConfigSnapshots;
  readonly permissions: Permissions;
  /** The process's environment variables, as they were when the kernel began. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tools: Tools;
  providers(): Promise<Providers>;
  agents(): Promise<Agents>;
  state(): Promise<State>;
  /** Backups and migrations of the state. Schemas that scripts register are this session's alone. */
  stateUpkeep(): Promise<StateUpkeep>;
  sessions(): Promise<TenantSessions>;
  /** The session in which this session's scripts work. */
  readonly currentSession: CurrentSession;
  hooks(): Promise<Hooks>;
  /** The runs of this tenant, those that have ended and those that go on. */
  journal(): Promise<JournalStore>;
  /** The tenant's event bus. */
  events(): Promise<EventBus>;
  /** The tenant's metrics; counting begins when they are first asked for. */
  metrics(): Promise<MetricRegistry>;
}

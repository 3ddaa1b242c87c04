import { isAbsolute, resolve } from 'node:path';
import type { LoadedConfig } from '../config/options.js';
import type { Permissions } from '../core/context.js';
import { type Effects, systemEffects } from '../core/effects.js';
import type { Interceptor } from '../core/invoke.js';
import type { RunObserver } from '../core/journal.js';
import { Secrets } from '../core/secrets.js';
import { CATALOGUE } from '../globals/index.generated.js';
import type { Services } from '../globals/services.js';
import type { HookRegistration } from '../hooks/contract.js';
import { type IsolateThread, startThread } from '../script/isolate-thread.js';
import type { EngineCode, Language } from '../script/protocol.js';
import { DataStore } from './data-store.js';
import { type Catalogue, Dispatcher } from './dispatch.js';
import { durableJournal } from './durable-journal.js';
import { EventBuses } from './event-buses.js';
import { LazyMcpServers } from './mcp-servers.js';
import { Measurements } from './measurements.js';
import type { StateSchemas } from './open-upkeep.js';
import { makeServices } from './services.js';
import { Session, type SessionMode, type SessionSurroundings } from './session.js';
import { SessionHooks } from './session-hooks.js';
import { LazyObserver } from './tracing.js';

/** What a kernel is made of. */
export interface KernelOptions {
  config: LoadedConfig;
  permissions: Permissions;
  /** Where relative paths of scripts start; the process's working directory when absent. */
  cwd?: string | undefined;
  /** What scripts may be granted to read; the process's environment when absent. */
  environment?: Readonly<Record<string, string | undefined>> | undefined;
  effects?: Effects | undefined;
  /** False keeps the configured MCP servers away. */
  mcp?: boolean | undefined;
  /**
   * Asks a person whether the changed tool list of an MCP server is accepted; nobody is asked when absent.
   * Contract: settles.
   */
  acceptMcpChanges?: ((server: string, changes: readonly string[]) => Promise<boolean>) | undefined;
  /** Looks at every invocation, outermost first. */
  interceptors?: readonly Interceptor[] | undefined;
  /** Hook handlers of the embedding program, in every session and around all other work. */
  hooks?: readonly HookRegistration[] | undefined;
  /** State schemas of the embedding program, and functions that they name. */
  stateSchemas?: StateSchemas | undefined;
  /** See every event of every run. */
  observers?: readonly RunObserver[] | undefined;
  /** An engine's thread that is there already; the first session that needs one of its language gets it. */
  thread?: IsolateThread | undefined;
  /** Globals beyond the built-in ones, for tests of the catalogue itself. */
  catalogue?: Catalogue | undefined;
}

/** What distinguishes a session from others of the same kernel. */
export interface SessionOptions extends Partial<SessionMode> {
  /** Whose data it sees; `default` when absent. */
  tenant?: string | undefined;
  /** The id of the session of the `Session` global in which the scripts work; none when absent. */
  session?: string | undefined;
}

/** What each level of `engines.lua.stdlib` leaves out. */
const OUTSIDE = ['os', 'io', 'package', 'require', 'dofile', 'loadfile'];
const WITHHELD: Readonly<Record<string, readonly string[]>> = {
  None: [...OUTSIDE, 'load', 'string', 'table', 'math', 'utf8', 'coroutine'],
  Basic: OUTSIDE,
};

/**
 * Serves everything: it owns the sessions and the store, and wires the services together. Two kernels in one
 * process know nothing of each other.
 */
export class Kernel {
  private readonly effects: Effects;
  private readonly cwd: string;
  private readonly environment: Readonly<Record<string, string | undefined>>;
  private readonly dispatcher: Dispatcher;
  /** The secrets that are masked wherever somebody reads. */
  readonly secrets = new Secrets();
  private readonly store: DataStore;
  private readonly events: EventBuses;
  private readonly measurements: Measurements;
  private readonly sessions = new Set<Session>();
  private readonly observers: readonly RunObserver[];
  private readonly engines = new Map<Language, EngineCode>();
  /** The MCP servers of the configuration; absent when there is none. */
  readonly mcp: LazyMcpServers | undefined;
  private spare: IsolateThread | undefined;

  constructor(private readonly options: KernelOptions) {
    this.spare = options.thread;
    this.effects = options.effects ?? systemEffects();
    this.cwd = options.cwd ?? process.cwd();
    this.environment = options.environment ?? process.env;
    this.secrets.learn([options.config.config, this.environment]);
    this.mcp = this.mcpServers();
    this.dispatcher = new Dispatcher(options.catalogue ?? CATALOGUE);
    this.store = new DataStore(options.config.config, this.cwd, this.environment, this.effects);
    const { key_env } = options.config.config.runtime.state_persistence.encryption;
    for (const name of [key_env, `${key_env}_PREVIOUS`])
      for (const key of this.environment[name]?.split(/\r?\n/) ?? []) this.secrets.add(key.trim());
    this.events = new EventBuses(options.config.config.events, this.effects);
    this.measurements = new Measurements(options.config.config.metrics);
    this.observers = this.watchers();
  }

  /** Starts a session. Its isolates start with the first execution, or with {@link Session.warmUp}. */
  createSession(options: SessionOptions = {}): Session {
    const tenant = options.tenant ?? 'default';
    const seed = options.seed ?? Math.floor(this.effects.random() * 2 ** 32);
    const hooks = this.hooksFor(() => services);
    const services: Services = this.servicesFor(tenant, hooks);
    services.currentSession.id = options.session;
    const session = new Session(
      services,
      this.dispatcher,
      this.surroundings(tenant, hooks),
      {
        memoryBytes: (language) => this.memoryBytes(language),
        withheld: (language) => this.withheld(language),
        logLevel: this.options.config.config.debug.level,
        thread: (language) => this.freshThread(language),
        drain: (busy, signal) => this.events.drain(tenant, busy.id, signal),
        closed: (ended) => this.sessions.delete(ended),
      },
      { seed, tape: options.tape, effects: options.effects, forks: options.forks },
      this.options.config.config.hooks,
    );
    this.sessions.add(session);
    return session;
  }

  /** The services as a session of this tenant has them, for doors that need no script. */
  servicesFor(
    tenant = 'default',
    hooks: SessionHooks = this.hooksFor(() => this.servicesFor(tenant, hooks)),
  ): Services {
    const { config, permissions } = this.options;
    const openState = () => this.store.state(tenant);
    return makeServices({
      config,
      permissions,
      environment: this.environment,
      effects: this.effects,
      mcp: this.mcp,
      openState,
      storedKeys: () => this.store.keys(this.secrets),
      openUpkeep: () => this.store.upkeep(tenant, this.options.stateSchemas),
      loadHooks: () => hooks.load(),
      openSessions: () => this.store.sessions(tenant),
      openJournal: () => this.store.journal(tenant),
      openEvents: () => this.events.of(tenant),
      openMetrics: () => this.measurements.of(tenant),
    });
  }

  /** What surrounds work that is done for this tenant. */
  surroundings(
    tenant = 'default',
    hooks: SessionHooks = this.hooksFor(() => this.servicesFor(tenant, hooks)),
  ): SessionSurroundings {
    return {
      sessionId: `session_${this.effects.id()}`,
      tenant,
      effects: this.effects,
      permissions: this.options.permissions,
      secrets: this.secrets,
      hooks,
      interceptors: [...(this.options.interceptors ?? []), hooks.interceptor],
      observers: this.observers,
      resolvePath: (path, base) => (isAbsolute(path) ? path : resolve(this.cwd, base ?? '.', path)),
    };
  }

  /** Ends all sessions and closes the store. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.sessions].map((session) => session.close()));
    this.sessions.clear();
    this.events.close();
    await this.mcp?.close();
    await this.store.close();
  }

  private hooksFor(services: () => Services): SessionHooks {
    const { config } = this.options.config;
    const registrations = this.options.hooks ?? [];
    return new SessionHooks({ config: config.hooks, effects: this.effects, registrations, services });
  }

  /** Who sees every run: those that were handed in, and the journal unless it is switched off. */
  private watchers(): RunObserver[] {
    const { enabled, content } = this.options.config.config.runtime.journal;

    const given = [...(this.options.observers ?? []), ...this.tracers(), this.events, this.measurements];
    if (!enabled) return given;
    return [...given, durableJournal((tenant) => this.store.journal(tenant), { content })];
  }

  /** Spans for the OpenTelemetry SDK of the process, where they are wanted. */
  private tracers(): RunObserver[] {
    const { opentelemetry, content } = this.options.config.config.tracing;
    if (!opentelemetry) return [];
    const traceparent = this.environment.TRACEPARENT;
    return [
      new LazyObserver(async () =>
        (await import('../observability/opentelemetry.js')).openTelemetry({ content, traceparent }),
      ),
    ];
  }

  private mcpServers(): LazyMcpServers | undefined {
    const { servers } = this.options.config.config.mcp;
    if (this.options.mcp === false || Object.keys(servers).length === 0) return undefined;
    return new LazyMcpServers({
      servers,
      cwd: this.cwd,
      environment: this.environment,
      effects: this.effects,
      secrets: this.secrets,
      accept: this.options.acceptMcpChanges ?? (async () => false),
    });
  }

  /** The thread that is there already, if it fits, else a new one with the code of an earlier one. */
  private freshThread(language: Language): IsolateThread {
    const { spare } = this;
    if (spare?.language === language) this.spare = undefined;
    const thread = spare?.language === language ? spare : startThread(language, this.engines.get(language));
    this.engines.set(language, thread.engine);
    return thread;
  }

  /** `engines.lua.stdlib` says how much of the standard library there is. */
  private withheld(language: Language): readonly string[] {
    const { engines, runtime } = this.options.config.config;
    const standard = language === 'lua' ? (WITHHELD[engines.lua.stdlib] ?? []) : [];
    return runtime.sessions.enabled ? standard : [...standard, 'Session', 'Artifact'];
  }

  private memoryBytes(language: Language): number {
    const { lua, javascript } = this.options.config.config.engines;
    const fallback = 256 * 1024 * 1024;
    return (language === 'lua' ? lua.max_memory_bytes : javascript.max_heap_size_bytes) ?? fallback;
  }
}

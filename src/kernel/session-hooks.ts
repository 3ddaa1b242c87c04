import type { Config } from '../config/types.js';
import type { ExecutionContext, HookGate, Interceptor } from '../core/component.js';
import type { Effects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import type { HookPoint } from '../core/hook-points.js';
import type { HookOperation, HookOutcome, HookSubject } from '../core/hooks.js';
import { NO_HOOKS } from '../core/no-hooks.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { Services } from '../globals/services.js';
import type { HookRegistration } from '../hooks/contract.js';
import type { Hooks } from '../hooks/hooks.js';

/** What the hooks of a session are made of. */
export interface SessionHookParts {
  readonly config: Config['hooks'];
  readonly effects: Effects;
  /** Handlers of the embedding program. */
  readonly registrations: readonly HookRegistration[];
  /** The services of the session, asked for when a handler has something done. */
  services(): Services;
}

/**
 * The hooks of one kernel session, or of work that needs none: loaded when somebody registers a handler, and until
 * then nothing but a flag.
 */
export class SessionHooks implements HookGate {
  private hooks: Hooks | undefined;
  private intercept: Interceptor | undefined;
  private loading: Promise<Hooks> | undefined;

  /** The work that is going on now; set by the session. */
  current: () => ExecutionContext | undefined = () => undefined;

  constructor(private readonly parts: SessionHookParts) {}

  /** Fires the points around invocations. */
  readonly interceptor: Interceptor = (invocation, next) =>
    this.intercept ? this.intercept(invocation, next) : next(invocation);

  has(point: HookPoint): boolean {
    return this.hooks?.has(point) ?? false;
  }

  fire(
    point: HookPoint,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
    operation?: HookOperation,
  ): Promise<HookOutcome> {
    return (this.hooks ?? NO_HOOKS).fire(point, subject, data, context, operation);
  }

  /** What has to be waited for before work begins; nothing where no handler is there from the start. */
  ready(): Promise<unknown> | undefined {
    const { registrations, config } = this.parts;
    const wanted = registrations.length > 0 || Object.keys(config.builtin).length > 0;
    return wanted && !this.hooks ? this.load() : undefined;
  }

  /** The hooks themselves. */
  load(): Promise<Hooks> {
    this.loading ??= this.make();
    return this.loading;
  }

  /** Takes all handlers away. */
  close(): void {
    this.hooks?.close();
  }

  private async make(): Promise<Hooks> {
    const [{ Hooks: Real }, { hookInterceptor }] = await Promise.all([
      import('../hooks/hooks.js'),
      import('../hooks/interceptor.js'),
    ]);
    const { config, effects, registrations } = this.parts;
    const hooks = new Real({
      effects,
      enabled: config.enabled,
      defaults: { timeoutMs: config.timeout_ms, ratePerMinute: config.rate_limit_per_minute },
      slowShare: config.circuit_breaker_threshold,
      monitor: config.monitor,
      perform: this.perform,
    });
    hooks.current = () => this.current();
    for (const registration of registrations) hooks.registry.register(registration);
    await enableBuiltins(hooks, config.builtin);
    this.intercept = hookInterceptor(hooks, this.perform, config.monitor.duration_ms);
    this.hooks = hooks;
    return hooks;
  }

  private readonly perform = async (
    kind: string,
    name: string,
    input: JsonValue,
    context: ExecutionContext,
  ): Promise<unknown> => {
    const services = this.parts.services();
    if (kind === 'tool') return services.tools.execute(name, input, context);
    if (kind === 'agent') return (await services.agents()).require(name).execute(input, context);
    throw fail('hook.unsupported_result', `Nothing finds a ${kind} by its name`);
  };
}

/** Switches on what `[hooks.builtin.<name>]` describes, unless it says `enabled = false`. */
async function enableBuiltins(hooks: Hooks, wanted: Config['hooks']['builtin']): Promise<void> {
  if (Object.keys(wanted).length === 0) return;
  const builtins = await hooks.builtins();
  for (const [name, { enabled = true, ...options }] of Object.entries(wanted))
    if (enabled) builtins.enable(name, options);
}

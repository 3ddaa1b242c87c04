import type { HookGate } from '../core/component.js';
import type { ExecutionContext } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import type { HookPoint } from '../core/hook-points.js';
import type { HookOperation, HookOutcome, HookSubject } from '../core/hooks.js';
import { MAX_ATTEMPTS } from '../core/passage.js';
import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';
import type { Builtins } from './builtin/builtins.js';
import { MemoryCache } from './cache.js';
import type { HookContext, HookResult } from './contract.js';
import type { HookDefaults, HookEntry } from './entry.js';
import { type Perform, performAll } from './forks.js';
import { HookLoad } from './load.js';
import { type MonitorSettings, ProcessMonitor } from './monitor.js';
import { type PointRule, ruleOf } from './point-rules.js';
import { Registry } from './registry.js';
import { Runner } from './runner.js';

/** What hooks need of the session they belong to. */
export interface HooksParts {
  readonly effects: Effects;
  readonly defaults: HookDefaults;
  /** False lets handlers be registered but never calls one. */
  readonly enabled: boolean;
  /** Share of the time that hooks may take before slow ones count against their breakers. */
  readonly slowShare: number;
  readonly perform: Perform;
  readonly monitor: MonitorSettings;
}

/** What the handlers of one point have come to so far. */
interface Progress {
  data: JsonObject;
  forks: Promise<JsonObject>[];
  keep: ((result: JsonValue) => void) | undefined;
}

/** The hooks of one kernel session: who is registered, and what happens when a point is reached. */
export class Hooks implements HookGate {
  readonly registry: Registry;
  readonly cache = new MemoryCache();
  private readonly effects: Effects;
  private known: Builtins | undefined;
  private readonly runner: Runner;
  private readonly monitor: ProcessMonitor;
  /** The work that is going on now, in whose name is told what no work of its own causes. */
  current: () => ExecutionContext | undefined = () => undefined;

  constructor(private readonly parts: HooksParts) {
    this.effects = parts.effects;
    const load = new HookLoad(parts.slowShare, parts.effects.now());
    this.monitor = new ProcessMonitor(this, parts.monitor);
    this.registry = new Registry(
      () => parts.effects.uuid(),
      parts.defaults,
      () => this.monitor.follow(() => this.current()),
    );
    this.runner = new Runner({ cache: this.cache, load: (ms, now) => load.add(ms, now) });
  }

  /** The hooks that come with llmspell; loaded when they are first asked for. */
  async builtins(): Promise<Builtins> {
    const { Builtins: Real } = await import('./builtin/builtins.js');
    this.known ??= new Real(this.registry, { effects: this.effects });
    return this.known;
  }

  has(point: HookPoint): boolean {
    return this.parts.enabled && this.registry.at(point).length > 0;
  }

  /** Takes all handlers away. */
  close(): void {
    this.registry.clear();
    this.monitor.stop();
  }

  async fire(
    point: HookPoint,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
    operation: HookOperation = { id: context.effects.uuid(), metadata: {} },
  ): Promise<HookOutcome> {
    if (!this.has(point)) return { kind: 'continue', data };
    const rule = ruleOf(point);
    for (let asked = 1; ; asked++) {
      const outcome = await this.ask(point, rule, subject, data, context, operation);
      if (outcome.kind !== 'retry' || rule.retry === 'repeat') return outcome;
      if (asked >= Math.min(outcome.maxAttempts, MAX_ATTEMPTS))
        return { kind: 'cancel', reason: `it asked to wait ${asked} times`, hook: outcome.hook };
      await context.effects.sleep(outcome.delayMs, context.signal);
    }
  }

  /** What one handler answers to this, without any effect of it: nothing is counted, journaled or done. */
  answerOf(
    entry: HookEntry,
    point: HookPoint,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
  ): Promise<HookResult> {
    const operation = { id: context.effects.uuid(), metadata: {} };
    const given = hookContext(point, subject, data, context, operation, entry.language);
    return this.runner.answer(entry, given, context);
  }

  /** Asks the handlers one after the other, until one decides. */
  private async ask(
    point: HookPoint,
    rule: PointRule,
    subject: HookSubject,
    data: JsonObject,
    context: ExecutionContext,
    operation: HookOperation,
  ): Promise<HookOutcome> {
    const progress: Progress = { data, forks: [], keep: undefined };
    for (const entry of this.registry.at(point)) {
      if (entry.removed || !entry.enabled) continue;
      const given = hookContext(point, subject, progress.data, context, operation, entry.language);
      const result = await this.runner.run(entry, given, context);
      const decision = this.apply(result, entry, rule, subject, progress, context);
      if (decision) {
        await Promise.all(progress.forks);
        return decision;
      }
    }
    return outcomeOf(progress, rule);
  }

  /** Lets a result have its effect; gives the outcome when it ends the chain. */
  private apply(
    result: HookResult,
    entry: HookEntry,
    rule: PointRule,
    subject: HookSubject,
    progress: Progress,
    context: ExecutionContext,
  ): HookOutcome | undefined {
    const { name: hook } = entry;
    switch (result.kind) {
      case 'modified':
        progress.data = laidOver(progress.data, result.data, rule);
        return undefined;
      case 'cancel':
        return { kind: 'cancel', reason: result.reason, hook };
      case 'replace':
        return { kind: 'replace', value: result.data, hook };
      case 'redirect':
        return redirected(result.target, rule, subject, progress, hook);
      case 'retry':
        return { ...result, hook, data: progress.data };
      case 'fork':
        progress.forks.push(
          performAll(result.operations, this.parts.perform, context.child('hook', entry.forkStep)),
        );
        return undefined;
      case 'cache':
        return this.fromCache(result, rule, progress, context, hook);
      default:
        return undefined;
    }
  }

  private fromCache(
    { key, ttlMs }: Extract<HookResult, { kind: 'cache' }>,
    rule: PointRule,
    progress: Progress,
    { effects }: ExecutionContext,
    hook: string,
  ): HookOutcome | undefined {
    const kept = rule.cache === 'keep' ? undefined : this.cache.get(key, effects.now());
    if (kept !== undefined) return { kind: 'replace', value: kept, hook };
    if (rule.cache !== 'take') progress.keep = (result) => this.cache.set(key, result, ttlMs, effects.now());
    return undefined;
  }
}

function redirected(
  target: string,
  rule: PointRule,
  subject: HookSubject,
  progress: Progress,
  hook: string,
): HookOutcome | undefined {
  // To itself is no other way: a handler that sends everything to one component is asked about that one too.
  if (typeof rule.redirect !== 'object' && target === subject.name) return undefined;
  if (typeof rule.redirect !== 'object') return { kind: 'redirect', target, hook, data: progress.data };
  progress.data = { ...progress.data, [rule.redirect.key]: target };
  return undefined;
}

/** A table goes over the data key by key; anything else stands in for what the point is about. */
function laidOver(data: JsonObject, changed: JsonValue, { about = 'value' }: PointRule): JsonObject {
  return isRecord(changed) ? { ...data, ...(changed as JsonObject) } : { ...data, [about]: changed };
}

/** Before the work, what was started beside it is still going on; later it is waited for. */
async function outcomeOf({ data, forks, keep }: Progress, rule: PointRule): Promise<HookOutcome> {
  const kept = keep && { keep };
  if (forks.length === 0) return { kind: 'continue', data, ...kept };
  const results = Promise.all(forks).then((all) => Object.assign({}, ...all) as JsonObject);
  if (rule.retry === 'ask') return { kind: 'continue', data, forks: results, ...kept };
  return { kind: 'continue', data: { ...data, forks: await results }, ...kept };
}

function hookContext(
  point: HookPoint,
  subject: HookSubject,
  data: JsonObject,
  context: ExecutionContext,
  operation: HookOperation,
  language: string,
): HookContext {
  const { type, name } = subject;
  return {
    point,
    hook_point: point,
    component_id: { type, name, id: name, component_type: type },
    correlation_id: context.correlationId,
    language,
    metadata: operation.metadata,
    data,
    timestamp: new Date(context.effects.now()).toISOString(),
    operation: {
      operation_type: type.toLowerCase(),
      operation_id: operation.id,
      parameters: data.input ?? null,
      result: data.output ?? data.result ?? null,
      error: data.error ?? null,
    },
    parent_context: {
      run_id: context.runId,
      path: context.path,
      session_id: context.sessionId,
      tenant: context.tenant,
    },
  };
}

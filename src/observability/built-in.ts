import type { JournalEvent } from '../core/events.js';
import type { Metric } from './metric.js';
import { BUILT_IN, type MetricRegistry } from './registry.js';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;
type Counter = (labels: Record<string, string>, amount?: number) => void;

/**
 * What llmspell measures of itself: a view of the journal's events, and the only place where they are counted.
 * Names of components, models and hook points are labels; what scripts and people write (event names, keys,
 * messages) never is, as there is no end to it.
 */
export class BuiltInMetrics {
  private readonly counters = new Map<string, Metric>();

  constructor(private readonly registry: MetricRegistry) {}

  /** Counts one event of a run. */
  event(event: JournalEvent): void {
    this.count('journal_events_total', 'Events in the journals of runs.')({ type: event.type });
    switch (event.type) {
      case 'run.started':
        return this.count('runs_started_total', 'Runs that began.')({ kind: event.kind });
      case 'run.finished':
        return this.runFinished(event);
      case 'component.finished':
        return this.componentFinished(event);
      case 'model.usage':
        return this.usage(event);
      case 'model.retry':
        return this.count('model_retries_total', 'Repeated model calls.')({});
      case 'permission':
        return this.permission(event);
      case 'hook.executed':
        return this.hook(event);
      case 'state.changed':
        return this.count('state_changes_total', 'Changes of state.')({ operation: event.operation });
      default:
        return this.rest(event);
    }
  }

  private rest(event: JournalEvent): void {
    switch (event.type) {
      case 'event.published':
        return this.count('events_published_total', 'Events that scripts and programs published.')({});
      case 'event.dropped':
        return this.count('events_dropped_total', 'Events that a queue had no room for.')(
          { reason: event.reason },
          event.count,
        );
      case 'event.failed':
        return this.count('event_handler_failures_total', 'Event handlers that failed.')({});
      case 'session.changed':
        return this.count('session_changes_total', 'What happened to sessions.')({ change: event.change });
      case 'artifact.changed':
        return this.count(
          'artifact_operations_total',
          'What happened to artifacts.',
        )({ operation: event.change });
      case 'log':
        return this.count('log_entries_total', 'Log entries.')({ level: event.level });
      case 'budget.crossed':
        return this.count('budget_crossed_total', 'Runs that crossed their budget.')({});
    }
  }

  private runFinished({ ok, error, durationMs }: Of<'run.finished'>): void {
    const outcome = ok ? 'ok' : 'error';
    this.count('runs_total', 'Runs that ended.')({ outcome, code: error?.code ?? '' });
    this.seconds('run_duration_seconds', 'How long runs took.', { outcome }, durationMs);
  }

  private componentFinished({ kind, name, error, durationMs }: Of<'component.finished'>): void {
    const labels = { kind, name, outcome: error ? 'error' : 'ok' };
    this.count(
      'components_total',
      'Calls of tools, agents, workflows and models.',
    )({
      ...labels,
      code: error?.code ?? '',
    });
    this.seconds('component_duration_seconds', 'How long components took.', labels, durationMs);
  }

  private usage({ provider, model, usage }: Of<'model.usage'>): void {
    const tokens = this.count('model_tokens_total', 'Tokens that models read and wrote.');
    tokens({ provider, model, direction: 'input' }, usage.inputTokens);
    tokens({ provider, model, direction: 'output' }, usage.outputTokens);
    this.count('model_cost_usd_total', 'US dollars that models cost.')({ provider, model }, usage.costUsd);
  }

  private permission({ capability, granted }: Of<'permission'>): void {
    const decision = granted ? 'granted' : 'refused';
    this.count('permissions_total', 'Decisions about permissions.')({ capability, decision });
  }

  private hook({ point, result, durationMs }: Of<'hook.executed'>): void {
    this.count('hooks_total', 'Calls of hook handlers.')({ point, result });
    this.seconds('hook_duration_seconds', 'How long hook handlers took.', { point }, durationMs);
  }

  private count(name: string, help: string): Counter {
    const metric = this.metric('counter', name, help);
    return (labels, amount = 1) => metric.track(amount, labels);
  }

  private seconds(name: string, help: string, labels: Record<string, string>, milliseconds: number): void {
    this.metric('histogram', name, help).track(Math.max(0, milliseconds) / 1000, labels);
  }

  /** Asked for by name only once: the name never changes its meaning here. */
  private metric(kind: 'counter' | 'histogram', name: string, help: string): Metric {
    const known = this.counters.get(name);
    if (known) return known;
    const made = this.registry.metric(kind, BUILT_IN + name, { help });
    this.counters.set(name, made);
    return made;
  }
}

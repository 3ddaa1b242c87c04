import type { ErrorData } from './errors.js';
import type { JsonValue, ScriptValue } from './values.js';

/** Log levels, most severe first; `off` silences. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;
/** A log level. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Tokens and money of one or many model calls. Present on every model answer. */
export interface Usage {
  /** Tokens sent, cached ones included. */
  inputTokens: number;
  /** Tokens generated, reasoning included. */
  outputTokens: number;
  /** US dollars; 0 for local and built-in models. */
  costUsd: number;
  /** Who counted: the provider, our own estimate, or nobody. */
  source: 'provider' | 'estimated' | 'unknown';
}

/** What kind of component an event speaks of. */
export type ComponentKind = 'tool' | 'agent' | 'workflow' | 'model';

/** What happened. Every surface (console, JSON stream, notebook, trace, replay) is a view of these. */
export type EventBody =
  | { type: 'run.started'; kind: 'script' | 'tool' | 'system'; name: string; language?: string }
  | { type: 'run.finished'; ok: boolean; durationMs: number; usage: Usage; error?: ErrorData }
  | { type: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { type: 'display'; mime: string; data: JsonValue }
  | { type: 'component.started'; kind: ComponentKind; name: string; input: JsonValue }
  | { type: 'component.progress'; kind: ComponentKind; name: string; message: string; fraction?: number }
  | {
      type: 'component.finished';
      kind: ComponentKind;
      name: string;
      durationMs: number;
      output?: JsonValue;
      error?: ErrorData;
    }
  | { type: 'model.delta'; text: string }
  | { type: 'model.retry'; attempt: number; waitMs: number; reason: string }
  | {
      type: 'model.usage';
      provider: string;
      model: string;
      usage: Usage;
      /** Milliseconds from the question to the end of the answer, without earlier attempts. */
      durationMs?: number;
    }
  | { type: 'permission'; capability: Capability; target: string; granted: boolean }
  | { type: 'budget.crossed'; error: ErrorData }
  | { type: 'state.changed'; scope: string; key: string; operation: 'set' | 'delete' }
  | { type: 'log'; level: LogLevel; message: string; module?: string; data?: JsonValue }
  | { type: 'call'; member: string; handle?: string; args: ScriptValue[] }
  | { type: 'call.result'; value?: ScriptValue; error?: ErrorData }
  | { type: 'callback'; fn: number; args: ScriptValue[] }
  | { type: 'effect'; name: string; value: ScriptValue }
  | ({ type: 'event.published' } & PublishedEvent)
  | {
      type: 'event.dropped';
      name: string;
      subscription: string;
      reason: string;
      /** How many this entry speaks of: they are reported together. */
      count: number;
    }
  | { type: 'event.failed'; name: string; event: string; subscription: string; error: ErrorData }
  | { type: 'event.backpressure'; subscription: string; change: 'started' | 'relieved'; queued: number }
  | {
      type: 'hook.executed';
      point: string;
      /** The handler's id. */
      hook: string;
      /** The handler's name. */
      name?: string;
      /** What the point speaks of. */
      component?: { type: string; name: string };
      result: string;
      durationMs: number;
      /** What the handler was given, and what it answered. */
      input?: JsonValue;
      output?: JsonValue;
      error?: ErrorData;
    }
  | { type: 'session.changed'; session: string; change: SessionChange; data?: JsonValue }
  | {
      type: 'artifact.changed';
      session: string;
      change: 'stored' | 'retrieved' | 'deleted';
      name: string;
      version: number;
      hash: string;
      size: number;
    }
  | {
      type: 'backup.changed';
      backup: string;
      change: 'started' | 'progress' | 'completed' | 'failed' | 'deleted' | 'restored';
      data?: JsonValue;
    }
  | { type: 'state.migrated'; from: string; to: string; items: number; ok: boolean };

/** What happens to a session, in the words of its events (`session.<change>`). */
export type SessionChange =
  | 'created'
  | 'started'
  | 'suspended'
  | 'resumed'
  | 'completed'
  | 'failed'
  | 'expired'
  | 'saved'
  | 'loaded'
  | 'archived'
  | 'deleted'
  /** The run does not work in it any more. */
  | 'left';

/** An event that a script or a program published. */
export interface PublishedEvent {
  id: string;
  /** Dotted words, e.g. `job.done`. */
  name: string;
  data?: JsonValue;
  correlationId: string;
  /** The event that led to this one. */
  causationId?: string;
  language?: string;
  source?: string;
  target?: string;
  tags?: string[];
  priority?: number;
  ttlSeconds?: number;
}

/** The kinds of things a script may be granted. */
export const CAPABILITIES = ['read', 'write', 'net', 'run', 'env', 'db'] as const;
/** One of the kinds of things a script may be granted. */
export type Capability = (typeof CAPABILITIES)[number];

/** An event as the journal holds it. */
export type JournalEvent = EventBody & {
  /** The run's stable id. */
  run: string;
  /** Position in the run, from 1 without gaps. */
  seq: number;
  /** Step path inside the run: `run`, `run/agent:qa`, `run/agent:qa/tool:calculator[2]`. */
  path: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
};

/**
 * The name by which an event is known on the event bus and in `Event.subscribe`: what was published has the name
 * it was given; everything else is named by what it speaks of (`tool.started`, `session.created`, `state.changed`).
 */
export function eventName(event: EventBody): string {
  switch (event.type) {
    case 'event.published':
      return event.name;
    case 'component.started':
    case 'component.progress':
    case 'component.finished':
      return `${event.kind}.${componentChange(event)}`;
    case 'session.changed':
      return `session.${event.change}`;
    case 'artifact.changed':
      return `session.artifact.${event.change}`;
    case 'backup.changed':
      return `backup.${event.change}`;
    case 'event.backpressure':
      return `event.backpressure.${event.change}`;
    case 'hook.executed':
      return `hook.${event.point.toLowerCase()}.${event.result}`;
    default:
      return event.type;
  }
}

function componentChange(event: Extract<EventBody, { kind: ComponentKind }>): string {
  if (event.type === 'component.finished') return event.error ? 'failed' : 'completed';
  return event.type === 'component.started' ? 'started' : 'progress';
}

/** The zero of {@link Usage}. */
export function noUsage(): Usage {
  return { inputTokens: 0, outputTokens: 0, costUsd: 0, source: 'unknown' };
}

/** The sum of two usages; the source is the weaker of the two. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd + b.costUsd,
    source: weakest(a, b),
  };
}

function weakest(a: Usage, b: Usage): Usage['source'] {
  const spent = [a, b].filter((usage) => usage.inputTokens + usage.outputTokens > 0);
  if (spent.length === 0) return 'unknown';
  if (spent.some((usage) => usage.source === 'unknown')) return 'unknown';
  return spent.some((usage) => usage.source === 'estimated') ? 'estimated' : 'provider';
}

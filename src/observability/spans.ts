import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { ErrorData } from '../core/errors.js';
import type { ComponentKind, JournalEvent } from '../core/events.js';
import type { RunInfo } from '../core/journal.js';
import type { JsonValue } from '../core/values.js';
import { ATTRIBUTE, OPERATION, providerName } from './genai.js';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** The part of `@opentelemetry/api` that spans need. */
export type OpenTelemetryApi = typeof import('@opentelemetry/api');

/** What spans of a run are made with. */
export interface SpanParts {
  readonly api: OpenTelemetryApi;
  readonly tracer: Tracer;
  /** What the run is a part of. */
  readonly parent: Context;
  /** Put what was given to components, and what they answered, into attributes. */
  readonly content: boolean;
}

/** Characters of content in one attribute. */
const MAX_CONTENT = 16_384;

/**
 * The spans of one run: a view of its journal. A span has the times of its events, and says by `llmspell.run.id` and
 * `llmspell.path` where in the journal its story stands.
 */
export class RunSpans {
  /** Spans that have begun, by step path. */
  private readonly open = new Map<string, Span>();

  constructor(
    private readonly info: RunInfo,
    private readonly parts: SpanParts,
  ) {}

  /** Tells the spans of an event of the run. */
  event(event: JournalEvent): void {
    switch (event.type) {
      case 'run.started':
        return this.runStarted(event);
      case 'run.finished':
        return this.runFinished(event);
      case 'component.started':
        return this.componentStarted(event);
      case 'component.finished':
        return this.componentFinished(event);
      case 'model.usage':
        return this.modelCall(event);
      default:
        return this.note(event);
    }
  }

  /** Ends what is still open, as nothing more will come. */
  end(): void {
    for (const span of this.open.values()) span.end();
    this.open.clear();
  }

  private runStarted(event: Of<'run.started'>): void {
    const { session, tenant } = this.info;
    this.start(event, `run ${event.name}`, {
      'llmspell.run.kind': event.kind,
      'llmspell.session.id': session,
      'llmspell.tenant': tenant,
      ...(event.language && { 'llmspell.language': event.language }),
    });
  }

  private runFinished(event: Of<'run.finished'>): void {
    const { usage, error, path, time } = event;
    const { inputTokens, outputTokens, costUsd } = usage;
    const spent = { 'llmspell.tokens': inputTokens + outputTokens, 'llmspell.cost_usd': costUsd };
    this.open.get(path)?.setAttributes(spent);
    this.finish(path, time, error);
  }

  private componentStarted(event: Of<'component.started'>): void {
    const operation = OPERATION[event.kind];
    this.start(event, `${operation} ${event.name}`, {
      [ATTRIBUTE.operation]: operation,
      ...this.named(event.kind, event.name),
      ...this.content(event.kind === 'tool' ? ATTRIBUTE.toolArguments : ATTRIBUTE.inputMessages, event.input),
    });
  }

  private componentFinished(event: Of<'component.finished'>): void {
    const { kind, output, path, time, error } = event;
    const name = kind === 'tool' ? ATTRIBUTE.toolResult : ATTRIBUTE.outputMessages;
    this.open.get(path)?.setAttributes(this.content(name, output));
    this.finish(path, time, error);
  }

  private named(kind: ComponentKind, name: string): Attributes {
    if (kind === 'tool') return { [ATTRIBUTE.tool]: name };
    if (kind === 'agent') return { [ATTRIBUTE.agent]: name, [ATTRIBUTE.conversation]: this.info.session };
    return { [ATTRIBUTE.workflow]: name };
  }

  /** A model call is known when it has ended: its span is made whole then. */
  private modelCall(event: Of<'model.usage'>): void {
    const { model, provider, usage, durationMs = 0, time, path } = event;
    const { SpanKind } = this.parts.api;
    const attributes = {
      [ATTRIBUTE.operation]: OPERATION.model,
      [ATTRIBUTE.provider]: providerName(provider),
      [ATTRIBUTE.model]: model,
      [ATTRIBUTE.inputTokens]: usage.inputTokens,
      [ATTRIBUTE.outputTokens]: usage.outputTokens,
      'llmspell.cost_usd': usage.costUsd,
      'llmspell.usage.source': usage.source,
      ...this.place(event),
    };
    const options = { kind: SpanKind.CLIENT, startTime: time - durationMs, attributes };
    this.parts.tracer.startSpan(`${OPERATION.model} ${model}`, options, this.around(path)).end(time);
  }

  /** What is an event of the span around it. Nothing that a script or a person wrote is in it. */
  private note(event: JournalEvent): void {
    const span = this.nearest(event.path);
    if (!span) return;
    if (event.type === 'model.retry')
      span.addEvent('llmspell.model.retry', { attempt: event.attempt, wait_ms: event.waitMs }, event.time);
    else if (event.type === 'hook.executed')
      span.addEvent('llmspell.hook', { point: event.point, result: event.result }, event.time);
    else if (event.type === 'permission' && !event.granted)
      span.addEvent('llmspell.permission.refused', { capability: event.capability }, event.time);
    else if (event.type === 'budget.crossed')
      span.addEvent('llmspell.budget.crossed', { code: event.error.code }, event.time);
  }

  private start(event: JournalEvent, name: string, attributes: Attributes): void {
    const options = { startTime: event.time, attributes: { ...attributes, ...this.place(event) } };
    this.open.set(event.path, this.parts.tracer.startSpan(name, options, this.around(event.path)));
  }

  private place({ path }: JournalEvent): Attributes {
    return { 'llmspell.run.id': this.info.run, 'llmspell.path': path };
  }

  private finish(path: string, time: number, error: ErrorData | undefined): void {
    const span = this.open.get(path);
    if (!span) return;
    this.open.delete(path);
    if (error) this.failed(span, error);
    span.end(time);
  }

  private failed(span: Span, { code, message }: ErrorData): void {
    span.setAttribute(ATTRIBUTE.error, code);
    // A message may quote what a script or a person wrote.
    const shown = this.parts.content ? message : code;
    span.setStatus({ code: this.parts.api.SpanStatusCode.ERROR, message: shown });
  }

  private content(name: string, value: JsonValue | undefined): Attributes {
    if (!this.parts.content || value === undefined) return {};
    return { [name]: JSON.stringify(value).slice(0, MAX_CONTENT) };
  }

  /** The context of the innermost span that is open around a path. */
  private around(path: string): Context {
    const span = this.nearest(path);
    return span ? this.parts.api.trace.setSpan(this.parts.parent, span) : this.parts.parent;
  }

  private nearest(path: string): Span | undefined {
    for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const span = this.open.get(at);
      if (span || !at.includes('/')) return span;
    }
  }
}

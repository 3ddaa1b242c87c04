import type { ExecutionContext } from '../core/context.js';
import type { LlmspellError } from '../core/errors.js';
import { noUsage, type Usage } from '../core/events.js';
import { cancelled } from './deadline.js';
import { brokenStream, isRetryable } from './errors.js';
import type { LanguageModel, ModelAnswer, ModelEvent, ModelRequest, ProviderSettings } from './model.js';
import { configuredPrice } from './pricing.js';
import { retryDelay } from './retry.js';
import { estimateUsage } from './usage.js';

/**
 * One turn of a conversation: asks, repeats what failed before a word was said, counts, and journals deltas,
 * retries and usage. The turn takes one call from the budget however often it is repeated; what it used is settled
 * even if it breaks off in the middle.
 * @throws `provider.*`, `budget.*`, `component.cancelled`
 */
export async function* converse(
  model: LanguageModel,
  request: ModelRequest,
  context: ExecutionContext,
  settings: ProviderSettings,
): AsyncGenerator<ModelEvent, void, void> {
  context.budget.reserveCall();
  const turn = new Turn(model, withDefaults(request, settings), context, settings);
  try {
    for await (const event of turn.events()) yield event;
  } finally {
    turn.settleUnfinished();
  }
}

/** Reads a turn to its end. */
export async function collect(
  events: AsyncIterable<ModelEvent>,
  model: Pick<LanguageModel, 'provider' | 'model'>,
): Promise<ModelAnswer> {
  const answer: ModelAnswer = {
    provider: model.provider,
    model: model.model,
    text: '',
    reasoning: '',
    toolCalls: [],
    finishReason: 'other',
    usage: noUsage(),
  };
  for await (const event of events) addTo(answer, event);
  return answer;
}

function addTo(answer: ModelAnswer, event: ModelEvent): void {
  if (event.type === 'text') answer.text += event.text;
  else if (event.type === 'reasoning') answer.reasoning += event.text;
  else if (event.type === 'tool-call') answer.toolCalls.push(event.call);
  else {
    answer.finishReason = event.reason;
    answer.usage = event.usage;
  }
}

function withDefaults(request: ModelRequest, settings: ProviderSettings): ModelRequest {
  return {
    ...request,
    temperature: request.temperature ?? settings.temperature,
    maxTokens: request.maxTokens ?? settings.maxTokens,
  };
}

class Turn {
  /** Everything received, for the estimate. */
  private received = '';
  /** Whether a caller has seen anything: from then on a repetition would say things twice. */
  private begun = false;
  private settled = false;
  /** When the present attempt began. */
  private started = 0;

  constructor(
    private readonly model: LanguageModel,
    private readonly request: ModelRequest,
    private readonly context: ExecutionContext,
    private readonly settings: ProviderSettings,
  ) {}

  async *events(): AsyncIterable<ModelEvent> {
    for (let attempt = 1; ; attempt++) {
      try {
        return yield* this.attempt();
      } catch (error) {
        if (this.begun || !isRetryable(error) || attempt > this.settings.retry.maxRetries) throw error;
        await this.waitFor(error, attempt);
      }
    }
  }

  private async *attempt(): AsyncIterable<ModelEvent> {
    this.started = this.context.effects.now();
    for await (const event of this.model.ask(this.request, this.context)) {
      this.context.signal.throwIfAborted();
      this.begun = true;
      const shown = event.type === 'finish' ? this.finish(event) : event;
      this.note(event);
      yield shown;
      if (event.type === 'finish') return;
    }
    throw brokenStream(this.settings, 'no finish');
  }

  private note(event: ModelEvent): void {
    if (event.type === 'text' || event.type === 'reasoning') this.received += event.text;
    if (event.type === 'tool-call') this.received += JSON.stringify(event.call.arguments);
    if (event.type === 'text') this.context.emit({ type: 'model.delta', text: event.text });
  }

  /** Settles before the caller sees the end: a caller that stops reading there has still paid. */
  private finish(event: Extract<ModelEvent, { type: 'finish' }>): ModelEvent {
    const usage = event.usage.source === 'unknown' ? this.estimate() : event.usage;
    this.settle(usage);
    return { ...event, usage };
  }

  /** For a turn that broke off or that the caller left: an estimate of what was used up to then. */
  settleUnfinished(): void {
    if (this.settled || !this.begun) return;
    try {
      this.settle(this.estimate());
    } catch {
      // The budget remembers that it was crossed; the reason why the turn ended is the more useful error.
    }
  }

  private settle(usage: Usage): void {
    this.settled = true;
    const { provider, model } = this.model;
    const durationMs = this.context.effects.now() - this.started;
    this.context.emit({ type: 'model.usage', provider, model, usage, durationMs });
    this.context.budget.settle(usage);
  }

  private estimate(): Usage {
    return estimateUsage(this.request, this.received, configuredPrice(this.settings, this.model.model));
  }

  private async waitFor(error: LlmspellError, attempt: number): Promise<void> {
    const { effects, signal } = this.context;
    const waitMs = retryDelay(error, attempt, this.settings.retry, () => effects.random());
    this.context.emit({ type: 'model.retry', attempt, waitMs, reason: error.message });
    try {
      await effects.sleep(waitMs, signal);
    } catch (reason) {
      throw cancelled(reason);
    }
    this.context.budget.check();
  }
}

import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Content,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import type { ExecutionContext } from '../core/context.js';
import type { Usage } from '../core/events.js';
import { cancelled, idleDeadline } from './deadline.js';
import { brokenStream, toProviderError } from './errors.js';
import { watchedFetch } from './http.js';
import type { FinishReason, LanguageModel, ModelEvent, ModelRequest, ProviderSettings } from './model.js';
import { configuredPrice, type Price } from './pricing.js';
import { checkToolCalls, type UncheckedToolCall } from './tool-calls.js';
import { countedUsage } from './usage.js';

/** How one SDK is used. */
export interface SdkBinding {
  /** Makes the SDK's model around the `fetch` of one request. */
  create(fetch: typeof globalThis.fetch): LanguageModelV3;
  /** The request in the SDK's form. */
  call(request: ModelRequest): LanguageModelV3CallOptions;
  /** Matches the end of a complete stream on the wire. Text from a model must not be able to contain it. */
  endMark: RegExp;
}

/** A model behind an SDK's low-level interface. */
export function sdkModel(settings: ProviderSettings, model: string, binding: SdkBinding): LanguageModel {
  return {
    provider: settings.name,
    model,
    ask: (request, context) => ask(settings, model, binding, request, context),
  };
}

async function* ask(
  settings: ProviderSettings,
  model: string,
  binding: SdkBinding,
  request: ModelRequest,
  context: ExecutionContext,
): AsyncIterable<ModelEvent> {
  using deadline = idleDeadline(context.signal, settings.timeoutMs, settings.name);
  const endMark = settings.streaming ? binding.endMark : undefined;
  const fetch = watchedFetch(settings, { deadline, endMark, now: context.effects.now });
  const options = { ...binding.call(request), abortSignal: deadline.signal };
  try {
    deadline.signal.throwIfAborted();
    const parts = settings.streaming
      ? streamedParts(binding.create(fetch), options)
      : plainParts(binding.create(fetch), options);
    yield* toEvents(parts, settings, configuredPrice(settings, model));
  } catch (error) {
    throw deadline.signal.aborted ? cancelled(deadline.signal.reason) : toProviderError(error, settings);
  }
}

async function* streamedParts(model: LanguageModelV3, options: LanguageModelV3CallOptions) {
  const { stream } = await model.doStream(options);
  yield* stream;
}

/** A plain answer as the parts of a stream, so that everything after this point is written once. */
async function* plainParts(
  model: LanguageModelV3,
  options: LanguageModelV3CallOptions,
): AsyncIterable<LanguageModelV3StreamPart> {
  const answer = await model.doGenerate(options);
  for (const [index, content] of answer.content.entries()) yield* contentParts(content, String(index));
  yield { type: 'finish', usage: answer.usage, finishReason: plainFinish(answer) };
}

function* contentParts(content: LanguageModelV3Content, id: string): Iterable<LanguageModelV3StreamPart> {
  if (content.type === 'text') yield { type: 'text-delta', id, delta: content.text };
  else if (content.type === 'reasoning') yield { type: 'reasoning-delta', id, delta: content.text };
  else if (content.type === 'tool-call') yield content;
}

/** A plain answer is complete by arriving; some servers leave the reason out. */
function plainFinish({ finishReason }: LanguageModelV3GenerateResult) {
  return { unified: finishReason.unified, raw: finishReason.raw ?? 'complete' };
}

type Finish = Extract<LanguageModelV3StreamPart, { type: 'finish' }>;

/** Tool calls wait until the stream has really ended: an SDK's `tool-call` part is no promise that more will not follow. */
async function* toEvents(
  parts: AsyncIterable<LanguageModelV3StreamPart>,
  settings: ProviderSettings,
  price: Price | undefined,
): AsyncIterable<ModelEvent> {
  const calls: UncheckedToolCall[] = [];
  let finish: Finish | undefined;
  for await (const part of parts) {
    if (part.type === 'error') throw toProviderError(part.error, settings);
    if (part.type === 'finish') finish = part;
    else if (part.type === 'tool-call')
      calls.push({ id: part.toolCallId, name: part.toolName, argumentsText: part.input });
    else if (part.type === 'text-delta' && part.delta) yield { type: 'text', text: part.delta };
    else if (part.type === 'reasoning-delta' && part.delta) yield { type: 'reasoning', text: part.delta };
  }
  yield* conclude(finish, calls, settings, price);
}

function* conclude(
  finish: Finish | undefined,
  calls: UncheckedToolCall[],
  settings: ProviderSettings,
  price: Price | undefined,
): Iterable<ModelEvent> {
  if (finish?.finishReason.raw === undefined) throw brokenStream(settings, 'no finish reason');
  const reason: FinishReason = finish.finishReason.unified;
  const checked = checkToolCalls(calls, reason);
  for (const call of checked) yield { type: 'tool-call', call };
  const natural = checked.length > 0 ? 'tool-calls' : reason;
  yield { type: 'finish', reason: natural, usage: usageOf(finish.usage, price) };
}

function usageOf({ inputTokens, outputTokens }: LanguageModelV3Usage, price: Price | undefined): Usage {
  const tokens = {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    cachedTokens: inputTokens.cacheRead,
  };
  return countedUsage(tokens, price);
}

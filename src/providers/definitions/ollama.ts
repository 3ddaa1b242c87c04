import type { ExecutionContext } from '../../core/context.js';
import { cancelled, idleDeadline } from '../deadline.js';
import { brokenStream, toProviderError } from '../errors.js';
import { watchedFetch } from '../http.js';
import {
  defineProvider,
  type FinishReason,
  type LanguageModel,
  type ModelEvent,
  type ModelRequest,
  type ProviderSettings,
} from '../model.js';
import { listModels } from '../model-list.js';
import { type OllamaLine, ollamaBody, readLines } from '../ollama-wire.js';
import { configuredPrice } from '../pricing.js';
import { extraHeaders } from '../sdk-options.js';
import { checkToolCalls, type UncheckedToolCall } from '../tool-calls.js';
import { countedUsage } from '../usage.js';

const BASE_URL = 'http://127.0.0.1:11434';
const SEES_IMAGES = /llava|vision|moondream|minicpm-v|gemma3|llama4|-vl\b|vl:|mistral-small3/;

/** Ollama's own API: unlike its OpenAI-compatible one it takes `num_ctx`, `think` and `keep_alive`. */
export default defineProvider({
  type: 'ollama',
  implementation: 'ollama',
  description: 'Ollama, models on this machine',
  keyVariables: [],
  needsKey: false,
  offline: false,
  baseUrl: BASE_URL,
  baseUrlVariable: 'OLLAMA_HOST',
  defaultModel: 'llama3.2',
  capabilities: (model) => ({ streaming: true, multimodal: SEES_IMAGES.test(model), tools: true }),
  model: async (settings, model) => ollamaModel(settings, model),
  check: (settings, signal) => {
    const url = `${ollamaHost(settings.baseUrl)}/api/tags`;
    return listModels(settings, { url, headers: headersOf(settings), list: 'models', id: 'name' }, signal);
  },
});

/** A base URL from what people write: `host`, `host:port`, `0.0.0.0`, with or without scheme and `/api`. */
export function ollamaHost(text = BASE_URL): string {
  const trimmed = text
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/(api|v1)$/, '');
  const withScheme = /^https?:\/\//.test(trimmed) ? trimmed : `http://${trimmed}`;
  const withPort = /^http:\/\/[^/]*:\d+|^https:|\/\/[^/]+\/./.test(withScheme)
    ? withScheme
    : `${withScheme}:11434`;
  return withPort.replace('//0.0.0.0', '//127.0.0.1');
}

function ollamaModel(settings: ProviderSettings, model: string): LanguageModel {
  return {
    provider: settings.name,
    model,
    ask: (request, context) => ask(settings, model, request, context),
  };
}

async function* ask(
  settings: ProviderSettings,
  model: string,
  request: ModelRequest,
  context: ExecutionContext,
): AsyncIterable<ModelEvent> {
  using deadline = idleDeadline(context.signal, settings.timeoutMs, settings.name);
  const fetch = watchedFetch(settings, { deadline, now: context.effects.now });
  try {
    deadline.signal.throwIfAborted();
    const response = await fetch(`${ollamaHost(settings.baseUrl)}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersOf(settings) },
      body: JSON.stringify(ollamaBody(request, model, settings)),
    });
    yield* toEvents(readLines(response.body ?? emptyBody(), settings), settings, model, context);
  } catch (error) {
    throw deadline.signal.aborted ? cancelled(deadline.signal.reason) : toProviderError(error, settings);
  }
}

async function* toEvents(
  lines: AsyncIterable<OllamaLine>,
  settings: ProviderSettings,
  model: string,
  context: ExecutionContext,
): AsyncIterable<ModelEvent> {
  const calls: UncheckedToolCall[] = [];
  for await (const line of lines) {
    if (line.thinking) yield { type: 'reasoning', text: line.thinking };
    if (line.text) yield { type: 'text', text: line.text };
    for (const call of line.calls) calls.push({ id: `call_${context.effects.uuid()}`, ...call });
    if (line.done) return yield* conclude(line, calls, settings, model);
  }
  throw brokenStream(settings);
}

function* conclude(
  line: OllamaLine,
  unchecked: UncheckedToolCall[],
  settings: ProviderSettings,
  model: string,
): Iterable<ModelEvent> {
  const reason: FinishReason = line.doneReason === 'length' ? 'length' : 'stop';
  const calls = checkToolCalls(unchecked, reason);
  for (const call of calls) yield { type: 'tool-call', call };
  const usage = countedUsage(line, configuredPrice(settings, model));
  yield { type: 'finish', reason: calls.length > 0 ? 'tool-calls' : reason, usage };
}

function headersOf(settings: ProviderSettings): Record<string, string> {
  const key = settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` };
  return { ...key, ...extraHeaders(settings) };
}

async function* emptyBody(): AsyncIterable<Uint8Array> {}

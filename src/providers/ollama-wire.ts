import { isRecord, type JsonObject } from '../core/values.js';
import { badResponse, brokenStream, streamError } from './errors.js';
import type { ModelMessage, ModelRequest, ProviderSettings } from './model.js';
import type { UncheckedToolCall } from './tool-calls.js';

/** Model options of Ollama that may stand in the provider's table under their own names. */
const MODEL_OPTIONS = [
  'num_ctx',
  'num_gpu',
  'num_thread',
  'num_keep',
  'top_k',
  'min_p',
  'typical_p',
  'repeat_last_n',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
];

/** One line of `POST /api/chat`, as far as it matters here. */
export interface OllamaLine {
  text: string;
  thinking: string;
  calls: Omit<UncheckedToolCall, 'id'>[];
  done: boolean;
  doneReason?: string | undefined;
  inputTokens: number;
  outputTokens: number;
}

/** The body of `POST /api/chat`. */
export function ollamaBody(request: ModelRequest, model: string, settings: ProviderSettings): JsonObject {
  const { think, keep_alive } = settings.options;
  return {
    model,
    messages: request.messages.map(wireMessage),
    stream: settings.streaming,
    options: modelOptions(request, settings),
    ...(request.tools?.length && {
      tools: request.tools.map((tool) => ({ type: 'function', function: { ...tool } })),
    }),
    ...(request.responseSchema && { format: request.responseSchema }),
    ...(think !== undefined && { think }),
    ...(keep_alive !== undefined && { keep_alive }),
  };
}

function modelOptions(request: ModelRequest, settings: ProviderSettings): JsonObject {
  const configured = Object.entries(settings.options).filter(([key]) => MODEL_OPTIONS.includes(key));
  return {
    ...Object.fromEntries(configured),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.maxTokens !== undefined && { num_predict: request.maxTokens }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop && { stop: request.stop }),
  };
}

function wireMessage(message: ModelMessage): JsonObject {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text };
    case 'user':
      return {
        role: 'user',
        content: message.text,
        ...(message.media?.length && { images: message.media.map(({ data }) => data) }),
      };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text,
        ...(message.toolCalls && wireCalls(message.toolCalls)),
      };
    case 'tool':
      return { role: 'tool', tool_name: message.name, tool_call_id: message.callId, content: message.text };
  }
}

function wireCalls(calls: readonly { id: string; name: string; arguments: JsonObject }[]): JsonObject {
  return {
    tool_calls: calls.map((call) => ({
      id: call.id,
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

/**
 * The lines of an answer; a plain answer is one line.
 * @throws `provider.stream_broken` when the answer ends inside a line, `provider.bad_response` for anything else
 *   that is not JSON, the reported error for a line that reports one.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  settings: ProviderSettings,
): AsyncIterable<OllamaLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) yield parseLine(line, settings);
  }
  if (rest.trim()) yield parseLast(rest, settings);
}

function parseLast(text: string, settings: ProviderSettings): OllamaLine {
  try {
    return parseLine(text, settings);
  } catch (error) {
    throw text.trimStart().startsWith('{') && !isJson(text) ? brokenStream(settings) : error;
  }
}

function parseLine(text: string, settings: ProviderSettings): OllamaLine {
  const line = isJson(text) ? (JSON.parse(text) as unknown) : undefined;
  if (!isRecord(line)) throw badResponse(settings, 'something that is not a line of JSON');
  if (line.error !== undefined) throw streamError({ message: line.error }, settings);
  const message = isRecord(line.message) ? line.message : undefined;
  if (!message && line.done !== true) throw badResponse(settings, 'a line without a message');
  return {
    text: textOf(message?.content),
    thinking: textOf(message?.thinking),
    calls: callsOf(message?.tool_calls, settings),
    done: line.done === true,
    doneReason: typeof line.done_reason === 'string' ? line.done_reason : undefined,
    inputTokens: numberOf(line.prompt_eval_count),
    outputTokens: numberOf(line.eval_count),
  };
}

function callsOf(value: unknown, settings: ProviderSettings): Omit<UncheckedToolCall, 'id'>[] {
  if (!Array.isArray(value)) return [];
  return value.map((call: unknown) => {
    const fn = isRecord(call) && isRecord(call.function) ? call.function : undefined;
    if (typeof fn?.name !== 'string') throw badResponse(settings, 'a tool call without a name');
    const { arguments: args } = fn;
    return { name: fn.name, argumentsText: typeof args === 'string' ? args : JSON.stringify(args ?? {}) };
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

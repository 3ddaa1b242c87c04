import type { ExecutionContext } from '../core/context.js';
import type { ErrorCode } from '../core/error-codes.js';
import { fail } from '../core/errors.js';
import { noUsage } from '../core/events.js';
import type { JsonObject } from '../core/values.js';
import { cancelled, idleDeadline } from './deadline.js';
import { type MockAnswer, mockScript } from './mock-script.js';
import type { LanguageModel, ModelEvent, ModelRequest, ProviderSettings } from './model.js';

/**
 * A model that says what its script says, one answer per call, the last one again and again. `echo` without a
 * script repeats the user; any other model without a script says that it is a mock.
 */
export function mockModel(settings: ProviderSettings, model: string): LanguageModel {
  const script = mockScript(settings, model);
  let turn = 0;
  return {
    provider: settings.name,
    model,
    ask(request, context) {
      const answer = script?.[Math.min(turn++, script.length - 1)];
      return answer ? play(answer, turn, settings, context) : speak(unscripted(model, request));
    },
  };
}

async function* play(
  answer: MockAnswer,
  turn: number,
  settings: ProviderSettings,
  context: ExecutionContext,
): AsyncIterable<ModelEvent> {
  await pause(answer.delay_ms, settings, context);
  if (answer.error) throw scriptedError(answer.error as ErrorCode, answer);
  if (answer.reasoning) yield { type: 'reasoning', text: answer.reasoning };
  for (const text of answer.chunks.length > 0 ? answer.chunks : [answer.text])
    if (text) yield { type: 'text', text };
  for (const [index, call] of answer.tool_calls.entries()) {
    const id = call.id ?? `call_${turn}_${index + 1}`;
    yield { type: 'tool-call', call: { id, name: call.name, arguments: call.arguments as JsonObject } };
  }
  yield {
    type: 'finish',
    reason: answer.tool_calls.length > 0 ? 'tool-calls' : 'stop',
    usage: usageOf(answer),
  };
}

async function pause(ms: number, settings: ProviderSettings, context: ExecutionContext): Promise<void> {
  using deadline = idleDeadline(context.signal, settings.timeoutMs, settings.name);
  try {
    deadline.signal.throwIfAborted();
    if (ms > 0) await context.effects.sleep(ms, deadline.signal);
  } catch (error) {
    throw cancelled(deadline.signal.aborted ? deadline.signal.reason : error);
  }
}

function scriptedError(code: ErrorCode, answer: MockAnswer) {
  const passing = ['provider.rate_limited', 'provider.server_error', 'provider.stream_broken'].includes(code);
  return fail(code, answer.message ?? `The mock was told to fail with ${code}`, {
    details: { retryable: passing },
  });
}

function usageOf({ usage }: MockAnswer) {
  if (!usage) return noUsage();
  const counts = { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens };
  return { ...counts, costUsd: 0, source: 'provider' as const };
}

async function* speak(text: string): AsyncIterable<ModelEvent> {
  for (const piece of text.match(/\S+\s*|\s+/g) ?? []) yield { type: 'text', text: piece };
  yield { type: 'finish', reason: 'stop', usage: noUsage() };
}

function unscripted(model: string, request: ModelRequest): string {
  const said = request.messages.findLast((message) => message.role === 'user')?.text ?? '';
  return model === 'echo' ? said : `Mock answer of '${model}' to: ${said}`;
}

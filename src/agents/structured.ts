import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { addUsage } from '../core/events.js';
import { type JsonObject, type ScriptValue, toJson } from '../core/values.js';
import type { ModelMessage } from '../providers/model.js';
import { compileSchema, withoutEmptyLists } from './answer-schema.js';
import type { AgentProgress } from './contract.js';
import { agentLoop, type LoopParts, type LoopResult } from './loop.js';
import { decodeJson } from './output.js';

/** How often a wrong answer is sent back with the validator's errors before the run fails. */
export const MAX_REPAIRS = 2;

/**
 * The agent loop for an answer that must satisfy a JSON Schema. A wrong answer is sent back together with what
 * is wrong with it; the failed attempts are not part of the result's messages.
 * @throws `agent.output_invalid` with the last text and its problems; `agent.invalid` for a schema that is none.
 */
export async function* structuredLoop(
  messages: readonly ModelMessage[],
  parts: LoopParts,
  schema: JsonObject,
  context: ExecutionContext,
): AsyncGenerator<AgentProgress, LoopResult & { data: ScriptValue }> {
  const cleaned = withoutEmptyLists(schema);
  const validate = await compileSchema(cleaned);
  const asking = { ...parts, request: { ...parts.request, responseSchema: cleaned } };
  let total: LoopResult | undefined;
  let repair: ModelMessage[] = [];
  for (let attempt = 0; ; attempt++) {
    const before = total?.messages.slice(0, -1) ?? [];
    const again = { ...asking, callsBefore: total?.toolCalls.length ?? 0 };
    const result = yield* agentLoop([...messages, ...before, ...repair], again, context);
    total = total ? joined(total, result) : result;
    const data = decodeJson(result.text);
    const problems = data === undefined ? 'the answer is not JSON' : validate(toJson(data));
    if (data !== undefined && problems === undefined) return { ...total, data };
    if (attempt >= MAX_REPAIRS) throw invalidOutput(result.text, problems!);
    yield { type: 'repair', attempt: attempt + 1, problems: problems! };
    repair = repairMessages(result.text, problems!);
  }
}

function joined(a: LoopResult, b: LoopResult): LoopResult {
  return {
    ...b,
    usage: addUsage(a.usage, b.usage),
    toolCalls: [...a.toolCalls, ...b.toolCalls],
    messages: [...a.messages.slice(0, -1), ...b.messages],
  };
}

function repairMessages(text: string, problems: string): ModelMessage[] {
  const request: ModelMessage = {
    role: 'user',
    text: `Your answer does not match the requested JSON Schema: ${problems}. Answer again with nothing but the corrected JSON.`,
  };
  return text === '' ? [request] : [{ role: 'assistant', text }, request];
}

function invalidOutput(text: string, problems: string): Error {
  return fail('agent.output_invalid', `The model did not answer in the requested structure: ${problems}`, {
    hint: 'Simplify the schema, describe its fields, or use a model that supports structured output.',
    details: { problems, text: text.slice(0, 10_000), attempts: MAX_REPAIRS + 1 },
  });
}

import { noUsage } from '../core/events.js';
import { parseJson } from '../core/json-parse.js';
import { isRecord, type JsonValue, type ScriptValue, setOwn } from '../core/values.js';
import type { AgentAnswer, AgentOutput } from './contract.js';

/** A JSON answer with one of these keys is taken for a result table, and its keys are copied to the top. */
const RESULT_KEYS = ['success', 'result', 'operation'];
/** Keys that an answer's own JSON never replaces. */
const OWN_KEYS = ['text', 'content', 'response', 'data', 'metadata', 'tool_calls', '_raw_text'];

/**
 * The table that scripts get. `data` is the decoded answer when its text is JSON.
 * @param durationMs milliseconds the execution took.
 */
export function agentOutput(answer: AgentAnswer, durationMs: number): AgentOutput {
  const { text } = answer;
  const data = answer.data ?? decodeJson(text);
  const out: AgentOutput = {
    success: true,
    text,
    content: text,
    response: text,
    output: text,
    metadata: metadata(answer, durationMs),
    tool_calls: answer.toolCalls.map((call) => ({ ...call })),
  };
  if (data !== undefined) out.data = data;
  if (isRecord(data) && RESULT_KEYS.some((key) => Object.hasOwn(data, key))) copyResult(out, data);
  return out;
}

/** The table that scripts get when a hook handler has answered in the place of the agent: with a text, or with a table. */
export function adoptedOutput(value: JsonValue): AgentOutput {
  const given = isRecord(value) ? (value as Record<string, JsonValue>) : {};
  const text = [given.text, given.response, given.content, value].find((one) => typeof one === 'string');
  const base = agentOutput(
    {
      provider: 'hook',
      model: 'hook',
      text: typeof text === 'string' ? text : JSON.stringify(value),
      finishReason: 'stop',
      usage: noUsage(),
      toolCalls: [],
      messages: [],
    },
    0,
  );
  return { ...base, ...given } as AgentOutput;
}

/** The value of a text that is JSON as a whole, or one fenced block of it; undefined for any other text. */
export function decodeJson(text: string): ScriptValue | undefined {
  const fenced = /^\s*```(?:json)?[ \t]*\n([\s\S]*?)\n?```\s*$/i.exec(text);
  const source = (fenced?.[1] ?? text).trim();
  if (!/^(?:[[{"\d-]|true$|false$|null$)/.test(source)) return undefined;
  try {
    return parseJson(source);
  } catch {
    return undefined;
  }
}

function copyResult(out: AgentOutput, data: Record<string, unknown>): void {
  out._raw_text = out.text;
  for (const [key, value] of Object.entries(data))
    if (!OWN_KEYS.includes(key)) setOwn(out as Record<string, ScriptValue>, key, value as ScriptValue);
}

function metadata(answer: AgentAnswer, durationMs: number): Record<string, JsonValue> {
  const { usage } = answer;
  const tokens = usage.inputTokens + usage.outputTokens;
  return {
    model: answer.model,
    provider: answer.provider,
    token_count: tokens,
    estimated_tokens: tokens,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    estimated_cost_usd: usage.costUsd,
    estimated_cost_cents: usage.costUsd * 100,
    usage_source: usage.source,
    duration_ms: durationMs,
    execution_time_ms: durationMs,
    tool_calls: answer.toolCalls.length,
    finish_reason: answer.finishReason,
  };
}

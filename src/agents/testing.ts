import { z } from 'zod';
import type { ExecutionContext } from '../core/context.js';
import { systemEffects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import { invoke } from '../core/invoke.js';
import type { JsonObject, ScriptValue } from '../core/values.js';
import { converse } from '../providers/complete.js';
import type { LanguageModel, ModelEvent, ModelRequest, ProviderSettings } from '../providers/model.js';
import { toolComponent } from '../tools/component.js';
import { defineTool, type ToolDefinition } from '../tools/define.js';
import type { AgentServices, AgentStore, AgentTools } from './contract.js';

/** One answer of a scripted model: a text, calls of tools, or whatever a function yields. */
export type ScriptedTurn =
  | string
  | { text?: string; calls?: { name: string; arguments?: JsonObject }[] }
  | ((request: ModelRequest, context: ExecutionContext) => AsyncIterable<ModelEvent>);

/** A model that says what the turns say, the last one again and again; `requests` keeps what it was asked. */
export function scriptedModel(turns: readonly ScriptedTurn[]): LanguageModel & { requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    provider: 'fake',
    model: 'scripted',
    requests,
    ask(request, context) {
      const turn = turns[Math.min(requests.length, turns.length - 1)]!;
      requests.push(structuredClone(request));
      return typeof turn === 'function' ? turn(request, context) : play(turn, requests.length);
    },
  };
}

async function* play(
  turn: Exclude<ScriptedTurn, (...args: never) => unknown>,
  round: number,
): AsyncIterable<ModelEvent> {
  const { text = '', calls = [] } = typeof turn === 'string' ? { text: turn } : turn;
  for (const word of text.match(/\S+\s*/g) ?? []) yield { type: 'text', text: word };
  for (const [index, call] of calls.entries())
    yield {
      type: 'tool-call',
      call: { id: `call_${round}_${index}`, name: call.name, arguments: call.arguments ?? {} },
    };
  const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.001, source: 'provider' as const };
  yield { type: 'finish', reason: calls.length > 0 ? 'tool-calls' : 'stop', usage };
}

/** Real tool calls through `invoke`, over the given definitions. */
export function toolsOf(...definitions: ToolDefinition[]): AgentTools {
  const find = (name: string) => definitions.find((tool) => tool.name === name.replaceAll('_', '-'));
  return {
    list: async () => definitions.map((tool) => tool.name),
    async get(name) {
      const tool = find(name);
      return (
        tool && {
          name: tool.name,
          description: tool.description,
          parameters: z.toJSONSchema(tool.input, { io: 'input' }) as JsonObject,
        }
      );
    },
    async call(name, args, context) {
      const tool = find(name);
      if (!tool) throw fail('tool.not_found', `Tool '${name}' not found`);
      return invoke(toolComponent(tool), args, context);
    },
  };
}

/** A tool that adds two numbers. */
export const adder = defineTool({
  name: 'add-numbers',
  category: 'utility',
  level: 'safe',
  description: 'Adds two numbers.',
  capabilities: [],
  input: z.object({ a: z.number().describe('First.'), b: z.number().describe('Second.') }),
  samples: [],
  run: async ({ a, b }) => ({ result: a + b, text: String(a + b) }),
}) as unknown as ToolDefinition;

/** Everything an iteration yields. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A store in memory. */
export function storeInMemory(): AgentStore & { values: Map<string, ScriptValue> } {
  const values = new Map<string, ScriptValue>();
  return {
    values,
    save: async (scope, key, value) => void values.set(`${scope}:${key}`, structuredClone(value)),
    load: async (scope, key) => values.get(`${scope}:${key}`),
    delete: async (scope, key) => values.delete(`${scope}:${key}`),
    redact: (value) => value,
  };
}

/** What agents need, around a model. */
export function servicesFor(model: LanguageModel, parts: Partial<AgentServices> = {}): AgentServices {
  return {
    resolveModel: async () => ({ model, settings }),
    converse,
    tools: toolsOf(),
    effects: systemEffects(),
    ...parts,
  };
}

const settings: ProviderSettings = {
  name: 'fake',
  type: 'fake',
  enabled: true,
  timeoutMs: 10_000,
  streaming: true,
  retry: { maxRetries: 0, initialDelayMs: 0, maxDelayMs: 0, multiplier: 1 },
  options: {},
};

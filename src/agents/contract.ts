import type { ExecutionContext } from '../core/context.js';
import type { Effects } from '../core/effects.js';
import type { Usage } from '../core/events.js';
import type { JsonObject, JsonValue, ScriptValue } from '../core/values.js';
import type {
  FinishReason,
  LanguageModel,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ProviderSettings,
  ToolCallRequest,
} from '../providers/model.js';
import type { ResolvedModel } from '../providers/registry.js';
import type { ToolResult } from '../tools/result.js';
import type { AgentInput } from './input.js';

/** A tool call that was made, as results list it. */
export interface ToolCallRecord {
  name: string;
  arguments: JsonObject;
  success: boolean;
  /** What the model was told. */
  text: string;
}

/** What happens while an agent works. */
export type AgentProgress =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'tool.started'; call: ToolCallRequest }
  | { type: 'tool.finished'; call: ToolCallRequest; success: boolean; text: string }
  /** The answer was not in the requested structure and is asked for again: text so far is void. */
  | { type: 'repair'; attempt: number; problems: string };

/** A stream of an agent's work: its progress, then exactly one `finish`. */
export type AgentEvent = AgentProgress | { type: 'finish'; output: AgentOutput };

/**
 * Sees an agent's progress while it happens.
 * Contract: must not throw and must not block.
 */
export type ProgressListener = (event: AgentProgress) => void;

/** What a runner gives back when the agent is done. */
export interface AgentAnswer {
  provider: string;
  model: string;
  text: string;
  /** The parsed answer when a schema was asked for, or what a composite gathered. */
  data?: ScriptValue | undefined;
  finishReason: FinishReason;
  usage: Usage;
  toolCalls: ToolCallRecord[];
  /** The turn to remember: the user's message, tool exchanges, the final answer. */
  messages: ModelMessage[];
}

/**
 * How a kind of agent answers. `history` holds the remembered messages that fit the window.
 * Contract: yields progress in order and returns the answer; stops within 100 ms of `context.signal`; keeps
 * nothing of a run in itself, so that several runs may overlap.
 */
export type AgentRunner = (
  input: AgentInput,
  history: readonly ModelMessage[],
  context: ExecutionContext,
) => AsyncGenerator<AgentProgress, AgentAnswer>;

/** What scripts get from an agent. Keys of a JSON answer may stand beside these. */
export interface AgentOutput {
  success: ScriptValue;
  text: string;
  content: string;
  response: string;
  output: ScriptValue;
  data?: ScriptValue;
  metadata: Record<string, JsonValue>;
  tool_calls: ScriptValue[];
  [key: string]: ScriptValue | undefined;
}

/** A tool as agents know it. */
export interface AgentTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: JsonObject;
}

/** The tools of a session. */
export interface AgentTools {
  /** The tool of that name or alias. Loads it; runs nothing. */
  get(name: string, context: ExecutionContext): Promise<AgentTool | undefined>;
  /** Every name, those of other servers too. */
  list(context: ExecutionContext): Promise<string[]>;
  /**
   * Runs a tool.
   * Contract: goes through `invoke`, so that permissions, hooks and budgets apply; throws `tool.not_found`.
   */
  call(name: string, args: JsonObject, context: ExecutionContext): Promise<ToolResult>;
}

/** Where agents keep their saved state; `State` is one. */
export interface AgentStore {
  save(scope: string, key: string, value: ScriptValue, context: ExecutionContext): Promise<void>;
  load(scope: string, key: string, context: ExecutionContext): Promise<ScriptValue | undefined>;
  delete(scope: string, key: string, context: ExecutionContext): Promise<boolean>;
  /** A copy in which secrets are replaced: what agents were told is kept for long. */
  redact(value: JsonValue): JsonValue | Promise<JsonValue>;
}

/** What an agent may override of its provider's configuration. */
export interface ModelOverrides {
  baseUrl?: string;
  apiKey?: string;
}

/** What agents need from the session that owns them. */
export interface AgentServices {
  /**
   * Finds the model of a specifier: `provider/model[@backend]`, a provider's name for its default model,
   * nothing for the configured default.
   * Contract: touches no network; throws `provider.*` errors.
   */
  resolveModel(spec: string | undefined, overrides: ModelOverrides): Promise<ResolvedModel>;
  /** Asks a model, with retries, budget and journal. Contract: as `LanguageModel.ask`. */
  converse(
    model: LanguageModel,
    request: ModelRequest,
    context: ExecutionContext,
    settings: ProviderSettings,
  ): AsyncIterable<ModelEvent>;
  tools: AgentTools;
  effects: Effects;
  /** Absent when the session keeps no state. */
  state?: AgentStore | undefined;
}

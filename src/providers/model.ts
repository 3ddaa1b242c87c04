import type { ExecutionContext } from '../core/context.js';
import type { Usage } from '../core/events.js';
import type { JsonObject } from '../core/values.js';

/** A call of a tool that a model asks for. `arguments` is strict JSON text of an object, complete and parsed once. */
export interface ToolCallRequest {
  id: string;
  name: string;
  arguments: JsonObject;
}

/** An image or other file handed to a model. */
export interface MediaPart {
  /** e.g. `image/png`. */
  mediaType: string;
  /** Base64. */
  data: string;
}

/** One message of a conversation. */
export type ModelMessage =
  | { role: 'system'; text: string }
  | { role: 'user'; text: string; media?: MediaPart[] }
  | { role: 'assistant'; text: string; toolCalls?: ToolCallRequest[] }
  | { role: 'tool'; callId: string; name: string; text: string; isError?: boolean };

/** A tool as a model sees it. */
export interface ModelTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments, an object schema. */
  parameters: JsonObject;
}

/** What is asked of a model: one object for every provider, streamed or not. */
export interface ModelRequest {
  messages: ModelMessage[];
  tools?: ModelTool[];
  /** 0–2. */
  temperature?: number | undefined;
  /** Most tokens to generate. */
  maxTokens?: number | undefined;
  topP?: number | undefined;
  seed?: number | undefined;
  stop?: string[] | undefined;
  /** JSON Schema that the answer's text has to satisfy. */
  responseSchema?: JsonObject | undefined;
}

/** Why a model stopped. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' | 'other';

/** What a model says while it answers. `tool-call` comes only after the arguments are complete and parsed. */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'tool-call'; call: ToolCallRequest }
  | { type: 'finish'; reason: FinishReason; usage: Usage };

/** A model that answers. */
export interface LanguageModel {
  /** The name of the configured provider, e.g. `openai`. */
  readonly provider: string;
  /** The model's own id, e.g. `gpt-4o-mini`. */
  readonly model: string;
  /**
   * Asks once, without retries. Callers go through `converse`, which repeats, counts and journals.
   * Contract: ends with exactly one `finish`, or throws a `provider.*` error; stops and closes its connection
   * when `context.signal` aborts or the caller stops reading; gives up with `provider.timeout` after
   * `timeoutMs` without a sign of life; yields tool calls only at the end, in the order the model gave them.
   * Usage that was not counted is `unknown`, for `converse` to estimate. An error that may pass when the same
   * request is sent again has `details.retryable: true`, and `details.retryAfterMs` when the provider said so.
   */
  ask(request: ModelRequest, context: ExecutionContext): AsyncIterable<ModelEvent>;
}

/** A complete answer: the collected stream. */
export interface ModelAnswer {
  provider: string;
  model: string;
  text: string;
  reasoning: string;
  toolCalls: ToolCallRequest[];
  finishReason: FinishReason;
  usage: Usage;
}

/** What is configured for a provider: one `[providers.NAME]` table, keys resolved. */
export interface ProviderSettings {
  /** The table's name, by which scripts call it. */
  name: string;
  /** Which implementation, e.g. `openai`, `anthropic`, `ollama`, `mock`. */
  type: string;
  enabled: boolean;
  baseUrl?: string | undefined;
  apiKey?: string | undefined;
  defaultModel?: string | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  /** Milliseconds without any answer before a request is given up. */
  timeoutMs: number;
  /** False sends plain requests instead of streamed ones, for gateways that cannot stream. */
  streaming: boolean;
  retry: RetrySettings;
  /** Every other key of the table. */
  options: JsonObject;
}

/** How failed requests are repeated: 429, 408, 5xx and broken connections, nothing else. */
export interface RetrySettings {
  /** Further attempts after the first. */
  maxRetries: number;
  initialDelayMs: number;
  maxDelayMs: number;
  multiplier: number;
}

/** What a provider's models can do, for `Provider.list`. */
export interface ModelCapabilities {
  streaming: boolean;
  multimodal: boolean;
  tools: boolean;
  maxContextTokens?: number | undefined;
}

/** How one kind of provider is reached. One file per kind, found through the generated index. */
export interface ProviderDefinition {
  /** The `provider_type`. */
  readonly type: string;
  /** What stands behind it, the first part of the names in `Provider.list`: `ai-sdk`, `ollama`, `builtin`. */
  readonly implementation: string;
  readonly description: string;
  /** Where it is reached when nothing else is configured; absent for providers without a usual place. */
  readonly baseUrl?: string | undefined;
  /** Environment variable that may hold another place. */
  readonly baseUrlVariable?: string | undefined;
  /** Environment variables that may hold the key, in order; empty when none is needed. */
  readonly keyVariables: readonly string[];
  /** Whether a request cannot succeed without a key. */
  readonly needsKey: boolean;
  /** Whether it works without any network. */
  readonly offline: boolean;
  readonly defaultModel?: string | undefined;
  capabilities(model: string): ModelCapabilities;
  /** The model ids that can be named without asking the provider; empty when only the provider knows. */
  readonly models?: readonly string[] | undefined;
  /** Makes a model. Loads the SDK; does not touch the network. */
  model(settings: ProviderSettings, model: string): Promise<LanguageModel>;
  /** Asks the provider whether it answers; throws a `provider.*` error if not. */
  check?(settings: ProviderSettings, signal: AbortSignal): Promise<{ models: string[] }>;
}

/** Declares a provider; exists for its type. */
export function defineProvider(definition: ProviderDefinition): ProviderDefinition {
  return definition;
}

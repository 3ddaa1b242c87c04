import { fail } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';
import { type PlanFields, parsePlanFields } from './plan-fields.js';

/** The kinds of agents: one that asks a model, one that echoes without a model, one that delegates. */
export type AgentType = 'llm' | 'basic' | 'composite';

/** How a composite agent uses its delegates. */
export interface Routing {
  strategy: 'sequential' | 'parallel' | 'vote';
  /** The share of votes (0–1) that the winner needs; more votes than any other when absent. */
  threshold?: number | undefined;
  /** The agent that answers when the delegates fail or do not agree. */
  fallbackAgent?: string | undefined;
}

/** Everything an agent is, as frozen plain data. It holds the API key; {@link describePlan} is for showing. */
export interface AgentPlan {
  readonly name: string;
  readonly description: string;
  readonly type: AgentType;
  /** `provider/model[@backend]`, or a provider alone for its default; the configured default when absent. */
  readonly model?: string | undefined;
  readonly systemPrompt: string;
  /** 0–2. */
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Names of tools the model may call; `*` allows all. */
  readonly allowedTools: readonly string[];
  /** Most messages of earlier turns and the new one that a model is sent; 0 keeps no memory between calls. */
  readonly maxConversationLength: number;
  readonly maxExecutionSeconds: number;
  /** Most the remembered conversation may occupy. */
  readonly maxMemoryMb: number;
  /** Tool calls per execution. */
  readonly maxToolCalls: number;
  /** How many agents may stand inside each other, this one included. */
  readonly maxRecursionDepth: number;
  /** JSON Schema of the answer. */
  readonly responseSchema?: JsonObject | undefined;
  /** Present on composite agents. */
  readonly composite?: { readonly delegates: readonly string[]; readonly routing: Routing } | undefined;
}

/** How a raw definition is read. */
export interface PlanOptions {
  /** Makes a name for an agent that was given none. */
  fallbackName: () => string;
  /** Accept any `type`, as the builder does: what is not `basic` or `tool-orchestrator` is an LLM agent. */
  anyType?: boolean;
}

/**
 * The plan that a raw definition describes: flat keys, or `{model = {provider, model_id, …}}`, with
 * `custom_config` and `resource_limits`.
 * @throws `agent.invalid` when something is missing or wrong.
 */
export function agentPlan(raw: unknown, options: PlanOptions): AgentPlan {
  const fields = parsePlanFields(raw, options.fallbackName);
  const type = agentType(fields, options.anyType ?? false);
  const orchestrates = fields.type === 'tool-orchestrator' && fields.allowed_tools.length === 0;
  return deepFreeze({
    name: fields.name,
    description: fields.description,
    type,
    model: type === 'llm' ? modelSpec(fields) : undefined,
    systemPrompt: fields.system_prompt ?? `You are ${fields.name}, an AI assistant. ${fields.description}`,
    temperature: fields.temperature,
    maxTokens: fields.max_tokens,
    topP: fields.top_p,
    seed: fields.seed,
    stop: fields.stop,
    baseUrl: fields.base_url,
    apiKey: fields.api_key,
    allowedTools: orchestrates ? ['*'] : fields.allowed_tools,
    maxConversationLength: fields.memory_enabled ? fields.max_conversation_length : 0,
    maxExecutionSeconds: fields.max_execution_time_secs,
    maxMemoryMb: fields.max_memory_mb,
    maxToolCalls: fields.max_tool_calls,
    maxRecursionDepth: fields.max_recursion_depth,
    responseSchema: fields.response_schema,
  });
}

/** The plan as scripts see it: snake_case, without what is unset, the API key replaced. */
export function describePlan(plan: AgentPlan): JsonObject {
  const shown: Record<string, unknown> = {
    name: plan.name,
    description: plan.description,
    type: plan.type,
    model: plan.model,
    system_prompt: plan.systemPrompt,
    temperature: plan.temperature,
    max_tokens: plan.maxTokens,
    top_p: plan.topP,
    seed: plan.seed,
    stop: plan.stop,
    base_url: plan.baseUrl,
    api_key: plan.apiKey === undefined ? undefined : '<REDACTED>',
    allowed_tools: plan.allowedTools,
    max_conversation_length: plan.maxConversationLength,
    response_schema: plan.responseSchema,
    resource_limits: {
      max_execution_time_secs: plan.maxExecutionSeconds,
      max_memory_mb: plan.maxMemoryMb,
      max_tool_calls: plan.maxToolCalls,
      max_recursion_depth: plan.maxRecursionDepth,
    },
    delegates: plan.composite?.delegates,
    routing: plan.composite?.routing.strategy,
  };
  return JSON.parse(JSON.stringify(shown)) as JsonObject;
}

/** Freezes data and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

function agentType(fields: PlanFields, anyType: boolean): AgentType {
  if (fields.type === 'basic') return anyType && fields.model ? 'llm' : 'basic';
  if (anyType || fields.type === 'llm' || fields.type === 'tool-orchestrator') return 'llm';
  throw fail('agent.invalid', `Invalid agent configuration: Unknown agent type: ${fields.type}`, {
    hint: 'Known types are llm, basic and tool-orchestrator; Agent.create_composite makes composite agents.',
  });
}

/** An absent model means the configured default; one that is given and empty is a mistake. */
function modelSpec({ model, provider }: PlanFields): string | undefined {
  if (model === '') throw fail('agent.invalid', 'Model is required', { hint: modelHint });
  if (provider === '') throw fail('agent.invalid', 'Provider is required', { hint: modelHint });
  if (provider === undefined || model?.startsWith(`${provider}/`)) return model;
  return model === undefined ? provider : `${provider}/${model}`;
}

const modelHint =
  'Name it as provider/model, e.g. openai/gpt-4o-mini, or leave it out for the configured default.';

import { z } from 'zod';
import { fail } from '../core/errors.js';
import { closest } from '../core/schema.js';
import { isRecord, type JsonObject, type ScriptValue, setOwn, toJson } from '../core/values.js';
import { snakeCase } from './keys.js';

/** Limits that hold when a definition does not say otherwise; seconds, messages, megabytes and calls. */
export const PLAN_DEFAULTS = {
  max_conversation_length: 100,
  max_execution_time_secs: 300,
  max_memory_mb: 512,
  max_tool_calls: 100,
  max_recursion_depth: 10,
} as const;

const positive = z.number().positive();
const count = z.number().int().nonnegative();
/** A list of strings; one string stands for a list of one, and Lua's `{}` for an empty list. */
const strings = z.preprocess(asList, z.array(z.string().trim().min(1)));

/** The canonical keys of an agent definition after aliases and nested tables are resolved. */
export const planFields = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters'),
  description: z.string().default('LLM-powered agent'),
  type: z.string().default('llm'),
  model: z.string().trim().optional(),
  provider: z.string().trim().optional(),
  system_prompt: z.string().optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().positive().optional(),
  top_p: z.number().min(0).max(1).optional(),
  seed: z.number().int().optional(),
  stop: strings.optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  api_key: z.string().min(1).optional(),
  allowed_tools: strings.default([]),
  memory_enabled: z.boolean().default(true),
  max_conversation_length: count.default(PLAN_DEFAULTS.max_conversation_length),
  max_execution_time_secs: positive.max(86_400).default(PLAN_DEFAULTS.max_execution_time_secs),
  max_memory_mb: positive.default(PLAN_DEFAULTS.max_memory_mb),
  max_tool_calls: count.default(PLAN_DEFAULTS.max_tool_calls),
  max_recursion_depth: z.number().int().positive().max(255).default(PLAN_DEFAULTS.max_recursion_depth),
  response_schema: z.record(z.string(), z.json()).optional(),
});

/** A definition whose keys are canonical and whose values were checked. */
export type PlanFields = z.output<typeof planFields>;

/** Other spellings of the keys, as scripts write them. */
const ALIASES: Readonly<Record<string, string>> = {
  agent_type: 'type',
  instructions: 'system_prompt',
  max_execution_time: 'max_execution_time_secs',
  output_schema: 'response_schema',
  tools: 'allowed_tools',
  model_id: 'model',
};

/** Keys that scripts give and that say nothing an agent could act on. */
const SILENT_KEYS = ['capabilities', 'context_window', 'config', 'metadata', 'tags', 'version'];

/**
 * Checks a raw definition (the builder's, or a table given to `Agent.create` or `Agent.register`).
 * @param fallbackName the name of an agent that was given none.
 * @throws `agent.invalid` naming every field that is wrong; unknown keys are let through unless they look like
 * a misspelt known one.
 */
export function parsePlanFields(raw: unknown, fallbackName: () => string): PlanFields {
  const record = flatten(raw);
  if (record.name === undefined) record.name = fallbackName();
  refuseMisspelt(record);
  const checked = planFields.safeParse(record);
  if (!checked.success) throw invalid(checked.error);
  return checked.data;
}

/** Turns a lone string into a list and Lua's empty table, which looks like an object, into an empty list. */
export function asList(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  return isRecord(value) && Object.keys(value).length === 0 ? [] : value;
}

/**
 * One flat record. What stands at the top wins over the `model` table, that over `resource_limits`, and that
 * over `custom_config`. Built by spreading, which keeps a key named `__proto__` data.
 */
function flatten(raw: unknown): JsonObject {
  if (!isRecord(raw)) throw fail('agent.invalid', 'Invalid agent configuration: expected a table');
  const { custom_config, resource_limits, ...own } = canonical(raw);
  const nested = { ...tableOf(custom_config), ...tableOf(resource_limits) };
  if (!isRecord(own.model)) return { ...nested, ...own };
  const { model, ...rest } = own;
  return { ...nested, ...modelTable(model as JsonObject), ...rest };
}

function tableOf(value: unknown): JsonObject {
  return isRecord(value) ? canonical(value) : {};
}

/** JSON values under canonical keys, without keys that hold nothing. A key spelled right wins over its alias. */
function canonical(record: Record<string, unknown>): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(record)) {
    const real = canonicalKey(key);
    if (value === undefined || value === null) continue;
    if (real === key || !Object.hasOwn(record, real)) setOwn(out, real, toJson(value as ScriptValue));
  }
  return out;
}

function canonicalKey(key: string): string {
  const snake = snakeCase(key);
  return Object.hasOwn(ALIASES, snake) ? ALIASES[snake]! : snake;
}

/** `{provider, model_id, temperature, settings = {…}}` as flat keys; the settings yield to the rest. */
function modelTable(raw: JsonObject): JsonObject {
  const { settings, name, ...table } = canonical(raw);
  const model = table.model ?? name;
  const joined = model && table.provider ? `${table.provider}/${model}` : model;
  return {
    ...tableOf(settings),
    ...table,
    ...(joined !== undefined && { model: joined }),
  };
}

/** Each key that is not known is compared with all that are. */
const MAX_CHECKED_KEYS = 1000;

function refuseMisspelt(record: JsonObject): void {
  const known = [...Object.keys(planFields.shape), ...Object.keys(ALIASES), ...SILENT_KEYS];
  for (const key of Object.keys(record).slice(0, MAX_CHECKED_KEYS)) {
    if (known.includes(key) || key.length < 6) continue;
    const near = closest(key, known);
    if (near)
      throw fail(
        'agent.invalid',
        `Invalid agent configuration: unknown key '${key}', did you mean '${near}'?`,
      );
  }
}

function invalid(error: z.ZodError): Error {
  const problems = error.issues.slice(0, 5).map((issue) => `'${issue.path.join('.')}': ${issue.message}`);
  return fail('agent.invalid', `Invalid agent configuration: ${problems.join('; ')}`, {
    details: { issues: error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
  });
}

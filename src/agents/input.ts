import { z } from 'zod';
import { isRecord, type JsonObject, type ScriptValue, setOwn, toJson } from '../core/values.js';
import type { ModelMessage } from '../providers/model.js';
import { snakeCase } from './keys.js';
import { asMediaList } from './media.js';

/** Keys whose texts together are what the agent is asked, in this order. */
const TEXT_KEYS = ['instruction', 'prompt', 'text', 'input'] as const;

const fields = z.object({
  text: z.string().describe('What the agent is asked.'),
  parameters: z.record(z.string(), z.json()).optional().describe('Values that go with the text.'),
  context: z.record(z.string(), z.json()).optional().describe('Background the agent should know.'),
  media: z
    .array(z.object({ mediaType: z.string(), data: z.string() }))
    .optional()
    .describe('Images that go with the text.'),
  temperature: z.number().min(0).max(2).optional().describe('Randomness of this answer, 0–2.'),
  max_tokens: z.number().int().positive().optional().describe('Most tokens of this answer.'),
  response_schema: z.record(z.string(), z.json()).optional().describe('JSON Schema of the answer.'),
  output_modalities: z
    .array(z.string())
    .refine((kinds) => kinds.length === 0 || kinds.includes('text'), 'agents answer with text only')
    .optional()
    .describe('Kinds of output that are wanted; must include text.'),
});

/** One question to an agent, in the one form that runners see: JSON, with the keys that scripts use. */
export type AgentInput = z.output<typeof fields>;

/**
 * Checks what an agent is given: a string, or a table of `text` (or `prompt`, `input`, `instruction`),
 * `parameters`, `context`, `media` (or `image`), `temperature`, `max_tokens` and `response_schema`. A table
 * without any text is itself the question and reaches the model as JSON.
 */
export const agentInput: z.ZodType<AgentInput> = z.preprocess(normalize, fields);

/** The user's message that carries an input. */
export function userMessage(input: AgentInput): ModelMessage {
  const parts = [input.text];
  if (hasKeys(input.parameters)) parts.push(`Parameters:\n${pretty(input.parameters)}`);
  if (hasKeys(input.context)) parts.push(`Context:\n${pretty(input.context)}`);
  const text = parts.filter((part) => part !== '').join('\n\n');
  return input.media?.length ? { role: 'user', text, media: input.media } : { role: 'user', text };
}

function normalize(raw: unknown): unknown {
  if (typeof raw === 'string') return { text: raw };
  if (!isRecord(raw)) return raw;
  const media = asMediaList(raw.media ?? raw.images ?? raw.image);
  const source = withoutNothing(raw);
  const { parameters = source.variables, response_schema = source.output_schema, ...rest } = source;
  return {
    ...rest,
    text: textOf(source),
    ...(parameters !== undefined && { parameters }),
    ...(response_schema !== undefined && { response_schema }),
    output_modalities: hasKeys(source.output_modalities) ? source.output_modalities : [],
    media,
  };
}

/** JSON values, without media and keys that hold nothing. */
function withoutNothing(raw: Record<string, unknown>): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined || value === null || MEDIA_KEYS.includes(key)) continue;
    setOwn(out, optionKey(key), toJson(value as ScriptValue));
  }
  return out;
}

const MEDIA_KEYS = ['media', 'images', 'image'];
const OTHER_KEYS = [...Object.keys(fields.shape), 'variables', 'output_schema'];

/** Options may be written `maxTokens`; the keys of a free table are the script's own. */
function optionKey(key: string): string {
  const snake = snakeCase(key);
  return OTHER_KEYS.includes(snake) ? snake : key;
}

function textOf(source: JsonObject): string {
  const given = TEXT_KEYS.filter((key) => Object.hasOwn(source, key)).map((key) => asText(source[key]));
  if (given.length > 0) return [...new Set(given)].filter((text) => text !== '').join('\n\n');
  const free = Object.entries(source).filter(([key]) => !OTHER_KEYS.includes(key));
  return free.length > 0 ? pretty(Object.fromEntries(free)) : '';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : pretty(value);
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function hasKeys(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

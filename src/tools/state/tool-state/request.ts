import { z } from 'zod';
import type { JsonValue } from '../../../core/values.js';
import { operationParameter } from '../../operation.js';
import { OWN_MARK } from './records.js';

/** What the tool does. */
export const TOOL_STATE_OPERATIONS = [
  'get',
  'set',
  'delete',
  'list',
  'clear',
  'stats',
  'record_execution',
  'cache',
  'purge',
] as const;

const data = z.custom<JsonValue>((value) => value !== undefined);

/** The parameters of the tool. */
export const toolStateInput = z.object({
  operation: operationParameter(TOOL_STATE_OPERATIONS).describe(
    'get, set, delete, list: values; cache: a kept result or, when there is none, keep value; stats, record_execution: counts; purge: forget expired results; clear',
  ),
  tool_id: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'Write an id of letters, digits, dots, dashes and underscores')
    .optional()
    .describe('Whose state: the name of a tool or agent; list gives all ids when it is absent'),
  key: z
    .string()
    .min(1)
    .max(256)
    .refine((key) => !key.startsWith(OWN_MARK), `Keys that begin with ${OWN_MARK} are reserved`)
    .optional()
    .describe('get, set, delete: the name of the value; get gives the whole record when it is absent'),
  value: data.optional().describe('set: the value; cache: the result to keep when there is none'),
  values: z.record(z.string(), data).optional().describe('set: several values by key'),
  default: data.optional().describe('get: what is given when there is no such value'),
  prefix: z.string().max(256).default('').describe('list: only keys that begin with this'),
  limit: z.int().min(1).max(10_000).default(1000).describe('list, get: most values that are given'),
  cache_key: z.string().min(1).max(10_000).optional().describe('cache, delete: the name of the result'),
  input: data.optional().describe('cache, delete: the input whose result it is, instead of cache_key'),
  ttl_seconds: z.int().min(1).max(31_536_000).default(3600).describe('cache: how long the result is kept'),
  refresh: z.boolean().default(false).describe('cache: keep value even when there is a result already'),
  contains_sensitive_data: z
    .boolean()
    .default(false)
    .describe('cache: leave the result out where the whole record is shown'),
  success: z.boolean().default(true).describe('record_execution: whether it went well'),
  duration_ms: z.number().min(0).max(1e12).optional().describe('record_execution, cache: how long it took'),
  resource_usage: z
    .record(z.string().max(100), z.number())
    .optional()
    .describe('record_execution: what it used, by name; added up'),
  part: z.enum(['all', 'custom', 'cache', 'stats']).default('all').describe('clear: what is forgotten'),
});

/** A call of the tool. */
export type ToolStateRequest = z.output<typeof toolStateInput>;

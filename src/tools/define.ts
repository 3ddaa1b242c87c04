import type { z } from 'zod';
import type { ExecutionContext } from '../core/context.js';
import type { Capability } from '../core/events.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { ToolHost } from './host.js';

/** The nine shelves of the tool library. */
export const TOOL_CATEGORIES = [
  'filesystem',
  'data',
  'web',
  'media',
  'system',
  'communication',
  'document',
  'utility',
  'state',
] as const;
/** A category; tools registered by spells may name their own. */
export type ToolCategory = (typeof TOOL_CATEGORIES)[number] | (string & {});

/** How much harm a tool could do: pure computation, allow-listed access, anything that is granted. */
export type SecurityLevel = 'safe' | 'restricted' | 'privileged';

/**
 * What a call takes: hardly anything, a process of its own on this machine, or the time (and perhaps the money) of
 * others.
 */
export const TOOL_COSTS = ['light', 'process', 'network'] as const;
/** One of them. */
export type ToolCost = (typeof TOOL_COSTS)[number];

/** What a tool's `run` gives back; {@link toolResult} turns it into the one result shape. */
export interface ToolOutcome {
  /** The operation that was done; the input's `operation` when absent. */
  operation?: string;
  /** The structured result. */
  result?: JsonValue;
  /** What a person would read; defaults to the message, or to the result as JSON. */
  text?: string;
  /** One sentence about what was done. */
  message?: string;
  /** Present when the tool worked but what was asked did not succeed: `success` is false, nothing is raised. */
  failure?: { message: string; code?: string; details?: JsonObject };
  metadata?: JsonObject;
}

/** A call with what it gives: run by `tool test`, by the test-suite and shown in the documentation. */
export interface ToolSample {
  title: string;
  /** `{{dir}}` in strings stands for a fresh temporary folder that the sample may read and write. */
  input: JsonObject;
  /** Files to create in that folder first: name → text. */
  files?: Record<string, string>;
  /** What the result must contain, compared deeply; keys that are absent here are not compared. */
  expect?: JsonObject;
  /** The error code the call must raise instead. */
  error?: string;
}

/** A tool, described once: script call, model function schema, `tool info`, MCP tool and documentation come from it. */
export interface ToolDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Kebab-case. */
  readonly name: string;
  /** Other names; `_` for `-` need not be listed. */
  readonly aliases?: readonly string[];
  readonly category: ToolCategory;
  readonly level: SecurityLevel;
  /** One sentence, for people and for models. */
  readonly description: string;
  /** The capabilities its operations may ask for. */
  readonly capabilities: readonly Capability[];
  /** What a call takes at most; as its capabilities say when absent ({@link toolCost}). */
  readonly cost?: ToolCost;
  /** Object schema; every field has a description. */
  readonly input: Schema;
  /** Older spellings of parameters: `{ content: 'input' }`. Applied before the schema, when the real name is absent. */
  readonly parameterAliases?: Readonly<Record<string, string>>;
  /** Older spellings of `operation`: `{ list: 'list_dir' }`. */
  readonly operationAliases?: Readonly<Record<string, string>>;
  /** Milliseconds; 30 000 when absent. */
  readonly timeoutMs?: number;
  readonly samples: readonly ToolSample[];
  /**
   * Does the work.
   * Contract: touches files, hosts, programs and variables only through `security/`; stops within 100 ms of
   * `context.signal`; leaves nothing running; throws `LlmspellError`s for what was asked wrongly.
   */
  run(input: z.output<Schema>, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome>;
}

/** Declares a tool; exists for its type. */
export function defineTool<Schema extends z.ZodType>(
  definition: ToolDefinition<Schema>,
): ToolDefinition<Schema> {
  return definition;
}

import type { z } from 'zod';
import type { Component } from '../core/component.js';
import { isRecord, setOwn } from '../core/values.js';
import type { ToolDefinition } from './define.js';
import { bareHost, type ToolHost } from './host.js';
import { checkResultSize } from './limits.js';
import { adoptedResult, type ToolResult, toolResult } from './result.js';

/** Milliseconds a tool call may take unless its definition says otherwise. */
export const DEFAULT_TOOL_TIMEOUT_MS = 30_000;

/** The tool as something `invoke` can run. */
export function toolComponent(
  definition: ToolDefinition,
  host: ToolHost = bareHost(),
): Component<unknown, ToolResult> {
  return {
    kind: 'tool',
    name: definition.name,
    description: definition.description,
    input: definition.input as z.ZodType<unknown>,
    timeoutMs: Math.min(
      definition.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS,
      host.maxCallMs ?? Number.POSITIVE_INFINITY,
    ),
    run: async (input, context) => {
      const result = toolResult(definition.name, input, await definition.run(input as never, context, host));
      checkResultSize(definition.name, result);
      return result;
    },
    adopt: (value, input) => adoptedResult(definition.name, input, value),
  };
}

/**
 * The input with older spellings replaced by the declared ones, and a lone `parameters` table unwrapped.
 * Keys that are spelled right win over their aliases.
 */
export function normalizeToolInput(definition: ToolDefinition, raw: unknown): unknown {
  if (!isRecord(raw)) return raw;
  const source = unwrap(raw);
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    const real = definition.parameterAliases?.[key] ?? key;
    if (real !== key && Object.hasOwn(source, real)) continue;
    setOwn(out, real, source[key]);
  }
  const operation = typeof out.operation === 'string' ? out.operation.toLowerCase() : undefined;
  if (operation !== undefined) out.operation = definition.operationAliases?.[operation] ?? operation;
  return out;
}

function unwrap(raw: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(raw);
  return keys.length === 1 && keys[0] === 'parameters' && isRecord(raw.parameters) ? raw.parameters : raw;
}

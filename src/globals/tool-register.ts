import { z } from 'zod';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, type ScriptValue, toJson } from '../core/values.js';
import { runInterruptible } from '../tools/data/json/interruptible.js';
import { defineTool, type ToolDefinition, type ToolOutcome } from '../tools/define.js';
import type { ScriptFunction } from './define.js';
import { callback } from './types.js';

/** Milliseconds that checking one input may block. */
const CHECK_TIMEOUT_MS = 500;

/** What `Tool.register` takes. */
export const spellTool = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/i, 'a name begins with a letter and holds letters, digits, - and _'),
  description: z.string().min(1),
  parameters: z
    .unknown()
    .optional()
    .describe('A JSON Schema of an object, or a list of {name, type, description, required}.'),
  execute: callback('(params: any) => any').describe(
    'Receives the parameters, returns a table or text; raising is a failure.',
  ),
});

/** The tool definition for a tool written in a spell. */
export function registeredTool(spell: z.output<typeof spellTool>): ToolDefinition {
  return defineTool({
    name: spell.name,
    category: 'spell',
    level: 'safe',
    description: spell.description,
    capabilities: [],
    input: inputSchema(spell.parameters),
    samples: [],
    run: (input, context) => callSpell(spell.execute as ScriptFunction, input, context),
  });
}

async function callSpell(
  execute: ScriptFunction,
  input: unknown,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  const answer = await execute.within(context, [input]);
  if (!isRecord(answer))
    return {
      result: toJson(answer),
      text: typeof answer === 'string' ? answer : JSON.stringify(toJson(answer)),
    };
  const json = toJson(answer as ScriptValue) as JsonObject;
  if (json.success === false)
    return { failure: { message: String(json.error ?? json.message ?? 'The tool failed') }, result: json };
  return { result: json.result ?? json, ...(typeof json.text === 'string' && { text: json.text }) };
}

function inputSchema(parameters: unknown): z.ZodType {
  if (parameters === undefined) return z.record(z.string(), z.unknown());
  const schema = Array.isArray(parameters) ? fromList(parameters) : parameters;
  try {
    return interruptible(z.fromJSONSchema(schema as never));
  } catch (thrown) {
    throw fail('input.invalid', `The parameters are not a JSON Schema: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}

/** A spell's `pattern` may backtrack for ever: checking an input is ended after a while. */
function interruptible(schema: z.ZodType): z.ZodType {
  const { safeParse } = schema;
  schema.safeParse = (input, params) => runInterruptible(() => safeParse(input, params), CHECK_TIMEOUT_MS);
  return schema;
}

function fromList(parameters: unknown[]): JsonObject {
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const parameter of parameters) {
    if (!isRecord(parameter) || typeof parameter.name !== 'string') {
      throw fail('input.invalid', 'Each parameter is a table with a name');
    }
    properties[parameter.name] = {
      type: String(parameter.type ?? 'string'),
      description: String(parameter.description ?? ''),
    };
    if (parameter.required === true) required.push(parameter.name);
  }
  return { type: 'object', properties, required };
}

import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { isRecord, setOwn } from '../core/values.js';
import type { ToolDefinition } from '../tools/define.js';
import { toolJsonSchema, toolParameters } from '../tools/describe.js';
import { type Invocation, option } from './command.js';
import { standardInput } from './standard-input.js';

/**
 * The input that `--params JSON` (or `-` for standard input) and `--param NAME=VALUE` give together; single parameters
 * win.
 * @throws `usage.invalid`
 */
export async function toolParams(
  invocation: Invocation,
  definition: ToolDefinition,
): Promise<Record<string, unknown>> {
  const params = await wholeParams(option(invocation, 'params'));
  for (const text of invocation.options.param ?? []) {
    const equals = text.indexOf('=');
    if (equals <= 0)
      throw fail('usage.invalid', `--param needs NAME=VALUE, not '${text}'`, {
        hint: 'E.g. --param input=1+1',
      });
    const name = text.slice(0, equals);
    setOwn<unknown>(params, name, typed(text.slice(equals + 1), parameterType(definition, name)));
  }
  return params;
}

async function wholeParams(given: string | undefined): Promise<Record<string, unknown>> {
  if (given === undefined) return {};
  const text = given === '-' ? ((await standardInput()(true)) ?? '') : given;
  const value = parse(text);
  if (isRecord(value)) return value;
  throw fail('usage.invalid', '--params needs a JSON object', { hint: `E.g. --params '{"input": "1 + 1"}'` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw fail('usage.invalid', `Invalid JSON: ${(thrown as Error).message}`, {
      hint: `--params takes an object such as '{"input": "1 + 1"}', or - to read one from standard input.`,
    });
  }
}

/** @throws `usage.invalid` for a name that the tool would ignore. */
function parameterType(definition: ToolDefinition, name: string): string | undefined {
  const aliases = definition.parameterAliases ?? {};
  const parameters = toolParameters(definition);
  const real = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const found = parameters.find((parameter) => parameter.name === real);
  if (found || toolJsonSchema(definition).additionalProperties) return found?.type;
  const names = parameters.map((parameter) => parameter.name);
  const near = closest(name, names);
  throw fail('usage.invalid', `${definition.name} has no parameter '${name}'`, {
    hint: near ? `Did you mean '${near}'?` : `Its parameters: ${names.join(', ')}`,
  });
}

/** Text where the tool wants text; elsewhere what it says as JSON, if it is JSON. */
function typed(text: string, type: string | undefined): unknown {
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

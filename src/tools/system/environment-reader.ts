import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { REDACTED, redactSecrets } from '../../core/redact.js';
import type { JsonObject } from '../../core/values.js';
import { grantedEnvironment, readEnvironment } from '../../security/environment.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { variableName } from '../parameters.js';
import { namePattern } from './environment/name-pattern.js';
import { looksSecret } from './environment/secret-names.js';
import { permitted } from './not-permitted.js';

const inputSchema = z.object({
  operation: operationParameter(['get', 'list', 'pattern', 'exists', 'set']).describe(
    'get: one variable; exists: whether it is set; list: all that are granted; pattern: those with certain names; set is refused',
  ),
  variable_name: variableName('A variable.').optional().describe('get, exists: the name of the variable.'),
  default: z.string().optional().describe('get: what to give when the variable is not set.'),
  pattern: z.string().optional().describe('pattern, list: names to give, with * for any text, e.g. LC_*.'),
  limit: z.number().int().min(1).max(1000).default(100).describe('list, pattern: the most variables.'),
  value: z.string().optional().describe('set: not used, variables cannot be set.'),
});
type Input = z.output<typeof inputSchema>;

/** Reads variables of the process that are granted. Secrets show only when they are granted by their very name. */
export default defineTool({
  name: 'environment-reader',
  aliases: ['env-reader', 'environment'],
  category: 'system',
  level: 'restricted',
  description: 'Reads granted environment variables: one, all, or those whose names match a pattern.',
  capabilities: ['env'],
  input: inputSchema,
  parameterAliases: {
    key: 'variable_name',
    name: 'variable_name',
    variable: 'variable_name',
    filter: 'pattern',
  },
  operationAliases: { read: 'get', all: 'list', search: 'pattern', match: 'pattern', has: 'exists' },
  samples: [
    {
      title: 'A variable has to be granted',
      input: { operation: 'get', variable_name: 'HOME' },
      error: 'permission.env',
    },
    {
      title: 'Without a grant there is none',
      input: { operation: 'list' },
      expect: { success: true, result: { variables: {}, count: 0, truncated: false } },
    },
    {
      title: 'A pattern finds what is granted, and nothing else',
      input: { operation: 'pattern', pattern: '*' },
      expect: { success: true, result: { pattern: '*', variables: {}, count: 0 } },
    },
    {
      title: 'Variables cannot be set',
      input: { operation: 'set', variable_name: 'PATH', value: '/tmp' },
      error: 'permission.env',
    },
    { title: 'get needs a name', input: { operation: 'get' }, error: 'input.invalid' },
  ],
  run: (input, context, host) => {
    if (input.operation === 'get') return getVariable(input, context, host);
    if (input.operation === 'exists') return hasVariable(input, context, host);
    if (input.operation === 'set') throw settingRefused(input);
    return listVariables(input, context, host);
  },
});

async function getVariable(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const name = neededName(input);
  const value = await read(name, context, host);
  if (value === undefined) {
    const result = { variable_name: name, value: input.default ?? null, found: false };
    return { result, message: `${name} is not set` };
  }
  const masked = looksSecret(name) && !isGrantedByName(name, context);
  if (looksSecret(name)) context.secrets.add(value);
  const shown = masked ? REDACTED : isGrantedByName(name, context) ? value : redactSecrets(value);
  return {
    result: { variable_name: name, value: shown, found: true, masked },
    text: shown,
    message: masked
      ? `${name} is set; its value shows when it is granted by its name: --allow-env=${name}`
      : `${name} is set`,
  };
}

async function hasVariable(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const name = neededName(input);
  const exists = (await read(name, context, host)) !== undefined;
  return { result: { variable_name: name, exists }, message: `${name} is ${exists ? '' : 'not '}set` };
}

function read(name: string, context: ExecutionContext, { environment }: ToolHost) {
  return permitted(`Reading the variable '${name}'`, () => readEnvironment(name, environment, context));
}

/** What is granted and no secret; passwords inside addresses are masked. */
async function listVariables(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const { operation, pattern, limit } = input;
  if (operation === 'pattern' && pattern === undefined)
    throw fail('input.invalid', "Missing required parameter 'pattern'");
  const matches = pattern === undefined ? () => true : namePattern(pattern);
  const found = Object.entries(grantedEnvironment(host.environment, context)).filter(([name]) =>
    matches(name),
  );
  const open = found.filter(([name]) => !looksSecret(name));
  const shown = open.slice(0, limit);
  const result: JsonObject = {
    ...(pattern !== undefined && { pattern }),
    variables: redactSecrets(Object.fromEntries(shown)),
    count: shown.length,
    hidden_count: found.length - open.length,
    truncated: open.length > shown.length,
  };
  return { result, message: `${shown.length} variables` };
}

/** A grant for a beginning (`AWS_*`, `*`) covers longer names as well; one for the very name does not. */
function isGrantedByName(name: string, { permissions }: ExecutionContext): boolean {
  return !permissions.allows('env', `${name}\u0001`);
}

function neededName({ variable_name: name }: Input): string {
  if (name === undefined) throw fail('input.invalid', "Missing required parameter 'variable_name'");
  return name;
}

function settingRefused({ variable_name: name = '' }: Input): Error {
  return fail('permission.env', 'Setting environment variables is not permitted', {
    hint: 'Keep variables in the environment-manager and give them to programs with environment_profile.',
    details: { capability: 'env', target: name },
  });
}

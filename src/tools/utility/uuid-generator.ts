import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { Effects } from '../../core/effects.js';
import { fail } from '../../core/errors.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { idNamespace, namespaceUuid } from './uuid/namespaces.js';
import { parseUuid } from './uuid/parse.js';
import { uuidV1, uuidV5, uuidV7 } from './uuid/versions.js';

const VERSIONS = ['v1', 'v4', 'v5', 'v7'] as const;
const OPERATIONS = ['generate', 'component_id', 'deterministic', 'custom', 'validate', ...VERSIONS] as const;

const input = z.object({
  operation: operationParameter(OPERATIONS)
    .default('generate')
    .describe('What to do; v1, v4, v5 and v7 generate that version'),
  version: z
    .union([z.string(), z.number()])
    .default('v4')
    .describe('generate: v1 (time), v4 (random), v5 (from a name), v7 (time, sortable)'),
  format: z
    .enum(['standard', 'hyphenated', 'simple', 'urn', 'braced'])
    .default('standard')
    .describe('How the UUID is written'),
  name: z.string().optional().describe('v5 and deterministic: the name to derive the UUID from'),
  namespace: z
    .string()
    .optional()
    .describe(
      'v5 (default dns) and deterministic (default agent): agent, tool, workflow, dns, url, oid, x500 or a UUID',
    ),
  prefix: z.string().optional().describe('component_id (default component) and custom: put in front'),
  short: z.boolean().default(false).describe('component_id and custom: only the first 8 digits'),
  timestamp: z.boolean().default(false).describe('custom: include the Unix time in seconds'),
  suffix: z.string().optional().describe('custom: put at the end'),
  uuid: z.string().optional().describe('validate: the text to check'),
});
type Input = z.output<typeof input>;

/** Makes and checks UUIDs and ids built of them. */
export default defineTool({
  name: 'uuid-generator',
  category: 'utility',
  level: 'safe',
  description: 'Generates UUIDs (versions 1, 4, 5, 7) and component ids, and validates UUIDs.',
  capabilities: [],
  input,
  parameterAliases: { input: 'uuid', type: 'version' },
  operationAliases: { uuid: 'generate', parse: 'validate' },
  samples: [
    {
      title: 'A random UUID',
      input: { operation: 'generate' },
      expect: { success: true, result: { version: 'v4', format: 'hyphenated' } },
    },
    {
      title: 'The UUID of a name',
      input: { version: 'v5', namespace: 'dns', name: 'example.com' },
      expect: { result: { uuid: 'cfbff0d1-9375-5685-968c-48ce8b15ae17' } },
    },
    {
      title: 'An id that is always the same',
      input: { operation: 'deterministic', namespace: 'url', name: 'https://example.com' },
      expect: { result: { namespace: 'url', name: 'https://example.com' } },
    },
    {
      title: 'Check a UUID',
      input: { operation: 'validate', uuid: '550e8400-e29b-41d4-a716-446655440000' },
      expect: { result: { valid: true, version: 'v4', variant: 'RFC4122' } },
    },
    { title: 'Version 5 without a name', input: { version: 'v5' }, error: 'input.invalid' },
  ],
  run: async (request, context) => perform(request, context),
});

function perform(request: Input, { effects }: ExecutionContext): ToolOutcome {
  switch (request.operation) {
    case 'generate':
      return generated(request, String(request.version).toLowerCase(), effects);
    case 'component_id':
      return componentId(request, effects);
    case 'deterministic':
      return deterministic(request);
    case 'custom':
      return custom(request, effects);
    case 'validate':
      return validated(request);
    default:
      return generated(request, request.operation, effects);
  }
}

function generated(request: Input, version: string, effects: Effects): ToolOutcome {
  const name = /^[1457]$/.test(version) ? `v${version}` : version;
  const uuid = written(makeUuid(name, request, effects), request.format);
  const format = request.format === 'standard' ? 'hyphenated' : request.format;
  return {
    operation: 'generate',
    result: { uuid, version: name, format },
    message: `Generated UUID ${name}`,
  };
}

function makeUuid(version: string, request: Input, effects: Effects): string {
  switch (version) {
    case 'v1':
      return uuidV1(effects);
    case 'v4':
      return effects.uuid();
    case 'v5':
      return uuidV5(needed('name', request.name), namespaceUuid(request.namespace ?? 'dns'));
    case 'v7':
      return uuidV7(effects);
    default:
      throw fail('input.invalid', `Invalid version: '${version}'. Allowed values: ${VERSIONS.join(', ')}`);
  }
}

function written(uuid: string, format: Input['format']): string {
  if (format === 'simple') return uuid.replaceAll('-', '');
  if (format === 'urn') return `urn:uuid:${uuid}`;
  return format === 'braced' ? `{${uuid}}` : uuid;
}

function componentId({ prefix = 'component', short }: Input, effects: Effects): ToolOutcome {
  const id = `${prefix}_${randomPart(short, effects)}`;
  return { result: { id, prefix, short }, message: `Generated component id ${id}` };
}

function deterministic(request: Input): ToolOutcome {
  const { namespace = 'agent' } = request;
  const name = needed('name', request.name);
  const id = uuidV5(name, idNamespace(namespace));
  return { result: { id, namespace, name }, message: `Derived id ${id}` };
}

function custom({ prefix, timestamp, short, suffix }: Input, effects: Effects): ToolOutcome {
  const seconds = timestamp ? String(Math.floor(effects.now() / 1000)) : undefined;
  const parts = [prefix, seconds, randomPart(short, effects), suffix].filter((part) => part !== undefined);
  const id = parts.join('_');
  return { result: { id, timestamp, short }, message: `Generated id ${id}` };
}

function validated(request: Input): ToolOutcome {
  const text = needed('uuid', request.uuid);
  const facts = parseUuid(text.trim());
  if (!facts) return { result: { valid: false, error: `'${text}' is not a UUID` }, message: 'Not a UUID' };
  return { result: { valid: true, ...facts }, message: 'A valid UUID' };
}

function randomPart(short: boolean, effects: Effects): string {
  const uuid = effects.uuid();
  return short ? uuid.slice(0, 8) : uuid;
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}

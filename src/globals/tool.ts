import { z } from 'zod';
import { around } from '../core/around.js';
import { fail, toLlmspellError } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, type ScriptValue } from '../core/values.js';
import { VERSION } from '../core/version.js';
import type { ToolDefinition } from '../tools/define.js';
import { toolSchema } from '../tools/describe.js';
import type { ToolEntry } from '../tools/registry.js';
import { toolResult } from '../tools/result.js';
import { type Call, defineGlobal, type HandleDefinition, member } from './define.js';
import { readableResult } from './tool-reading.js';
import { registeredTool, spellTool } from './tool-register.js';
import { flag, handleResult, table, text } from './types.js';

const info = z
  .object({
    name: z.string(),
    description: z.string(),
    category: z.string(),
    version: z.string(),
    security_level: z.string(),
  })
  .meta({ id: 'ToolInfo' });

const schema = z
  .object({
    name: z.string(),
    description: z.string(),
    parameters: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        description: z.string(),
        required: z.boolean(),
        default: z.unknown().optional(),
      }),
    ),
  })
  .meta({ id: 'ToolSchema' });

/** The one result shape of every tool. */
export const toolResultSchema = z
  .object({
    success: z.boolean().describe('False when the tool worked but what was asked did not succeed.'),
    operation: z.string(),
    result: z.any().describe('The structured result.'),
    text: z.string().describe('What a person would read.'),
    output: z.string().describe('Same as text.'),
    data: z.any().describe('Same as result.'),
    message: z.string(),
    error: z.string().nullable().describe('The message of a soft failure.'),
    error_details: z.any(),
    metadata: z.record(z.string(), z.any()),
  })
  .meta({ id: 'ToolResult' });

function describe(entry: ToolEntry): Record<string, ScriptValue> {
  const { name, description, category, level } = entry;
  return { name, description, category, version: VERSION, security_level: level };
}

/** What a discovery looks for. */
interface ToolFilter {
  category?: string | undefined;
  tag?: string | undefined;
}

/** The tools that a filter asks for, between the points of a discovery. */
function discovered(call: Call, filter: ToolFilter): Promise<JsonValue> {
  const points = {
    before: 'BeforeToolDiscovery',
    after: 'AfterToolDiscovery',
    subject: { type: 'Tool', name: 'discovery' },
  } as const;
  const query = { category: filter.category ?? null, tag: filter.tag ?? null };
  return around<JsonValue>(points, { query }, call.context, async (data) => {
    const wanted = matcher(isRecord(data.query) ? data.query : {});
    return (await call.services.tools.all(call.context)).filter(wanted).map(describe) as JsonValue;
  });
}

function matcher({ category, tag }: Record<string, unknown>): (entry: ToolEntry) => boolean {
  const word = typeof tag === 'string' ? tag.toLowerCase() : undefined;
  return (entry) =>
    (typeof category !== 'string' || entry.category === category) &&
    (word === undefined || entry.description.toLowerCase().includes(word));
}

async function find(call: Call, name: string): Promise<ScriptValue> {
  if (!(await call.services.tools.lookup(name, call.context))) return null;
  return call.handle('tool', await call.services.tools.get(name));
}

async function execute(call: Call, name: string, params: unknown): Promise<ScriptValue> {
  const result = await call.services.tools.execute(name, params, call.context);
  const tool = call.services.tools.find(name)?.name ?? name;
  return readableResult(tool, result) as unknown as ScriptValue;
}

/** One call of a batch; what it raises is its result. */
async function executeOne(
  call: Call,
  { name, params }: { name: string; params?: unknown },
): Promise<ScriptValue> {
  try {
    return await execute(call, name, params ?? {});
  } catch (thrown) {
    call.context.signal.throwIfAborted();
    const { code, message, details } = toLlmspellError(thrown, 'tool.failed');
    return toolResult(name, params, { failure: { message, code, details: details as JsonObject } }) as never;
  }
}

const handle: HandleDefinition = {
  kind: 'tool',
  doc: 'A tool, found with `Tool.get`.',
  fields: {
    name: { doc: 'Its name.', type: z.string(), get: (tool: ToolDefinition) => tool.name },
    description: { doc: 'What it does.', type: z.string(), get: (tool: ToolDefinition) => tool.description },
    category: { doc: 'Its shelf.', type: z.string(), get: (tool: ToolDefinition) => tool.category },
    version: { doc: 'Its version.', type: z.string(), get: () => VERSION },
    schema: { doc: 'Its parameters.', type: schema, get: (tool: ToolDefinition) => toolSchema(tool) },
  },
  methods: {
    execute: member<{ params: ReturnType<typeof optionalTable> }, ToolDefinition>({
      doc: 'Runs the tool. Works as `tool:execute(params)` and `tool.execute(params)`.',
      params: { params: optionalTable() },
      returns: toolResultSchema,
      aliases: ['invoke', 'call'],
      run: (call, { params }, tool) => execute(call, tool.name, params ?? {}),
    }),
    get_schema: member<Record<never, never>, ToolDefinition>({
      doc: 'The tool’s parameters.',
      params: {},
      returns: schema,
      run: (_call, _args, tool) => toolSchema(tool),
    }),
  },
};

function optionalTable() {
  return table().optional().describe('The parameters.');
}

/** The global `Tool`. */
export default defineGlobal({
  name: 'Tool',
  doc: 'The tool library: find tools, run them, add your own. `Tool["name"]` is `Tool.get("name")`.',
  handles: [handle],
  members: {
    list: member({
      doc: 'All tools, sorted by name.',
      params: {},
      returns: z.array(info),
      run: (call) => discovered(call, {}),
      example: {
        lua: 'for _, tool in ipairs(Tool.list()) do assert(tool.name) end',
        javascript: 'Tool.list().forEach((tool) => tool.name);',
      },
    }),
    discover: member({
      doc: 'Tools of a category, or whose description mentions a tag.',
      params: {
        filter: z
          .object({ category: z.string().optional(), tag: z.string().optional() })
          .optional()
          .describe('`category` is compared exactly, `tag` is sought in the description.'),
      },
      returns: z.array(info),
      run: (call, { filter = {} }) => discovered(call, filter),
      example: {
        lua: 'print(#Tool.discover({ category = "utility" }) > 0)',
        javascript: 'print(Tool.discover({ category: "utility" }).length > 0);',
      },
    }),
    categories: member({
      doc: 'The categories that have tools.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) =>
        [...new Set((await call.services.tools.all(call.context)).map((entry) => entry.category))].sort(),
    }),
    exists: member({
      doc: 'Whether a tool has that name or alias.',
      params: { name: text().describe('Name or alias; `_` and `-` are the same.') },
      returns: z.boolean(),
      run: async (call, { name }) => (await call.services.tools.lookup(name, call.context)) !== undefined,
    }),
    get: member({
      doc: 'The tool of that name, or nil.',
      params: { name: text().describe('Name or alias.') },
      returns: handleResult('tool').nullable(),
      index: true,
      run: (call, { name }) => find(call, name),
      example: {
        lua: 'local calc = Tool.get("calculator")\nprint(calc:execute({ input = "1 + 1" }).result.result)',
        javascript:
          'const calc = Tool.get("calculator");\nprint(calc.execute({ input: "1 + 1" }).result.result);',
      },
    }),
    create: member({
      doc: 'The tool of that name; raises when there is none.',
      params: { name: text().describe('Name or alias.') },
      returns: handleResult('tool'),
      run: async (call, { name }) => {
        await call.services.tools.lookup(name, call.context);
        return call.handle('tool', await call.services.tools.get(name));
      },
    }),
    execute: member({
      doc: "Runs a tool and gives its result. Raises `Tool '<name>' not found`, or what the tool failed with.",
      params: {
        name: text().describe('Name or alias.'),
        params: table().optional().describe('The tool’s parameters.'),
      },
      returns: toolResultSchema,
      aliases: ['invoke'],
      run: (call, { name, params }) => execute(call, name, params ?? {}),
      example: {
        lua: 'local r = Tool.execute("hash-calculator", { operation = "hash", algorithm = "sha256", input = "x" })\nprint(r.result.hash)',
        javascript:
          'const r = Tool.execute("hash-calculator", { operation: "hash", algorithm: "sha256", input: "x" });\nprint(r.result.hash);',
      },
    }),
    batch: member({
      doc: 'Runs several tools at the same time and gives their results in the same order. What one raises becomes a result with `success = false`.',
      params: {
        calls: z
          .array(z.object({ name: text(), params: table().optional() }))
          .max(100)
          .describe('`name` and `params` of each call; 100 at most.'),
      },
      returns: z.array(toolResultSchema),
      run: (call, { calls }) => Promise.all(calls.map((one) => executeOne(call, one))),
      example: {
        lua: 'local r = Tool.batch({ { name = "calculator", params = { input = "1 + 1" } }, { name = "uuid-generator" } })\nprint(#r, r[1].result.result)',
        javascript:
          'const r = Tool.batch([{ name: "calculator", params: { input: "1 + 1" } }, { name: "uuid-generator" }]);\nprint(r.length, r[0].result.result);',
      },
    }),
    get_info: member({
      doc: 'What is known of a tool without running it.',
      params: { name: text().describe('Name or alias.') },
      returns: info.nullable(),
      run: async (call, { name }) => {
        const entry = await call.services.tools.lookup(name, call.context);
        return entry ? describe(entry) : null;
      },
    }),
    get_schema: member({
      doc: 'The parameters of a tool. Raises when there is none of that name.',
      params: { name: text().describe('Name or alias.') },
      returns: schema,
      run: async (call, { name }) => {
        await call.services.tools.lookup(name, call.context);
        return toolSchema(await call.services.tools.get(name));
      },
    }),
    register: member({
      doc: 'Adds a tool written in the spell, for scripts and agents of this session. Raises when the name is taken.',
      params: {
        definition: spellTool.describe('Name, description, parameters and the function that does the work.'),
      },
      returns: z.string().describe('The name.'),
      run: (call, { definition }) => {
        call.services.tools.register(registeredTool(definition));
        return definition.name;
      },
      example: {
        lua: 'Tool.register({ name = "shout", description = "Upper-cases text", execute = function(p) return { text = p.text:upper() } end })\nprint(Tool.execute("shout", { text = "hi" }).text)',
        javascript:
          'Tool.register({ name: "shout", description: "Upper-cases text", execute: (p) => ({ text: p.text.toUpperCase() }) });\nprint(Tool.execute("shout", { text: "hi" }).text);',
      },
    }),
    unregister: member({
      doc: 'Removes a tool that a spell registered; whether there was one.',
      params: {
        name: text().describe('Its name.'),
        quiet: flag().optional().describe('Do not raise for built-in tools.'),
      },
      returns: z.boolean(),
      run: (call, { name, quiet }) => {
        const entry = call.services.tools.find(name);
        if (entry?.category === 'spell') return call.services.tools.unregister(entry.name);
        if (entry && !quiet) throw fail('input.invalid', `'${name}' is built in and cannot be removed`);
        return false;
      },
    }),
  },
});

import { z } from 'zod';
import type { CreateOptions } from '../agents/agents.js';
import { agentCapabilities, agentDetails, agentHierarchy, discoverByCapability } from '../agents/catalog.js';
import { scopeName } from '../agents/shared-memory.js';
import { templateInfo, templateNames } from '../agents/templates.js';
import type { JsonObject, ScriptValue } from '../core/values.js';
import { agentHandle } from './agent-handle.js';
import { initialized } from './agent-lifecycle.js';
import { type BuilderDefinition, type Call, defineGlobal, member } from './define.js';
import { anyValue, handleResult, table, text } from './types.js';

async function create(call: Call, definition: unknown, options: CreateOptions): Promise<ScriptValue> {
  const agents = await call.services.agents();
  return call.handle(
    'agent',
    await initialized(call, definition, async (given) => agents.create(given, options)),
  );
}

async function fromTemplate(
  call: Call,
  name: string,
  template: string,
  params: JsonObject,
): Promise<ScriptValue> {
  const agents = await call.services.agents();
  const definition = { ...params, name };
  return call.handle(
    'agent',
    await initialized(call, definition, async (given) =>
      agents.createFromTemplate(String(given.name), template, given),
    ),
  );
}

const set = (key: string, doc: string, type: z.ZodType) => ({ action: 'set' as const, key, doc, type });

const builder: BuilderDefinition = {
  setters: {
    name: set('name', 'Its name, unique among the live agents.', z.string()),
    description: set('description', 'What it is for.', z.string()),
    model: set('model', '`provider/model`, or a model of the default provider.', z.string()),
    provider: set('provider', 'The provider, when `model` does not say.', z.string()),
    system_prompt: set('system_prompt', 'What the model is told first.', z.string()),
    temperature: set('temperature', '0 to 2.', z.number()),
    max_tokens: set('max_tokens', 'Most tokens of an answer.', z.number().int()),
    max_conversation_length: set(
      'max_conversation_length',
      'Most messages that are remembered; 100 unless said otherwise.',
      z.number().int(),
    ),
    base_url: set('base_url', 'Where the provider is reached.', z.string()),
    api_key: set('api_key', 'The key to use instead of the configured one.', z.string()),
    allow_tool: {
      action: 'append',
      key: 'allowed_tools',
      doc: 'Lets the model call a tool.',
      type: z.string(),
    },
    allowed_tools: set(
      'allowed_tools',
      'All tools the model may call; `*` for every tool.',
      z.array(z.string()),
    ),
    response_schema: set(
      'response_schema',
      'JSON Schema that the answer has to satisfy.',
      z.record(z.string(), z.any()),
    ),
    max_execution_time: set('max_execution_time', 'Seconds; 300 unless said otherwise.', z.number()),
    max_memory_mb: set('max_memory_mb', 'Most megabytes of remembered conversation.', z.number()),
    max_tool_calls: set('max_tool_calls', 'Most tool calls of one execution.', z.number().int()),
    max_recursion_depth: set(
      'max_recursion_depth',
      'How deep agents may stand inside each other.',
      z.number().int(),
    ),
    memory_enabled: set(
      'memory_enabled',
      'False forgets the conversation after each execution.',
      z.boolean(),
    ),
    context_window: set('max_conversation_length', 'Same as max_conversation_length.', z.number().int()),
    type: set('type', 'Accepted for older spells; every builder makes an agent over a model.', z.string()),
    custom_config: set(
      'custom_config',
      '`system_prompt` and `max_conversation_length`.',
      z.record(z.string(), z.any()),
    ),
    resource_limits: set('resource_limits', 'The four limits as one table.', z.record(z.string(), z.any())),
    capability: {
      action: 'append',
      key: 'capabilities',
      doc: 'Accepted for older spells.',
      type: z.string(),
    },
  },
  aliases: { tool: 'allow_tool', tools: 'allowed_tools' },
  finish: { build: '@build' },
};

const name = () => text().describe('The agent’s name.');
const scope = () =>
  z.any().describe('`"global"`, or `{type = "session" | "workflow" | "agent" | "user", id = …}`.');

/** The global `Agent`. */
export default defineGlobal({
  name: 'Agent',
  doc: 'Agents: language models with a prompt, a memory and tools they may call.',
  handles: [agentHandle],
  members: {
    builder: member({
      doc: 'Begins an agent. Each setter returns the builder; `build()` makes the agent. Nothing is asked of the model before the first execution.',
      params: {},
      returns: z.any(),
      where: 'isolate',
      builder,
      example: {
        lua: 'local a = Agent.builder():name("qa"):model("mock/echo"):temperature(0.2):build()\nprint(a:execute({ text = "2+2?" }).text)',
        javascript:
          'const a = Agent.builder().name("qa").model("mock/echo").temperature(0.2).build();\nprint(a.execute({ text: "2+2?" }).text);',
      },
    }),
    '@build': member({
      doc: 'Makes the agent that a builder gathered.',
      params: { definition: table() },
      returns: handleResult('agent'),
      run: (call, { definition }) => create(call, definition, { anyType: true }),
    }),
    create: member({
      doc: 'Makes an agent from a table with the builder’s keys. A name that is taken is taken over.',
      params: { definition: table().describe('`name`, `model`, `system_prompt`, `allowed_tools` …') },
      returns: handleResult('agent'),
      aliases: ['new', 'createAsync'],
      run: (call, { definition }) => create(call, definition, { reuse: true, anyType: true }),
    }),
    register: member({
      doc: 'Makes an agent from a table and gives its name. `type = "basic"` needs no model and echoes.',
      params: { definition: table() },
      returns: z.string(),
      run: async (call, { definition }) => {
        const agents = await call.services.agents();
        return (await initialized(call, definition, async (given) => agents.create(given))).id;
      },
    }),
    list: member({
      doc: 'The live agents.',
      params: {},
      returns: z.array(z.object({ name: z.string() })),
      run: async (call) =>
        (await call.services.agents()).list().map((agent) => ({ name: agent.id, type: agent.plan.type })),
    }),
    list_instances: member({
      doc: 'The names of the live agents.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) => (await call.services.agents()).list().map((agent) => agent.id),
    }),
    get: member({
      doc: 'The live agent of that name, or nil.',
      params: { name: name() },
      returns: handleResult('agent').nullable(),
      run: async (call, { name }) => {
        const agent = (await call.services.agents()).get(name);
        return agent ? call.handle('agent', agent) : null;
      },
    }),
    discover: member({
      doc: 'The kinds of agents there are.',
      params: {},
      returns: z.array(z.object({ type: z.string() })),
      run: () => templateNames().map((type) => ({ type })),
    }),
    list_templates: member({
      doc: 'The names of the templates.',
      params: {},
      returns: z.array(z.string()),
      run: () => templateNames(),
    }),
    create_from_template: member({
      doc: 'Makes an agent from a template.',
      params: { name: name(), template: text(), params: table().optional() },
      returns: handleResult('agent'),
      run: async (call, { name, template, params }) => fromTemplate(call, name, template, params ?? {}),
    }),
    get_info: member({
      doc: 'What a template needs.',
      params: { type: text() },
      returns: z.record(z.string(), z.any()),
      run: (_call, { type }) => templateInfo(type),
    }),
    get_details: member({
      doc: 'Everything about a live agent. Raises when there is none of that name.',
      params: { name: name() },
      returns: z.record(z.string(), z.any()),
      run: async (call, { name }) => agentDetails(await call.services.agents(), name),
    }),
    list_capabilities: member({
      doc: 'What each live agent can do, by name.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: async (call) => agentCapabilities(await call.services.agents()),
    }),
    discover_by_capability: member({
      doc: 'The names of live agents that can do something.',
      params: { capability: text() },
      returns: z.array(z.string()),
      run: async (call, { capability }) => discoverByCapability(await call.services.agents(), capability),
    }),
    wrap_as_tool: member({
      doc: 'Makes an agent callable as a tool; gives the tool’s name.',
      params: { name: z.any().describe('The agent, or its name.'), options: table().optional() },
      returns: z.string(),
      run: async (call, { name, options }) => {
        const agentName =
          typeof name === 'object' && name !== null && 'id' in name ? String(name.id) : String(name);
        const tool = (await call.services.agents()).wrapAsTool(agentName, options ?? {});
        call.services.tools.register(tool);
        return tool.name;
      },
    }),
    create_composite: member({
      doc: 'Makes an agent that delegates to others: one after the other, all at once, or by vote.',
      params: { name: name(), agents: z.array(z.string()), routing: z.any() },
      returns: handleResult('agent'),
      run: async (call, { name, agents, routing }) => {
        const known = await call.services.agents();
        const make = async (given: { name: unknown; agents: unknown; routing: unknown }) =>
          known.createComposite(given.name, given.agents, given.routing);
        return call.handle('agent', await initialized(call, { name, agents, routing }, make));
      },
    }),
    get_hierarchy: member({
      doc: 'An agent and those it delegates to.',
      params: { name: name() },
      returns: z.record(z.string(), z.any()),
      run: async (call, { name }) => agentHierarchy(await call.services.agents(), name),
    }),
    create_context: member({
      doc: 'Makes an execution context; gives its id.',
      params: { options: table().optional() },
      returns: z.string(),
      run: async (call, { options }) => (await call.services.agents()).contexts.create(options ?? {}),
    }),
    create_child_context: member({
      doc: 'Makes a context below another one. `inheritance` is inherit, copy, share or isolate.',
      params: { parent_id: text(), scope: scope(), inheritance: text().optional() },
      returns: z.string(),
      run: async (call, { parent_id, scope, inheritance }) =>
        (await call.services.agents()).contexts.child(parent_id, scope, inheritance),
    }),
    update_context: member({
      doc: 'Sets a value in the shared memory of a context’s scope.',
      params: { id: text(), key: text(), value: anyValue() },
      run: async (call, { id, key, value }) =>
        (await call.services.agents()).contexts.update(id, key, value ?? null),
    }),
    get_context_data: member({
      doc: 'A value of a context, or nil.',
      params: { id: text(), key: text() },
      returns: anyValue(),
      run: async (call, { id, key }) => (await call.services.agents()).contexts.get(id, key),
    }),
    remove_context: member({
      doc: 'Forgets a context.',
      params: { id: text() },
      run: async (call, { id }) => (await call.services.agents()).contexts.remove(id),
    }),
    set_shared_memory: member({
      doc: 'Sets a value that agents of a scope share.',
      params: { scope: scope(), key: text(), value: anyValue() },
      run: async (call, { scope, key, value }) =>
        (await call.services.agents()).contexts.shared.set(scopeName(scope), key, value ?? null),
    }),
    get_shared_memory: member({
      doc: 'A value that agents of a scope share, or nil.',
      params: { scope: scope(), key: text() },
      returns: anyValue(),
      run: async (call, { scope, key }) =>
        (await call.services.agents()).contexts.shared.get(scopeName(scope), key),
    }),
  },
});

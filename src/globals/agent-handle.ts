import { z } from 'zod';
import type { Agent } from '../agents/agent.js';
import { describePlan } from '../agents/plan.js';
import { isRecord, type JsonObject, type ScriptValue } from '../core/values.js';
import { VERSION } from '../core/version.js';
import { shutDown } from './agent-lifecycle.js';
import { agentOutput } from './agent-types.js';
import {
  type Args,
  type Call,
  type HandleDefinition,
  type MemberDefinition,
  member,
  type Params,
  type ScriptFunction,
} from './define.js';
import { toolResultSchema } from './tool.js';
import { anyValue, callback, table, text } from './types.js';

const input = () =>
  z
    .any()
    .describe(
      'Text, or a table with `text`, `parameters`, `media`, `response_schema`, `temperature`, `max_tokens`.',
    );

const record = () => z.record(z.string(), z.any());

/** A method of an agent. */
function method<P extends Params>(definition: {
  doc: string;
  params: P;
  returns?: z.ZodType;
  aliases?: string[];
  run(call: Call, args: Args<P>, agent: Agent): unknown;
}): MemberDefinition {
  return member<P, Agent>(definition);
}

/** A step of the lifecycle that scripts drive themselves. */
function transition(action: Parameters<Agent['lifecycle']['act']>[0], doc: string): MemberDefinition {
  return method({
    doc: `${doc} Raises when the present state does not allow it.`,
    params: {},
    run: (_call, _args, agent) => agent.lifecycle.act(action),
  });
}

/** Streams the answer: each piece of text goes to the script as soon as it is there. */
async function stream(call: Call, agent: Agent, given: unknown, visit: ScriptFunction): Promise<ScriptValue> {
  let chunks = 0;
  let output: ScriptValue = null;
  for await (const event of agent.stream(given, call.context)) {
    if (event.type === 'text') {
      chunks++;
      await visit({ text: event.text, content: event.text, type: 'text' });
    } else if (event.type === 'finish') output = event.output as ScriptValue;
  }
  return {
    success: true,
    chunks_received: chunks,
    ...(isRecord(output) ? { output: output as ScriptValue, text: output.text as ScriptValue } : {}),
  };
}

const time = (ms: number) => new Date(ms).toISOString();

const describeTool = ({ name, description }: { name: string; description: string }) => ({
  name,
  description,
  version: VERSION,
});

/** `agent:execute{…}` and everything else a script can do with an agent it holds. */
export const agentHandle: HandleDefinition = {
  kind: 'agent',
  doc: 'A live agent: a model with a system prompt, a memory of the conversation and tools it may call.',
  fields: {
    id: { doc: 'Its name, unique in the session.', type: z.string(), get: (agent: Agent) => agent.id },
    name: { doc: 'Same as id.', type: z.string(), get: (agent: Agent) => agent.id },
    description: { doc: 'What it is for.', type: z.string(), get: (agent: Agent) => agent.plan.description },
    model: {
      doc: 'The model’s specifier.',
      type: z.string().nullable(),
      get: (agent: Agent) => agent.plan.model ?? null,
    },
  },
  methods: {
    execute: method({
      doc: 'Asks the agent, lets it call its tools, and gives its answer. The conversation is remembered.',
      params: { input: input() },
      returns: agentOutput,
      aliases: ['invoke', 'run', 'chat'],
      run: (call, { input }, agent) => agent.execute(input ?? {}, call.context),
    }),
    complete: method({
      doc: 'Asks with a text and gives just the text of the answer.',
      params: { prompt: text() },
      returns: z.string(),
      run: async (call, { prompt }, agent) => (await agent.execute({ text: prompt }, call.context)).text,
    }),
    invokeStream: method({
      doc: 'Like execute, but `visit` receives each piece of text as it arrives.',
      params: {
        input: input(),
        visit: callback('(chunk: { text: string; content: string; type: string }) => void'),
      },
      returns: z.object({
        success: z.boolean(),
        chunks_received: z.number().int(),
        text: z.string(),
        output: agentOutput,
      }),
      aliases: ['stream', 'execute_stream'],
      run: (call, { input, visit }, agent) => stream(call, agent, input ?? {}, visit as ScriptFunction),
    }),
    execute_with_context: method({
      doc: 'Like execute; the agent is also told what the execution context knows.',
      params: { input: input(), context_id: text() },
      returns: agentOutput,
      run: async (call, { input, context_id }, agent) =>
        (await call.services.agents()).executeIn(context_id, agent, input ?? {}, call.context),
    }),
    invokeTool: method({
      doc: 'Runs a tool in the agent’s name.',
      params: { tool: text(), params: table().optional() },
      returns: toolResultSchema,
      run: (call, { tool, params }, agent) =>
        agent.invokeTool(tool, (params ?? {}) as JsonObject, call.context),
    }),
    discover_tools: method({
      doc: 'The names of all tools.',
      params: {},
      returns: z.array(z.string()),
      run: async (call) => (await call.services.tools.all(call.context)).map((entry) => entry.name),
    }),
    has_tool: method({
      doc: 'Whether there is a tool of that name.',
      params: { name: text() },
      returns: z.boolean(),
      run: async (call, { name }) => (await call.services.tools.lookup(name, call.context)) !== undefined,
    }),
    get_tool_metadata: method({
      doc: 'Name and description of a tool, or nil.',
      params: { name: text() },
      returns: record().nullable(),
      run: async (call, { name }) => {
        const entry = await call.services.tools.lookup(name, call.context);
        return entry ? describeTool(entry) : null;
      },
    }),
    get_all_tool_metadata: method({
      doc: 'Name and description of every tool, by name.',
      params: {},
      returns: record(),
      run: async (call) => {
        const all = await call.services.tools.all(call.context);
        return Object.fromEntries(all.map((entry) => [entry.name, describeTool(entry)]));
      },
    }),
    get_config: method({
      doc: 'Its definition, without secrets.',
      params: {},
      returns: record(),
      run: (_call, _args, agent) => describePlan(agent.plan),
    }),
    get_history: method({
      doc: 'The remembered conversation, oldest message first.',
      params: {},
      returns: z.array(z.object({ role: z.string(), text: z.string() })),
      aliases: ['history'],
      run: (_call, _args, agent) => agent.conversation.window() as never,
    }),
    clear_history: method({
      doc: 'Forgets the conversation.',
      params: {},
      run: (_call, _args, agent) => agent.conversation.clear(),
    }),
    get_state: method({
      doc: 'The lifecycle state: Uninitialized, Ready, Running, Paused, Terminated, Error …',
      params: {},
      returns: z.string(),
      aliases: ['get_agent_state'],
      run: (_call, _args, agent) => agent.lifecycle.state,
    }),
    save_state: method({
      doc: 'Keeps the conversation in the store.',
      params: {},
      run: (call, _args, agent) => agent.saveState(call.context),
    }),
    load_state: method({
      doc: 'Takes up the conversation that was kept; whether there was one.',
      params: {},
      returns: z.boolean(),
      run: (call, _args, agent) => agent.loadState(call.context),
    }),
    delete_state: method({
      doc: 'Deletes what was kept; whether there was anything.',
      params: {},
      returns: z.boolean(),
      run: (call, _args, agent) => agent.deleteState(call.context),
    }),
    get_metrics: method({
      doc: 'Requests, failures, tool calls and tokens so far.',
      params: {},
      returns: record(),
      run: (_call, _args, agent) => agent.metrics(),
    }),
    get_performance: method({
      doc: 'Mean duration and success rate.',
      params: {},
      returns: record(),
      run: (_call, _args, agent) => agent.performance(),
    }),
    get_health: method({
      doc: 'How the agent is doing.',
      params: {},
      returns: z.object({ status: z.string(), timestamp: z.string() }),
      run: (call, _args, agent) => ({ status: agent.health(), timestamp: time(call.context.effects.now()) }),
    }),
    configure_alerts: method({
      doc: 'Adds an alert rule.',
      params: { rule: table() },
      run: (_call, { rule }, agent) => agent.alerts.configure(rule),
    }),
    get_alerts: method({
      doc: 'The alerts raised so far, oldest first.',
      params: {},
      returns: z.array(record()),
      run: (_call, _args, agent) =>
        agent.alerts
          .list()
          .map(({ name, severity, message, time: ms }) => ({ name, severity, message, timestamp: time(ms) })),
    }),
    logEvent: method({
      doc: 'Notes something in the journal under the agent’s name.',
      params: { type: text(), message: text() },
      run: (call, { type, message }, agent) =>
        call.context.emit({
          type: 'log',
          level: 'info',
          message: `${type}: ${message}`,
          module: `agent.${agent.id}`,
        }),
    }),
    initialize: transition('initialize', 'Makes the agent ready.'),
    start: transition('start', 'From ready or paused to running.'),
    pause: transition('pause', 'From running to paused.'),
    resume: transition('resume', 'From paused to running.'),
    stop: transition('stop', 'From running to ready.'),
    terminate: transition('terminate', 'Ends the agent; it answers no more.'),
    recover: transition('recover', 'From error to ready.'),
    set_error: method({
      doc: 'Puts the agent into the error state.',
      params: { message: text() },
      run: (_call, { message }, agent) => agent.lifecycle.act('set_error', message),
    }),
    get_state_history: method({
      doc: 'The transitions so far.',
      params: {},
      returns: z.array(record()),
      run: (_call, _args, agent) =>
        agent.lifecycle.history.map(({ from, to, time: ms, elapsedMs, reason }) => ({
          from,
          to,
          timestamp: time(ms),
          elapsed: elapsedMs / 1000,
          ...(reason !== undefined && { reason }),
        })),
    }),
    get_last_error: method({
      doc: 'The last error’s text, or nil.',
      params: {},
      returns: z.string().nullable(),
      run: (_call, _args, agent) => agent.lifecycle.lastError,
    }),
    get_recovery_attempts: method({
      doc: 'How often it recovered.',
      params: {},
      returns: z.number().int(),
      run: (_call, _args, agent) => agent.lifecycle.recoveryAttempts,
    }),
    is_healthy: method({
      doc: 'Whether it is ready, running or paused.',
      params: {},
      returns: z.boolean(),
      run: (_call, _args, agent) => agent.lifecycle.healthy,
    }),
    get_state_metrics: method({
      doc: 'The lifecycle in figures.',
      params: {},
      returns: record(),
      run: (call, _args, { lifecycle }) => ({
        current_state: lifecycle.state,
        total_transitions: lifecycle.totalTransitions,
        recovery_attempts: lifecycle.recoveryAttempts,
        uptime: (call.context.effects.now() - lifecycle.createdAt) / 1000,
      }),
    }),
    set_state: method({
      doc: 'Keeps a table of the script’s own under the agent’s name; read it with `State.agent_get(id, "state")`.',
      params: { value: anyValue() },
      run: async (call, { value }, agent) => {
        await (await call.services.state()).save(`agent:${agent.id}`, 'state', value ?? null, call.context);
      },
    }),
    destroy: method({
      doc: 'Ends the agent and frees its name.',
      params: {},
      run: async (call, _args, agent) => {
        const agents = await call.services.agents();
        await shutDown(call, agent, () => agents.release(agent));
      },
    }),
  },
};

import { z } from 'zod';
import { inputError } from '../core/schema.js';
import { type ScriptValue, toJson } from '../core/values.js';
import type { ToolDefinition, ToolOutcome } from '../tools/define.js';
import type { Agent } from './agent.js';
import type { AgentOutput } from './contract.js';

const wrapOptions = z.object({
  tool_name: z.string().trim().min(1).max(128).optional(),
  description: z.string().optional(),
  category: z.string().min(1).default('utility'),
  security_level: z.enum(['safe', 'restricted', 'privileged']).catch('restricted'),
});

const toolInput = z.looseObject({
  text: z.string().optional().describe('What to ask the agent.'),
  prompt: z.string().optional().describe('Same as text.'),
  input: z.string().optional().describe('Same as text.'),
  parameters: z.record(z.string(), z.json()).optional().describe('Values that go with the text.'),
});

/**
 * An agent as a tool, for the tools registry.
 * @param find looks the agent up at every call, so that the tool follows a redefinition of the agent.
 * @param raw `{tool_name?, category?, security_level?}`; the name is `<agent>_tool` by default.
 * @throws `input.invalid` for options of the wrong shape.
 */
export function agentAsTool(agent: Agent, find: () => Agent, raw: unknown): ToolDefinition {
  const checked = wrapOptions.safeParse(toJson((raw ?? {}) as ScriptValue));
  if (!checked.success) throw inputError('wrap_as_tool', checked.error, wrapOptions);
  const { tool_name, category, security_level, description } = checked.data;
  return {
    name: tool_name ?? `${agent.id}_tool`,
    category,
    level: security_level,
    description: description ?? agent.plan.description,
    capabilities: [],
    input: toolInput,
    timeoutMs: agent.plan.maxExecutionSeconds * 1000,
    samples: [],
    run: async (input, context) => outcome(await find().execute(input, context)),
  };
}

function outcome({ text, data, metadata }: AgentOutput): ToolOutcome {
  return { result: data === undefined ? text : toJson(data), text, metadata };
}

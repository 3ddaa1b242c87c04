import type { AgentTools } from '../agents/contract.js';
import { toolJsonSchema } from '../tools/describe.js';
import type { Tools } from '../tools/registry.js';

/** The session's tools as agents know them. */
export function agentTools(tools: Tools): AgentTools {
  return {
    list: async (context) => (await tools.all(context)).map((entry) => entry.name),
    async get(name, context) {
      if (!(await tools.lookup(name, context))) return undefined;
      const definition = await tools.get(name);
      return {
        name: definition.name,
        description: definition.description,
        parameters: toolJsonSchema(definition),
      };
    },
    call: (name, args, context) => tools.execute(name, args, context),
  };
}

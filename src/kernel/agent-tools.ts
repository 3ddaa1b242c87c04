import type { AgentTools } from '../agents/contract.js';
import { toolJsonSchema } from '../tools/describe.js';
import type { Tools } from '../tools/registry.js';

/** The session's tools as agents know them. */
export function agentTools(tools: Tools): AgentTools {
  return {
    list: () => tools.list().map((entry) => entry.name),
    async get(name) {
      if (!tools.find(name)) return undefined;
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

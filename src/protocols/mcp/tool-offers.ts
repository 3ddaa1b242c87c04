import { invoke } from '../../core/invoke.js';
import { runDirectly } from '../../kernel/direct-run.js';
import type { Kernel } from '../../kernel/kernel.js';
import { normalizeToolInput, toolComponent } from '../../tools/component.js';
import type { ToolDefinition } from '../../tools/define.js';
import { toolJsonSchema } from '../../tools/describe.js';
import type { Tools } from '../../tools/registry.js';
import type { ToolResult } from '../../tools/result.js';
import { errorResult } from './error-result.js';
import type { Offer } from './offer.js';

/** Tools as MCP clients see them. @param names those to offer; all of them when empty. @throws `tool.not_found` */
export async function toolOffers(kernel: Kernel, names: readonly string[]): Promise<Offer[]> {
  const { tools } = kernel.servicesFor();
  const wanted = names.length > 0 ? names : tools.list().map((entry) => entry.name);
  const definitions = await Promise.all(wanted.map((name) => tools.get(name)));
  return definitions.map((definition) => toolOffer(kernel, tools, definition));
}

function toolOffer(kernel: Kernel, tools: Tools, definition: ToolDefinition): Offer {
  return {
    tool: {
      name: definition.name,
      description: definition.description,
      inputSchema: { type: 'object', ...toolJsonSchema(definition) },
      annotations: annotations(definition),
    },
    async call({ args, signal, onEvent }) {
      const request = { name: definition.name, signal, onEvent };
      const outcome = await runDirectly(kernel.surroundings(), request, (context) =>
        invoke(toolComponent(definition, tools.host), normalizeToolInput(definition, args), context),
      );
      return outcome.error ? errorResult(outcome.error) : toolResult(outcome.value!);
    },
  };
}

function toolResult(result: ToolResult) {
  return {
    content: [{ type: 'text' as const, text: result.text }],
    structuredContent: { ...result },
    isError: !result.success,
  };
}

/** Hints for clients: a tool that can neither write nor start anything only reads. */
function annotations({ name, capabilities }: ToolDefinition) {
  const changes = capabilities.some((capability) => ['write', 'run', 'db', 'net'].includes(capability));
  return { title: name, readOnlyHint: !changes, openWorldHint: capabilities.includes('net') };
}

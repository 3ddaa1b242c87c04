import type { LlmspellError } from '../../core/errors.js';
import { runDirectly } from '../../kernel/direct-run.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { ToolDefinition } from '../../tools/define.js';
import { toolJsonSchema } from '../../tools/describe.js';
import type { Tools } from '../../tools/registry.js';
import type { ToolResult } from '../../tools/result.js';
import { errorResult } from './error-result.js';
import type { Offer } from './offer.js';

/**
 * Tools as MCP clients see them.
 * @param names those to offer; all that are not switched off when empty
 * @throws `tool.not_found`, `tool.disabled`
 */
export async function toolOffers(kernel: Kernel, names: readonly string[]): Promise<Offer[]> {
  const { tools } = kernel.servicesFor();
  const definitions = names.length > 0 ? names.map((name) => tools.get(name)) : everyTool(tools);
  return (await Promise.all(definitions)).flatMap((definition) =>
    definition ? toolOffer(kernel, tools, definition) : [],
  );
}

/** Nothing in the place of a tool that is switched off. */
function everyTool(tools: Tools): Promise<ToolDefinition | undefined>[] {
  return tools.list().map(({ name }) =>
    tools.get(name).catch((error: unknown) => {
      if ((error as LlmspellError).code === 'tool.disabled') return undefined;
      throw error;
    }),
  );
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
        tools.execute(definition.name, args, context),
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

import type { ExecutionContext } from '../core/context.js';
import type { ModelTool } from '../providers/model.js';
import type { AgentTool, AgentTools } from './contract.js';

/**
 * The tools that one execution offers its model. They are sorted by name, so that the beginning of every
 * request stays the same and providers can cache it.
 */
export class Toolbox {
  /** As the model sees them: names hold only letters, digits, `_` and `-`. */
  readonly offered: readonly ModelTool[];
  /** Allowed names that no tool has. */
  readonly missing: readonly string[];
  private readonly realNames = new Map<string, string>();

  private constructor(found: readonly AgentTool[], missing: readonly string[]) {
    this.missing = missing;
    this.offered = [...found].sort((a, b) => (a.name < b.name ? -1 : 1)).map((tool) => this.offer(tool));
  }

  /** Loads the allowed tools. @param allowed tool names; `*` for all. */
  static async open(
    tools: AgentTools,
    allowed: readonly string[],
    context: ExecutionContext,
  ): Promise<Toolbox> {
    const names = allowed.includes('*') ? await tools.list(context) : allowed;
    const found = new Map<string, AgentTool>();
    const missing: string[] = [];
    for (const name of names) {
      const tool = await tools.get(name, context);
      if (tool) found.set(tool.name, tool);
      else missing.push(name);
    }
    return new Toolbox([...found.values()], missing);
  }

  /** The real name of the tool that a model calls, or undefined when it is not one of the offered. */
  find(called: string): string | undefined {
    return this.realNames.get(called) ?? this.realNames.get(called.replaceAll('_', '-'));
  }

  private offer({ name, description, parameters }: AgentTool): ModelTool {
    const plain = name.replace(/[^\w-]/g, '_').slice(0, 64);
    let modelName = plain;
    for (let n = 2; this.realNames.has(modelName); n++) modelName = `${plain.slice(0, 60)}_${n}`;
    this.realNames.set(modelName, name);
    return { name: modelName, description, parameters };
  }
}

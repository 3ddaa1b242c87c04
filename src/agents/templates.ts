import { fail } from '../core/errors.js';
import { closest } from '../core/schema.js';
import type { JsonObject } from '../core/values.js';

/** A kind of agent that can be made by name. */
export interface AgentTemplate {
  type: string;
  description: string;
  /** What the definition starts from. */
  definition: JsonObject;
}

const TEMPLATES: readonly AgentTemplate[] = [
  {
    type: 'basic',
    description: 'Echoes what it is given; needs no model.',
    definition: { type: 'basic', description: 'Basic echo agent' },
  },
  {
    type: 'llm',
    description: 'Asks a language model and calls the tools it is allowed to.',
    definition: { type: 'llm' },
  },
  {
    type: 'tool-orchestrator',
    description: 'Asks a language model that may call every tool.',
    definition: {
      type: 'tool-orchestrator',
      description: 'Agent that solves tasks with tools',
      system_prompt:
        'You solve tasks with the tools you are given. Decide which tool helps, call it, look at its result, and go on until the task is done. Then answer.',
    },
  },
];

/** The names of the templates, sorted. */
export function templateNames(): string[] {
  return TEMPLATES.map(({ type }) => type);
}

/** The template of that name. @throws `agent.invalid` naming the templates there are. */
export function agentTemplate(type: string): AgentTemplate {
  const wanted = type.replaceAll('_', '-');
  const template = TEMPLATES.find((candidate) => candidate.type === wanted);
  if (template) return template;
  const near = closest(wanted, templateNames());
  throw fail('agent.invalid', `Failed to create from template: there is no template '${type}'`, {
    hint: near ? `Did you mean '${near}'?` : `Templates are ${templateNames().join(', ')}.`,
  });
}

/** What scripts see of an agent type. */
export function templateInfo(type: string): JsonObject {
  const { description } = agentTemplate(type);
  return {
    name: type,
    description,
    category: 'agent',
    complexity: 'standard',
    required_parameters: ['name'],
    optional_parameters: ['model', 'model_config', 'resource_limits', 'allowed_tools', 'system_prompt'],
  };
}

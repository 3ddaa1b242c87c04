import { VERSION } from '../../core/version.js';
import type { ToolDefinition } from '../../tools/define.js';
import { type ToolParameter, toolCost, toolJsonSchema, toolParameters } from '../../tools/describe.js';
import type { ToolEntry } from '../../tools/registry.js';
import { alignColumns } from './columns.js';

/** Everything about a tool as one document; with `schema` also the JSON Schema that models see. */
export function toolDocument(definition: ToolDefinition, schema: boolean): object {
  const { name, aliases = [], description, category, level, capabilities, samples } = definition;
  return {
    name,
    aliases,
    description,
    category,
    security_level: level,
    version: VERSION,
    permissions: capabilities,
    cost: toolCost(definition),
    parameters: toolParameters(definition),
    examples: samples.filter((sample) => !sample.error).map(({ title, input }) => ({ title, input })),
    ...(schema && { schema: toolJsonSchema(definition) }),
  };
}

/** The same for people. */
export function toolText(definition: ToolDefinition, schema: boolean): string {
  const { name, aliases = [], description, category, level, capabilities, samples } = definition;
  const facts = [
    ['Category', category],
    ['Security', level],
    ['Permissions', capabilities.join(', ') || 'none'],
    ['Cost', toolCost(definition)],
    ...(aliases.length > 0 ? [['Also', aliases.join(', ')]] : []),
  ];
  const examples = samples.filter((sample) => !sample.error).slice(0, 3);
  return [
    `${name}: ${description}\n`,
    `${alignColumns(facts)}\n`,
    `Parameters:\n${alignColumns(toolParameters(definition).map(parameterRow), '  ')}\n`,
    ...(examples.length > 0 ? [`${heading(examples)}\n${examples.map(exampleText(name)).join('\n')}\n`] : []),
    ...(schema ? [`Schema:\n${JSON.stringify(toolJsonSchema(definition), null, 2)}\n`] : []),
  ].join('\n');
}

function parameterRow({ name, type, description, required, default: preset }: ToolParameter): string[] {
  const presence = required ? 'required' : preset === undefined ? 'optional' : `= ${JSON.stringify(preset)}`;
  return [name, type, presence, description];
}

function heading(examples: ToolDefinition['samples']): string {
  const folder = JSON.stringify(examples).includes('{{dir}}');
  return folder ? 'Examples, where {{dir}} stands for a folder:' : 'Examples:';
}

function exampleText(name: string) {
  return ({ title, input }: ToolDefinition['samples'][number]) =>
    `  # ${title}\n  llmspell tool invoke ${name} --params '${JSON.stringify(input).replaceAll("'", "'\\''")}'`;
}

/** Tools on a terminal: names and what they do. */
export function toolRows(tools: readonly ToolEntry[]): string {
  return alignColumns(tools.map(({ name, description }) => [name, description]));
}

/** Tools with `--output pretty`. */
export function toolBullets(title: string, tools: readonly ToolEntry[]): string {
  const bullets = tools.map(({ name, description }) => `  • ${name}: ${description}\n`);
  return `${title}:\n${bullets.join('')}\nTotal: ${tools.length}\n`;
}

import { TOOL_CATEGORIES, type ToolDefinition, type ToolSample } from '../../src/tools/define.js';
import { type ToolParameter, toolCost, toolJsonSchema, toolParameters } from '../../src/tools/describe.js';
import { anchor, code, fence, GENERATED, markdownTable, page } from './markdown.js';

const LEVELS = {
  safe: 'pure computation',
  restricted: 'reaches what is allow-listed',
  privileged: 'reaches whatever is granted',
} as const;

/** `docs/tools/`: one page for each category that has tools, and their index. */
export function toolPages(tools: readonly ToolDefinition[]): Record<string, string> {
  const categories = TOOL_CATEGORIES.filter((category) => tools.some((tool) => tool.category === category));
  const pages = categories.map(
    (category) => [`docs/tools/${category}.md`, categoryPage(category, tools)] as const,
  );
  return { 'docs/tools/README.md': indexPage(categories, tools), ...Object.fromEntries(pages) };
}

function indexPage(categories: readonly string[], tools: readonly ToolDefinition[]): string {
  const shelves = categories.flatMap((category) => [
    `## [${category}](${category}.md)`,
    toolTable(inCategory(tools, category)),
  ]);
  return page([
    GENERATED,
    '# Tools',
    'The tool library. A spell runs a tool with `Tool.execute(name, parameters)`, a model calls it by itself when its ' +
      'agent allows it, and `llmspell tool` runs it from the command line. Each call gives the same result shape, ' +
      '[`ToolResult`](../reference/tool.md#type-toolresult).',
    'A level says how much harm a tool could do; permissions are what it asks for, and what has to be ' +
      '[granted](../security.md).',
    markdownTable(
      ['Level', 'Meaning'],
      Object.entries(LEVELS).map(([level, meaning]) => [level, meaning]),
    ),
    'The cost of a call is `light`, a `process` of its own, or `network`: the time, and perhaps the money, of others. A call ends ' +
      'with its time limit.',
    ...shelves,
  ]);
}

function toolTable(tools: readonly ToolDefinition[]): string {
  const rows = tools.map((tool) => [
    `[${code(tool.name)}](${tool.category}.md#${anchor(tool.name)})`,
    tool.level,
    permissions(tool),
    toolCost(tool),
    tool.description,
  ]);
  return markdownTable(['Tool', 'Level', 'Permissions', 'Cost', 'What it does'], rows);
}

const inCategory = (tools: readonly ToolDefinition[], category: string) =>
  tools.filter((tool) => tool.category === category);

const permissions = ({ capabilities }: ToolDefinition) =>
  capabilities.length > 0 ? capabilities.map(code).join(', ') : 'none';

function categoryPage(category: string, tools: readonly ToolDefinition[]): string {
  return page([GENERATED, `# Tools: ${category}`, ...inCategory(tools, category).flatMap(toolBlocks)]);
}

function toolBlocks(tool: ToolDefinition): string[] {
  return [
    `## ${tool.name}`,
    tool.description,
    markdownTable(
      ['Level', 'Permissions', 'Cost', 'Time limit'],
      [[tool.level, permissions(tool), toolCost(tool), timeLimit(tool)]],
    ),
    aliasLine('Also known as', tool.aliases ?? []),
    aliasLine('Operations', operations(tool)),
    aliasLine('Older names of operations', renamings(tool.operationAliases)),
    `### Parameters of ${tool.name}`,
    parameterTable(toolParameters(tool)),
    aliasLine('Older names of parameters', renamings(tool.parameterAliases)),
    `### Examples of ${tool.name}`,
    tool.samples.some(usesFolder) ? '`{{dir}}` stands for a temporary folder.' : '',
    ...tool.samples.flatMap(sampleBlocks),
  ];
}

const timeLimit = ({ timeoutMs = 30_000 }: ToolDefinition) => `${timeoutMs / 1000} s`;

function operations(tool: ToolDefinition): string[] {
  const { operation } = (toolJsonSchema(tool).properties ?? {}) as { operation?: { enum?: string[] } };
  return operation?.enum ?? [];
}

function renamings(aliases: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(aliases).map(([old, name]) => `${old} → ${name}`);
}

function aliasLine(title: string, names: readonly string[]): string {
  return names.length > 0 ? `**${title}:** ${names.map(code).join(', ')}` : '';
}

function parameterTable(parameters: readonly ToolParameter[]): string {
  const rows = parameters.map(({ name, type, required, default: value, description }) => [
    code(name),
    type,
    required ? 'yes' : 'no',
    value === undefined ? '' : code(JSON.stringify(value)),
    description,
  ]);
  return markdownTable(['Parameter', 'Type', 'Required', 'Default', 'Meaning'], rows);
}

const usesFolder = (sample: ToolSample) => JSON.stringify(sample.input).includes('{{dir}}');

function sampleBlocks({ title, files = {}, input, expect, error }: ToolSample): string[] {
  return [
    `**${title}**`,
    ...Object.entries(files).flatMap(([name, text]) =>
      text.includes('\0')
        ? [`With the file ${code(name)}, which is not text.`]
        : [`With the file ${code(name)}:`, fence('text', text.replace(/\n$/, ''))],
    ),
    fence('json', JSON.stringify(input, null, 2)),
    ...(expect ? ['gives, among other things:', fence('json', JSON.stringify(expect, null, 2))] : []),
    error === undefined ? '' : `raises ${code(error)}.`,
  ];
}

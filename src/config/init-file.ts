import { DEFAULT_CONFIG } from './defaults.js';
import { formatPath, getAt } from './paths.js';
import { renderValue } from './render.js';
import { type LeafNode, schemaTree, type TableNode } from './tree.js';

const PLACEHOLDERS: Readonly<Record<LeafNode['type'], string>> = {
  boolean: 'false',
  integer: '1',
  number: '1.0',
  string: '"…"',
  list: '[]',
  map: '{}',
};

const PROVIDER_EXAMPLES = [
  '# A provider is a table of its own; its keys come from the environment or from api_key.',
  '# [providers.openai]',
  '# api_key_env = "OPENAI_API_KEY"',
  '# default_model = "gpt-4o-mini"',
  '#',
  '# [providers.ollama]',
  '# base_url = "http://localhost:11434"',
  '# default_model = "llama3.1:8b"',
];

/**
 * The file that `config init` writes: every section and key with its description, the default values commented out, so
 * that the file as written changes nothing and profiles still count. `schema` is the address or path of the published
 * JSON Schema, for editors.
 */
export function renderInitFile({ schema }: { schema: string }): string {
  const head = [
    `#:schema ${schema}`,
    '# Configuration of llmspell. A line that begins with "# key =" shows the default; remove the "#" to change it.',
    "# Precedence: command-line flags, environment variables, this file, the user's file, profile, defaults.",
  ];
  return `${[...head, '', ...renderSection(schemaTree(), [])].join('\n')}\n`;
}

function renderSection(table: TableNode, path: string[]): string[] {
  const written = path.length === 0 || getAt(DEFAULT_CONFIG, path) !== undefined;
  const header = `${written ? '' : '# '}[${formatPath(path)}]`;
  const lines = path.length === 0 ? [] : ['', `# ${table.about}`, header];
  for (const [key, node] of table.keys)
    if (node.kind === 'leaf') lines.push(...renderKey([...path, key], node));
  if (formatPath(path) === 'providers') lines.push('', ...PROVIDER_EXAMPLES);
  for (const [key, node] of table.keys)
    if (node.kind === 'table') lines.push(...renderSection(node, [...path, key]));
  return lines;
}

function renderKey(path: string[], leaf: LeafNode): string[] {
  const value = getAt(DEFAULT_CONFIG, path);
  const about = value === undefined ? `${leaf.about} Not set by default.` : leaf.about;
  const shown = value === undefined ? PLACEHOLDERS[leaf.type] : renderValue(value);
  return [`# ${about}`, `# ${path.at(-1)} = ${shown}`];
}

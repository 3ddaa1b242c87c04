import { z } from 'zod';
import { DEFAULT_CONFIG, LOG_FILE_DEFAULTS, PROVIDER_DEFAULTS } from './defaults.js';
import { PREFIX, REGISTRY, WELL_KNOWN_KEYS } from './environment-registry.js';
import { formatPath, getAt, setAt } from './paths.js';
import { PROFILES } from './profiles.js';
import { renderValue } from './render.js';
import { type LeafNode, schemaTree, type TableNode } from './tree.js';
import type { FreeTable } from './types.js';

/** The parts of the reference that `docs/configuration.md` holds between markers of these names. */
export type ReferencePart = 'sections' | 'variables' | 'profiles';

/** The tables of keys, variables and profiles as Markdown, made from the schema. */
export function configReference(): Record<ReferencePart, string> {
  return { sections: sections(), variables: variables(), profiles: profiles() };
}

/** A document with what stands between `<!-- begin: NAME -->` and `<!-- end: NAME -->` made anew. */
export function updateReference(markdown: string): string {
  const parts = Object.entries(configReference());
  return parts.reduce((text, [name, content]) => {
    const block = new RegExp(`(<!-- begin: ${name} -->\n)[\\s\\S]*?(\n<!-- end: ${name} -->)`);
    return text.replace(block, (_, begin: string, end: string) => `${begin}\n${content}\n${end}`);
  }, markdown);
}

const SHOWN_NAME = 'NAME';

function sections(): string {
  return section(schemaTree(), [], documentedDefaults()).join('\n\n');
}

/** The defaults, and those that apply in tables once they are written. */
function documentedDefaults(): FreeTable {
  const defaults = structuredClone(DEFAULT_CONFIG) as unknown as FreeTable;
  setAt(defaults, ['providers', SHOWN_NAME], PROVIDER_DEFAULTS);
  setAt(defaults, ['debug', 'output', 'file'], LOG_FILE_DEFAULTS);
  return defaults;
}

function section(table: TableNode, path: string[], defaults: FreeTable): string[] {
  const title = path.length === 0 ? 'Top level' : `\`[${formatPath(path)}]\``;
  const leaves = [...table.keys].filter((pair): pair is [string, LeafNode] => pair[1].kind === 'leaf');
  const rows = leaves.map(([key, leaf]) => row(key, leaf, getAt(defaults, [...path, key])));
  const own = rows.length === 0 ? [] : [markdownTable(['key', 'type', 'default', 'meaning'], rows)];
  const blocks = [`### ${title}`, table.about, ...own];
  for (const [key, node] of table.keys)
    if (node.kind === 'table') blocks.push(...section(node, [...path, key], defaults));
  if (table.rest?.kind === 'table') blocks.push(...section(table.rest, [...path, SHOWN_NAME], defaults));
  return blocks;
}

function row(key: string, leaf: LeafNode, value: unknown): string[] {
  return [`\`${key}\``, typeText(leaf), value === undefined ? '–' : `\`${renderValue(value)}\``, leaf.about];
}

interface Shape {
  enum?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

function typeText(leaf: LeafNode): string {
  const shape = z.toJSONSchema(leaf.schema) as Shape;
  if (shape.enum) return shape.enum.map((word) => `\`${word}\``).join(', ');
  const name = leaf.type === 'map' ? 'table' : leaf.type;
  if (leaf.type !== 'integer' && leaf.type !== 'number') return leaf.type === 'list' ? listText(leaf) : name;
  const least = shape.exclusiveMinimum === undefined ? `≥ ${shape.minimum}` : `> ${shape.exclusiveMinimum}`;
  const bounded = shape.maximum !== undefined && shape.maximum !== Number.MAX_SAFE_INTEGER;
  return `${name} ${least}${bounded ? `, ≤ ${shape.maximum}` : ''}`;
}

function listText(leaf: LeafNode): string {
  return leaf.numeric ? 'list of integers' : 'list of strings';
}

function variables(): string {
  const own = Object.entries(REGISTRY).map(([name, path]) => [`\`${PREFIX}${name}\``, `\`${path}\``]);
  const known = Object.entries(WELL_KNOWN_KEYS).map(([name, provider]) => [
    `\`${name}\``,
    `\`providers.${provider}.api_key\`, if that table exists`,
  ]);
  return markdownTable(['variable', 'key'], [...own, ...known]);
}

function profiles(): string {
  const rows = PROFILES.map(({ name, category, description, features }) => [
    `\`${name}\``,
    category,
    description,
    features.join(', '),
  ]);
  return markdownTable(['profile', 'category', 'what it is', 'sets'], rows);
}

function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

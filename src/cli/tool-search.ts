import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { TOOL_CATEGORIES } from '../tools/define.js';
import type { ToolEntry } from '../tools/registry.js';

/** The tools of a category, in any case of its letters; all without one. @throws `usage.invalid` */
export function toolsOfCategory(tools: readonly ToolEntry[], category: string | undefined): ToolEntry[] {
  if (category === undefined) return [...tools];
  const wanted = category.toLowerCase();
  const known = [...new Set([...TOOL_CATEGORIES, ...tools.map((tool) => tool.category)])];
  if (known.includes(wanted)) return tools.filter((tool) => tool.category === wanted);
  const near = closest(wanted, known);
  throw fail('usage.invalid', `There is no tool category '${category}'`, {
    hint: near ? `Did you mean '${near}'?` : `Categories: ${known.join(', ')}`,
  });
}

/** The tools that any of the words occurs in, best first: more words, then words in the name. */
export function searchTools(tools: readonly ToolEntry[], words: readonly string[]): ToolEntry[] {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  return tools
    .map((tool) => ({ tool, score: score(tool, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1))
    .map(({ tool }) => tool);
}

/** A word in a name or alias counts a little more than one in the description. */
function score({ name, aliases, description, category }: ToolEntry, words: readonly string[]): number {
  const names = [name, ...aliases].join(' ').toLowerCase();
  const text = `${names} ${category} ${description.toLowerCase()}`;
  const hits = words.filter((word) => text.includes(word)).length;
  const inName = words.filter((word) => names.includes(word)).length;
  return hits + inName / (words.length + 1);
}

import type { Graph } from './model.js';

/** The graph as a Mermaid flowchart. Nodes get plain names, and their ids or labels as text. */
export function toMermaid(graph: Graph): string {
  const names = new Map([...graph.nodes.keys()].map((id, index) => [id, `n${index}`]));
  const nodes = [...graph.nodes.values()].map(
    ({ id, label }) => `  ${names.get(id)}["${escaped(label ?? id)}"]`,
  );
  const edges = graph.edges.map(({ from, to, label, weight }) => {
    const text = label ?? (weight === undefined ? undefined : String(weight));
    const line = graph.directed ? '-->' : '---';
    return `  ${names.get(from)} ${line}${text === undefined ? '' : `|"${escaped(text)}"|`} ${names.get(to)}`;
  });
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

/** Mermaid reads `#34;` and the like as characters. */
function escaped(text: string): string {
  return text
    .replace(/[#"<>&`|[\]{}\\;]/g, (character) => `#${character.codePointAt(0)};`)
    .replace(/\s+/g, ' ');
}

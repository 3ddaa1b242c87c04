import { hasText, type XmlElement } from './tree.js';

/** The text of a document in lines: one for each element that has text of its own, spaces made single. */
export function textLines(element: XmlElement): string[] {
  if (hasText(element)) return nonEmpty(allText(element).replace(/\s+/g, ' ').trim());
  return element.children.flatMap((node) => (node.kind === 'element' ? textLines(node) : []));
}

function allText(element: XmlElement): string {
  const parts = element.children.map((node) => {
    if (node.kind === 'element') return allText(node);
    return node.kind === 'text' || node.kind === 'cdata' ? node.text : '';
  });
  return parts.join('');
}

function nonEmpty(line: string): string[] {
  return line === '' ? [] : [line];
}

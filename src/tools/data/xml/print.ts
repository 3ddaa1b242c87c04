import type { ExecutionContext } from '../../../core/context.js';
import { pause } from '../source/bytes.js';
import { hasText, type XmlDocument, type XmlElement, type XmlNode } from './tree.js';

/** How a document is written. */
export interface PrintOptions {
  /** Spaces for each level; -1 for no line breaks at all. */
  indent: number;
  comments: boolean;
  declaration: boolean;
}

/** Characters that are written before others get their turn. */
const PIECE_CHARACTERS = 64 * 1024;

/** The text of a document, piece by piece. Space that means something is kept. */
export async function* printed(
  document: Pick<XmlDocument, 'root' | 'before' | 'after'>,
  options: PrintOptions,
  context: ExecutionContext,
): AsyncGenerator<string, void, undefined> {
  const newline = options.indent < 0 ? '' : '\n';
  let piece = options.declaration ? `<?xml version="1.0" encoding="UTF-8"?>${newline}` : '';
  for (const node of [...document.before, document.root, ...document.after]) {
    for (const part of nodeParts(node, 0, options)) {
      piece += part;
      if (piece.length < PIECE_CHARACTERS) continue;
      yield piece;
      piece = '';
      await pause(context);
    }
    piece += newline;
  }
  yield piece;
}

/** An element on its own, on one line. */
export function printedElement(element: XmlElement): string {
  return [...inlineParts(element, true)].join('');
}

function* nodeParts(node: XmlNode, level: number, options: PrintOptions): Generator<string> {
  if (node.kind === 'comment' && !options.comments) return;
  if (node.kind !== 'element' || hasText(node) || keepsSpace(node)) {
    yield* inlineParts(node, options.comments);
    return;
  }
  const children = node.children.filter((child) => isShown(child, options));
  if (children.length === 0) {
    yield `<${startTag(node)}/>`;
    return;
  }
  const line = (depth: number) => (options.indent < 0 ? '' : `\n${' '.repeat(depth * options.indent)}`);
  yield `<${startTag(node)}>`;
  for (const child of children) {
    yield line(level + 1);
    yield* nodeParts(child, level + 1, options);
  }
  yield `${line(level)}</${node.name}>`;
}

function isShown(node: XmlNode, { comments }: PrintOptions): boolean {
  return node.kind !== 'text' && (node.kind !== 'comment' || comments);
}

function* inlineParts(node: XmlNode, comments: boolean): Generator<string> {
  switch (node.kind) {
    case 'text':
      yield escapedText(node.text);
      return;
    case 'cdata':
      yield `<![CDATA[${node.text}]]>`;
      return;
    case 'comment':
      if (comments) yield `<!--${node.text}-->`;
      return;
    case 'instruction':
      yield `<?${node.target}${node.body ? ` ${node.body}` : ''}?>`;
      return;
    case 'element':
      yield* inlineElement(node, comments);
  }
}

function* inlineElement(element: XmlElement, comments: boolean): Generator<string> {
  if (element.children.length === 0) {
    yield `<${startTag(element)}/>`;
    return;
  }
  yield `<${startTag(element)}>`;
  for (const child of element.children) yield* inlineParts(child, comments);
  yield `</${element.name}>`;
}

function startTag({ name, attributes }: XmlElement): string {
  return [name, ...attributes.map(([key, value]) => `${key}="${escapedAttribute(value)}"`)].join(' ');
}

function keepsSpace({ attributes }: XmlElement): boolean {
  return attributes.some(([name, value]) => name === 'xml:space' && value === 'preserve');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapedText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => ESCAPES[character]!);
}

function escapedAttribute(text: string): string {
  return text.replace(/[&<"\t\n\r]/g, (character) => ESCAPES[character]!);
}

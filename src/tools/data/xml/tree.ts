import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { ByteSource } from '../source/bytes.js';
import { readWellFormed } from './reader.js';

/** The most elements, texts and comments of a document that is held as a whole. */
const MAX_NODES = 1_000_000;

/** An element with its attributes as they were written, prefixes included. */
export interface XmlElement {
  kind: 'element';
  name: string;
  attributes: [name: string, value: string][];
  children: XmlNode[];
}

/** What an element holds. */
export type XmlNode =
  | XmlElement
  | { kind: 'text' | 'cdata' | 'comment'; text: string }
  | { kind: 'instruction'; target: string; body: string };

/** A document as a whole. */
export interface XmlDocument {
  root: XmlElement;
  /** Comments and instructions before and after the root. */
  before: XmlNode[];
  after: XmlNode[];
  hasDeclaration: boolean;
  /** Prefix → name of a namespace, as the root declares them; the default one has an empty prefix. */
  namespaces: Record<string, string>;
  elements: number;
  depth: number;
}

/** Reads a document into memory. @throws `input.invalid` for one that is not well-formed or too large */
export async function readTree(
  source: ByteSource,
  context: ExecutionContext,
  maxBytes: number,
): Promise<XmlDocument> {
  const builder = new TreeBuilder();
  await readWellFormed(
    source,
    {
      open: (tag) =>
        builder.open(
          tag.name,
          Object.values(tag.attributes).map(({ name, value }) => [name, value]),
          tag.ns,
        ),
      close: () => builder.close(),
      text: (text) => builder.add({ kind: 'text', text }),
      cdata: (text) => builder.add({ kind: 'cdata', text }),
      comment: (text) => builder.add({ kind: 'comment', text }),
      instruction: (target, body) => builder.add({ kind: 'instruction', target, body }),
      declaration: () => builder.declare(),
    },
    context,
    maxBytes,
  );
  return builder.document();
}

/** Whether the element's own text means something: then the space between its children does too. */
export function hasText(element: XmlElement): boolean {
  return element.children.some(
    (node) => (node.kind === 'text' && node.text.trim() !== '') || node.kind === 'cdata',
  );
}

class TreeBuilder {
  private readonly stack: XmlElement[] = [];
  private root: XmlElement | undefined;
  private readonly before: XmlNode[] = [];
  private readonly after: XmlNode[] = [];
  private hasDeclaration = false;
  private namespaces: Record<string, string> = {};
  private elements = 0;
  private depth = 0;
  private nodes = 0;

  open(name: string, attributes: [string, string][], declared: Record<string, string> | undefined): void {
    const element: XmlElement = { kind: 'element', name, attributes, children: [] };
    this.count();
    this.elements++;
    if (this.root === undefined) {
      this.root = element;
      this.namespaces = { ...declared };
    } else this.stack.at(-1)?.children.push(element);
    this.stack.push(element);
    this.depth = Math.max(this.depth, this.stack.length);
  }

  close(): void {
    this.stack.pop();
  }

  add(node: XmlNode): void {
    this.count();
    const parent = this.stack.at(-1);
    (parent?.children ?? (this.root ? this.after : this.before)).push(node);
  }

  declare(): void {
    this.hasDeclaration = true;
  }

  document(): XmlDocument {
    const { root, before, after, hasDeclaration, namespaces, elements, depth } = this;
    // A document without a root is not well-formed, so there is one.
    return { root: root!, before, after, hasDeclaration, namespaces, elements, depth };
  }

  private count(): void {
    if (++this.nodes > MAX_NODES)
      throw fail('input.invalid', `The document has more than ${MAX_NODES} elements and texts`);
  }
}

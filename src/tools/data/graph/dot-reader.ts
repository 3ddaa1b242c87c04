import { fail, type LlmspellError } from '../../../core/errors.js';
import { type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { isExactNumber } from '../csv/value-kind.js';
import { addEdge, addNode, GRAPH_LIMITS, type Graph, type GraphEdge } from './model.js';

type Token = { text: string; quoted: boolean; at: number };

/** Space and comments; a line that begins with # is one too. */
const SKIPPED = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#[^\n]*/my;
const TOKEN =
  /"(?<quoted>[^"\\]*(?:\\[\s\S][^"\\]*)*)"|(?<word>-?(?:\.\d+|\d+(?:\.\d*)?)|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|(?<sign>->|--|[{}[\]=;,:])/y;
const KEYWORDS = new Set(['node', 'edge', 'graph']);

/**
 * Reads a graph in the language of Graphviz: nodes, edges and their attributes. Groups are flattened, what concerns
 * the drawing as a whole is left out.
 * @throws `input.invalid`
 */
export function fromDot(text: string): Graph {
  return new DotReader(tokens(text)).graph();
}

function tokens(text: string): Token[] {
  if (text.length > GRAPH_LIMITS.characters)
    throw fail('input.invalid', `The graph is longer than ${GRAPH_LIMITS.characters} characters`);
  const found: Token[] = [];
  for (let at = afterSpace(text, 0); at < text.length; at = afterSpace(text, TOKEN.lastIndex)) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw unreadable(`unexpected '${text.slice(at, at + 10)}'`, at);
    const { quoted, word, sign } = match.groups as Record<string, string | undefined>;
    found.push({
      text: quoted === undefined ? (word ?? sign!) : unquoted(quoted),
      quoted: quoted !== undefined,
      at,
    });
  }
  return found;
}

function afterSpace(text: string, start: number): number {
  SKIPPED.lastIndex = start;
  let at = start;
  while (SKIPPED.exec(text)) at = SKIPPED.lastIndex;
  return at;
}

class DotReader {
  private next = 0;
  private readonly built: Graph = { directed: true, nodes: new Map(), edges: [], createdAt: undefined };

  constructor(private readonly tokens: readonly Token[]) {}

  graph(): Graph {
    this.skip('strict');
    if (this.skip('graph')) this.built.directed = false;
    else this.expect('digraph');
    if (!this.isSign('{')) this.name();
    this.block();
    const rest = this.tokens[this.next];
    if (rest) throw unreadable(`unexpected '${rest.text}'`, rest.at);
    return this.built;
  }

  /** Gives the ids of the nodes inside, so that a group can be the end of an edge. */
  private block(): string[] {
    this.expect('{');
    const ids: string[] = [];
    while (!this.skip('}')) {
      ids.push(...this.statement());
      while (this.skip(';') || this.skip(',')) {
        // Statements may be divided by any number of these.
      }
    }
    return ids;
  }

  private statement(): string[] {
    const token = this.tokens[this.next];
    if (token && !token.quoted && KEYWORDS.has(token.text.toLowerCase())) {
      this.next++;
      this.attributes();
      return [];
    }
    if (this.tokens[this.next + 1]?.text === '=' && !this.tokens[this.next + 1]!.quoted) {
      this.next += 2;
      this.name();
      return [];
    }
    return this.chain();
  }

  /** A node with attributes, or nodes and groups joined by edges. */
  private chain(): string[] {
    const ends = [this.end()];
    while (this.skip('->') || this.skip('--')) ends.push(this.end());
    const attributes = this.attributes();
    if (ends.length === 1 && ends[0]!.single) this.describe(ends[0]!.ids[0]!, attributes);
    for (const [index, to] of ends.entries()) {
      if (index === 0) continue;
      for (const from of ends[index - 1]!.ids)
        for (const id of to.ids) addEdge(this.built, edgeOf(from, id, attributes));
    }
    return ends.flatMap(({ ids }) => ids);
  }

  private end(): { ids: string[]; single: boolean } {
    if (this.skip('subgraph')) {
      if (!this.isSign('{')) this.name();
      return { ids: this.block(), single: false };
    }
    if (this.isSign('{')) return { ids: this.block(), single: false };
    const id = this.name();
    // A port says where on the node an edge ends.
    while (this.skip(':')) this.name();
    if (!this.built.nodes.has(id)) addNode(this.built, { id });
    return { ids: [id], single: true };
  }

  private describe(id: string, attributes: ReadonlyMap<string, string>): void {
    const node = this.built.nodes.get(id)!;
    const { label, data } = described(attributes);
    if (label !== undefined) node.label = label;
    if (data) node.data = { ...node.data, ...data };
  }

  private attributes(): Map<string, string> {
    const found = new Map<string, string>();
    while (this.skip('[')) {
      while (!this.skip(']')) {
        const key = this.name();
        found.set(key, this.skip('=') ? this.name() : 'true');
        if (!this.skip(',')) this.skip(';');
      }
    }
    return found;
  }

  private name(): string {
    const token = this.tokens[this.next];
    if (!token || (!token.quoted && /^(?:->|--|[{}[\]=;,:])$/.test(token.text)))
      throw unreadable(`expected a name, found '${token?.text ?? 'the end'}'`, token?.at ?? -1);
    this.next++;
    return token.text;
  }

  private isSign(text: string): boolean {
    const token = this.tokens[this.next];
    return token !== undefined && !token.quoted && token.text.toLowerCase() === text;
  }

  private skip(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (this.skip(text)) return;
    const token = this.tokens[this.next];
    throw unreadable(`expected '${text}', found '${token?.text ?? 'the end'}'`, token?.at ?? -1);
  }
}

function edgeOf(from: string, to: string, attributes: ReadonlyMap<string, string>): GraphEdge {
  const { label, data = {} } = described(attributes);
  const { weight, ...rest } = data;
  const edge: GraphEdge = { from, to, label };
  if (typeof weight === 'number') edge.weight = weight;
  if (Object.keys(rest).length > 0) edge.data = rest;
  return edge;
}

function described(attributes: ReadonlyMap<string, string>): { label?: string; data?: JsonObject } {
  const data: JsonObject = {};
  for (const [key, value] of attributes) if (key !== 'label') setOwn(data, key, plain(value));
  const label = attributes.get('label');
  return {
    ...(label !== undefined && { label: labelText(label) }),
    ...(Object.keys(data).length > 0 && { data }),
  };
}

function plain(value: string): JsonValue {
  return isExactNumber(value) ? Number(value) : value;
}

/** Inside quotes only a quote and the end of a line can be escaped; what else follows a backslash stays with it. */
function unquoted(text: string): string {
  return text.replace(/\\(["\n]|\r\n|\\)/g, (whole, character: string) => {
    if (character === '"') return '"';
    return character === '\\' ? whole : '';
  });
}

/** In labels, backslashes begin line breaks and stand for themselves. */
function labelText(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => (/[nlr]/.test(character) ? '\n' : character));
}

function unreadable(problem: string, at: number): LlmspellError {
  return fail('input.invalid', `Invalid DOT: ${problem}${at < 0 ? '' : ` at position ${at + 1}`}`);
}

import { documentBlocks } from './blocks.js';

/** A line of a source. */
export interface SourceLine {
  /** Line number inside the source, from 1. */
  number: number;
  text: string;
}

/** A source that can be quoted. */
export interface SourceDocument {
  /** As it is cited: a path, a URL, or `message` for text without a name. */
  path: string;
  lines: SourceLine[];
}

/** Text taken apart: what can be quoted, and what is left of it. */
export interface MarkedText {
  documents: SourceDocument[];
  /** The text outside all marked sources. */
  rest: string;
}

const HEADER = /^(?:\[source:\s*([^\]]+?)\s*\]|#{0,3}\s*File:\s*(\S.*?))\s*$/i;
/** What `grep -n` prints; the path needs a dot or slash, so that `Note:3: …` is no source. */
const LOCATED = /^([^\s:]*[./][^\s:]*):(\d+):\s?(.*)$/;

/**
 * Finds the sources that a text marks. The documented form is
 * `<document path="docs/x.md" line="40">…</document>` (`line` is the number of its first line, 1 when absent).
 * Also understood: a line `[source: path]` or `# File: path` before a source that goes on to the next such line,
 * and lines of the form `path:line:text`.
 */
export function findDocuments(text: string): MarkedText {
  const documents: SourceDocument[] = [];
  const { blocks, outside } = documentBlocks(text);
  for (const { attributes, body } of blocks) {
    const path =
      attribute(attributes, 'path') ?? attribute(attributes, 'source') ?? attribute(attributes, 'name');
    documents.push(numbered(path ?? 'document', body, Number(attribute(attributes, 'line') ?? 1)));
  }
  const { found, rest } = readHeaders(outside.split(/\r?\n/));
  return { documents: merged([...documents, ...found]), rest: rest.join('\n') };
}

/** A source whose lines are counted from `first`. */
export function numbered(path: string, text: string, first = 1): SourceDocument {
  const start = Number.isInteger(first) && first > 0 ? first : 1;
  return { path, lines: text.split(/\r?\n/).map((line, index) => ({ number: start + index, text: line })) };
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|(\\S+))`, 'i').exec(attributes);
  return (match?.[1] ?? match?.[2] ?? match?.[3])?.trim() || undefined;
}

function readHeaders(lines: string[]): { found: SourceDocument[]; rest: string[] } {
  const found: SourceDocument[] = [];
  const rest: string[] = [];
  let open: SourceDocument | undefined;
  for (const text of lines) {
    const header = HEADER.exec(text);
    const located = header || open ? null : LOCATED.exec(text);
    if (header) found.push((open = { path: (header[1] ?? header[2])!, lines: [] }));
    else if (located)
      found.push({ path: located[1]!, lines: [{ number: Number(located[2]), text: located[3]! }] });
    else if (open) open.lines.push({ number: open.lines.length + 1, text });
    else rest.push(text);
  }
  return { found, rest };
}

/** One source per path; lines that were given twice are kept once, all in order. */
function merged(documents: SourceDocument[]): SourceDocument[] {
  const byPath = new Map<string, Map<number, SourceLine>>();
  for (const { path, lines } of documents) {
    const known = byPath.get(path) ?? new Map<number, SourceLine>();
    for (const line of lines) known.set(line.number, line);
    byPath.set(path, known);
  }
  return [...byPath].map(([path, lines]) => ({
    path,
    lines: [...lines.values()].sort((a, b) => a.number - b.number),
  }));
}

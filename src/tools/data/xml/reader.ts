import type { SaxesTagNS } from 'saxes';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type ByteSource, bytesOf } from '../source/bytes.js';
import { decoded, detectEncoding } from '../source/encoding.js';

/** The deepest nesting of elements that is read. */
export const MAX_XML_DEPTH = 256;
/** Characters that go through the parser at a time. */
const CHUNK_CHARACTERS = 64 * 1024;

/** What is wrong with a document, and where (both from 1). */
export interface XmlProblem {
  message: string;
  line: number;
  column: number;
}

/** What is told about a document while it is read; a handler that is absent is not told. */
export interface XmlHandlers {
  open?(tag: SaxesTagNS): void;
  close?(tag: SaxesTagNS): void;
  text?(text: string): void;
  cdata?(text: string): void;
  comment?(text: string): void;
  instruction?(target: string, body: string): void;
  declaration?(version: string | undefined, encoding: string | undefined): void;
}

/**
 * Reads a document from its start to its end, with pauses, and gives the first place where it is not well-formed: what
 * comes after that cannot be trusted. Document types are refused before anything in them has an effect, and with them entities: what is not expanded can neither reach
 * for files nor grow.
 * @throws `input.invalid` for a document type, and for elements nested too deep
 */
export async function readXml(
  source: ByteSource,
  handlers: XmlHandlers,
  context: ExecutionContext,
  maxBytes: number,
): Promise<XmlProblem | undefined> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ xmlns: true, position: true });
  const seen = firstProblem(parser);
  let depth = 0;
  parser.on('doctype', refuseDoctype);
  parser.on('opentag', (tag) => {
    if (++depth > MAX_XML_DEPTH)
      throw fail('input.invalid', `Elements are nested deeper than ${MAX_XML_DEPTH} levels`);
    handlers.open?.(tag);
  });
  parser.on('closetag', (tag) => {
    depth--;
    handlers.close?.(tag);
  });
  parser.on('text', (text) => {
    if (depth > 0) handlers.text?.(text);
  });
  parser.on('cdata', (text) => handlers.cdata?.(text));
  parser.on('comment', (text) => handlers.comment?.(text));
  parser.on('processinginstruction', ({ target, body }) => handlers.instruction?.(target, body));
  parser.on('xmldecl', ({ version, encoding }) => handlers.declaration?.(version, encoding));
  for await (const text of xmlText(source, context, maxBytes)) {
    for (let at = 0; at < text.length; at += CHUNK_CHARACTERS)
      parser.write(text.slice(at, at + CHUNK_CHARACTERS));
    if (seen.problem) return seen.problem;
  }
  parser.close();
  return seen.problem;
}

/** As {@link readXml}, for documents that must be well-formed. @throws `input.invalid` at the first problem */
export async function readWellFormed(
  source: ByteSource,
  handlers: XmlHandlers,
  context: ExecutionContext,
  maxBytes: number,
): Promise<void> {
  const problem = await readXml(source, handlers, context, maxBytes);
  if (!problem) return;
  const { message, line, column } = problem;
  throw fail('input.invalid', `XML is not well-formed: ${message} at line ${line}, column ${column}`, {
    details: { line, column },
  });
}

/** The text of a document, decoded as its mark or its declaration says. */
export async function* xmlText(
  source: ByteSource,
  context: ExecutionContext,
  maxBytes: number,
): AsyncGenerator<string, void, undefined> {
  const bytes = bytesOf(source, 'xml-processor', context, maxBytes);
  const { value: start } = await bytes.next();
  if (start === undefined) return;
  async function* whole() {
    try {
      yield start as Uint8Array;
      yield* bytes;
    } finally {
      await bytes.return();
    }
  }
  yield* decoded(whole(), 'text' in source ? 'utf-8' : await encodingOf(start));
}

/** A byte order mark counts more than what the document says of itself, and that more than a guess. */
async function encodingOf(start: Uint8Array): Promise<string> {
  const detected = await detectEncoding(start);
  if (detected.startsWith('utf-16') || detected.startsWith('utf-32') || start[0] === 0xef) return detected;
  const head = Buffer.from(start.subarray(0, 200)).toString('latin1');
  const named = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
  const iconv = (await import('iconv-lite')).default;
  if (named === undefined) return 'utf-8';
  if (iconv.encodingExists(named)) return named.toLowerCase();
  throw fail('input.invalid', `Unknown encoding '${named}' in the XML declaration`);
}

function firstProblem(parser: {
  on(event: 'error', handler: (error: Error) => void): void;
  line: number;
  column: number;
}): { problem?: XmlProblem } {
  const seen: { problem?: XmlProblem } = {};
  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    seen.problem ??= { message, line: parser.line, column: Math.max(1, parser.column) };
  });
  return seen;
}

function refuseDoctype(): never {
  throw fail('input.invalid', 'The document has a DOCTYPE; document types and entities are not read', {
    hint: 'Remove the <!DOCTYPE …> declaration and write out its entities.',
  });
}

import { fail } from '../../../core/errors.js';

/** A tag that was read. */
export interface OpenTag {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether it is the end of its element. */
  readonly closed: boolean;
  /** The text of an element that was asked for; at its end. */
  readonly text: string;
  /** The names of the elements around it. */
  readonly path: readonly string[];
}

/**
 * The tags of an XML document, read as a stream. There are no entities but the five of XML itself, and no document
 * types.
 * @param textOf names of the elements whose text is wanted
 */
export async function* readTags(
  chunks: AsyncIterable<Uint8Array>,
  textOf: readonly string[] = [],
): AsyncGenerator<OpenTag> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ xmlns: false });
  const decoder = new TextDecoder();
  const path: string[] = [];
  let tags: OpenTag[] = [];
  let problem: Error | undefined;
  let text = '';
  parser.on('error', (error) => (problem ??= error));
  parser.on('doctype', () => (problem ??= new Error('document types are not allowed')));
  parser.on('text', (piece) => (text += piece));
  parser.on('cdata', (piece) => (text += piece));
  parser.on('opentag', (tag) => {
    const name = localName(tag.name);
    text = '';
    tags.push({
      name,
      attributes: tag.attributes as Record<string, string>,
      closed: false,
      text: '',
      path: [...path],
    });
    path.push(name);
  });
  parser.on('closetag', (tag) => {
    const name = localName(tag.name);
    path.pop();
    tags.push({
      name,
      attributes: {},
      closed: true,
      text: textOf.includes(name) ? text : '',
      path: [...path],
    });
    text = '';
  });
  for await (const chunk of chunks)
    for (const piece of slices(decoder.decode(chunk, { stream: true }))) {
      parser.write(piece);
      if (problem || path.length > 100) throw invalid(problem ?? new Error('it is nested too deep'));
      yield* tags;
      tags = [];
    }
  parser.close();
  if (problem) throw invalid(problem);
  yield* tags;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536);
}

function invalid(cause: Error): Error {
  return fail('input.invalid', `Invalid XML: ${cause.message}`, { cause });
}

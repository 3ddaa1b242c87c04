import type { ExecutionContext } from '../../../core/context.js';
import type { ByteSource } from '../source/bytes.js';
import { readWellFormed, xmlText } from './reader.js';

/** A well-formed document as one text, with the prefixes its root declares. */
export interface WholeText {
  value: string;
  /** Prefix → namespace; the default namespace is called `default` unless that is a prefix already. */
  namespaces: Record<string, string>;
}

/** Reads a document once and checks it. @throws `input.invalid` for one that is not well-formed */
export async function wholeText(
  source: ByteSource,
  context: ExecutionContext,
  maxBytes: number,
): Promise<WholeText> {
  let value = '';
  for await (const piece of xmlText(source, context, maxBytes)) value += piece;
  let declared: Record<string, string> | undefined;
  const open = (tag: { ns?: Record<string, string> }) => {
    declared ??= tag.ns ?? {};
  };
  await readWellFormed({ text: value }, { open }, context, Number.MAX_SAFE_INTEGER);
  return { value, namespaces: named(declared ?? {}) };
}

function named({ '': unnamed, ...prefixes }: Record<string, string>): Record<string, string> {
  return unnamed === undefined ? prefixes : { default: unnamed, ...prefixes };
}

import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { fail, LlmspellError } from '../../../core/errors.js';
import { namedCharset } from '../page/charset.js';
import {
  type SitemapKind,
  type SitemapParser,
  type SitemapSink,
  textSitemapParser,
  xmlSitemapParser,
} from './sitemap-parser.js';

/** Bytes parsed before others get a turn. */
const CHUNK_BYTES = 32 * 1024;
/** Bytes a sitemap may have once it is unpacked: what the protocol allows. */
export const MAX_SITEMAP_BYTES = 52_428_800;

/** A sitemap as it was fetched. */
export interface SitemapDocument {
  body: Uint8Array;
  contentType: string | undefined;
  url: string;
}

/**
 * Reads a sitemap, packed with gzip or not, until its end or until `enough`.
 * Contract: `enough` is asked between pieces; what was found before goes to `sink` even when it is broken later.
 * @throws `tool.failed` for what is broken or too large, or the signal's reason
 */
export async function readSitemap(
  document: SitemapDocument,
  sink: SitemapSink,
  enough: () => boolean,
  signal: AbortSignal,
): Promise<SitemapKind> {
  let parser: SitemapParser | undefined;
  let size = 0;
  for await (const bytes of unpacked(document.body)) {
    parser ??= await parserFor(document, bytes, sink);
    if (!parser) return 'other';
    size += bytes.length;
    if (size > MAX_SITEMAP_BYTES)
      throw fail('tool.failed', `The sitemap exceeds maximum allowed size of ${MAX_SITEMAP_BYTES} bytes`);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      parser.write(bytes.subarray(at, at + CHUNK_BYTES));
      await setImmediate();
      signal.throwIfAborted();
      if (enough()) return parser.kind();
    }
  }
  parser?.end();
  return parser?.kind() ?? 'other';
}

/** XML where it begins like XML, lines of addresses where it begins with one; anything else is no sitemap. */
async function parserFor(
  { contentType }: SitemapDocument,
  start: Uint8Array,
  sink: SitemapSink,
): Promise<SitemapParser | undefined> {
  const charset = namedCharset(start, contentType) ?? 'utf-8';
  const text = new TextDecoder(charset === 'utf-16le' || charset === 'utf-16be' ? charset : 'utf-8')
    .decode(start.subarray(0, 1024))
    .trimStart();
  if (/^<(?:!doctype html|html)\b/i.test(text)) return undefined;
  if (text.startsWith('<')) return xmlSitemapParser(charset, sink);
  return /^https?:\/\//i.test(text) ? textSitemapParser(charset, sink) : undefined;
}

async function* unpacked(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) {
    if (body.length > 0) yield body;
    return;
  }
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.end(body);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof LlmspellError) throw error;
    throw fail('tool.failed', `The sitemap is not valid gzip: ${(error as Error).message}`);
  }
}

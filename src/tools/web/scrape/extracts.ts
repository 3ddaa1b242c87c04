import { type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import type { Hit, PageContent, Pick } from '../page/read-page.js';
import { absoluteUrl } from '../page/web-url.js';
import type { ScrapeInput } from './input.js';

/** A list that `extract_…` asks for. */
export interface Extract {
  /** The key of the result. */
  name: 'links' | 'images' | 'metadata';
  pick: Pick;
  /** What the elements give. */
  value(hits: readonly Hit[], content: PageContent): JsonValue;
}

/** Meta tags that count, whatever `max_items` says. */
const MOST_META_TAGS = 200;
/** Addresses longer than this hold data, not an address. */
const LONGEST_ADDRESS = 4096;

/** What the input asks for. */
export function extractsOf(input: ScrapeInput): Extract[] {
  const limit = input.max_items;
  const extracts: (Extract | false)[] = [
    input.extract_links && {
      name: 'links',
      pick: {
        selector: 'a[href], area[href]',
        limit,
        text: true,
        attributes: ['href', 'rel', 'title', 'alt'],
      },
      value: links,
    },
    input.extract_images && {
      name: 'images',
      pick: {
        selector: 'img',
        limit,
        attributes: ['src', 'data-src', 'srcset', 'alt', 'title', 'width', 'height'],
      },
      value: images,
    },
    input.extract_meta && {
      name: 'metadata',
      pick: {
        selector: 'meta[content], meta[charset], link[rel="canonical" i][href]',
        limit: MOST_META_TAGS,
        attributes: ['name', 'property', 'http-equiv', 'content', 'charset', 'href'],
      },
      value: metadata,
    },
  ];
  return extracts.filter((extract) => extract !== false);
}

function links(hits: readonly Hit[], { base }: PageContent): JsonValue {
  return hits.flatMap(({ text, attributes = {} }) => {
    const href = address(attributes.href, base);
    if (href === undefined) return [];
    const { rel, title, alt } = attributes;
    return [{ href, text: text || alt || title || '', ...(rel && { rel }) }];
  });
}

function images(hits: readonly Hit[], { base }: PageContent): JsonValue {
  return hits.flatMap(({ attributes = {} }) => {
    const src = [attributes.src, attributes['data-src'], attributes.srcset?.trim().split(/[\s,]/)[0]]
      .map((reference) => (reference?.startsWith('data:') ? undefined : address(reference, base)))
      .find((found) => found !== undefined);
    if (src === undefined) return [];
    const { alt = '', title, width, height } = attributes;
    return [{ src, alt, ...(title && { title }), ...(width && { width }), ...(height && { height }) }];
  });
}

function metadata(hits: readonly Hit[], { base, language }: PageContent): JsonValue {
  const tags: Record<string, string> = {};
  let canonical: string | undefined;
  for (const { attributes = {} } of hits) {
    const name = attributes.name ?? attributes.property ?? attributes['http-equiv'];
    if (attributes.href !== undefined) canonical ??= address(attributes.href, base);
    else if (attributes.charset !== undefined) setOwn(tags, 'charset', attributes.charset);
    else if (name !== undefined && !Object.hasOwn(tags, name)) setOwn(tags, name, attributes.content ?? '');
  }
  const description = tags.description ?? tags['og:description'];
  const found: JsonObject = { meta_tags: tags };
  if (description !== undefined) found.description = description;
  if (canonical !== undefined) found.canonical = canonical;
  if (language) found.language = language;
  return found;
}

function address(reference: string | undefined, base: string): string | undefined {
  if (!reference || reference.length > LONGEST_ADDRESS) return undefined;
  return absoluteUrl(reference, base)?.href;
}

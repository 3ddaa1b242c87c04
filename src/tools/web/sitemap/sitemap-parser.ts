import { fail } from '../../../core/errors.js';
import { textReader } from '../page/charset.js';

/** One page that a sitemap lists. */
export interface SitemapEntry {
  loc: string;
  lastmod?: string;
  changefreq?: string;
  priority?: string;
}

/** What a document turned out to be. */
export type SitemapKind = 'urlset' | 'sitemapindex' | 'text' | 'feed' | 'other';

/** Receives what is found, as soon as it is complete. */
export interface SitemapSink {
  page(entry: SitemapEntry): void;
  sitemap(loc: string): void;
}

/** Reads a sitemap piece by piece. Raises `tool.failed` for XML that is broken or declares a document type. */
export interface SitemapParser {
  write(bytes: Uint8Array): void;
  end(): void;
  /** What it is, once its root was read. */
  kind(): SitemapKind;
}

/** Characters of one address, date or number. */
const LONGEST_FIELD = 2048;
/** Elements stand at most this deep. */
const DEEPEST = 64;
/** Root elements. */
const KINDS: Readonly<Record<string, SitemapKind>> = {
  urlset: 'urlset',
  sitemapindex: 'sitemapindex',
  rss: 'feed',
  feed: 'feed',
};
const ENTRY_ELEMENTS = new Set(['url', 'sitemap', 'item', 'entry']);
const FIELDS: Readonly<Record<string, keyof SitemapEntry>> = {
  loc: 'loc',
  lastmod: 'lastmod',
  changefreq: 'changefreq',
  priority: 'priority',
  link: 'loc',
  pubDate: 'lastmod',
  updated: 'lastmod',
};

/** A parser for XML sitemaps, indexes and feeds. Entities that a document declares are never expanded: it may declare none. */
export async function xmlSitemapParser(charset: string, sink: SitemapSink): Promise<SitemapParser> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ position: false });
  const reader = await textReader(charset);
  const builder = new EntryBuilder(sink);
  parser.on('opentag', ({ name, attributes }) => builder.open(name, attributes as Record<string, string>));
  parser.on('closetag', () => builder.close());
  parser.on('text', (text) => builder.text(text));
  parser.on('cdata', (text) => builder.text(text));
  parser.on('doctype', () => {
    throw broken('it declares a document type');
  });
  parser.on('error', (error) => {
    throw broken(error.message);
  });
  return {
    write: (bytes) => void parser.write(reader.write(bytes)),
    end: () => void parser.write(reader.end()).close(),
    kind: () => builder.kind,
  };
}

/** A parser for the plain form: one address a line. */
export async function textSitemapParser(charset: string, sink: SitemapSink): Promise<SitemapParser> {
  const reader = await textReader(charset);
  let rest = '';
  const lines = (text: string) => {
    for (const line of text.split('\n').map((one) => one.trim())) if (line) sink.page({ loc: line });
  };
  return {
    write(bytes) {
      const text = rest + reader.write(bytes);
      const end = text.lastIndexOf('\n') + 1;
      lines(text.slice(0, end));
      rest = text.slice(end).slice(0, LONGEST_FIELD);
    },
    end: () => lines(rest + reader.end()),
    kind: () => 'text',
  };
}

/** Puts entries together. Only direct children of an entry count: `image:loc` and its like are something else. */
class EntryBuilder {
  kind: SitemapKind = 'other';
  private readonly path: string[] = [];
  private prefix = '';
  private entry: Partial<SitemapEntry> = {};
  private field: keyof SitemapEntry | undefined;
  private value = '';

  constructor(private readonly sink: SitemapSink) {}

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.path.length === 0) this.openRoot(name);
    this.path.push(this.ownName(name));
    if (this.path.length > DEEPEST) throw broken('it is nested too deeply');
    if (this.isEntry()) this.entry = {};
    this.field = this.fieldHere();
    this.value = this.field === 'loc' ? (attributes.href ?? '') : '';
  }

  text(text: string): void {
    if (this.field && this.value.length <= LONGEST_FIELD) this.value += text;
  }

  close(): void {
    const field = this.fieldHere();
    const value = this.value.trim();
    if (field && field === this.field && value && value.length <= LONGEST_FIELD) this.entry[field] ??= value;
    if (this.isEntry()) this.finish();
    this.field = undefined;
    this.path.pop();
  }

  private openRoot(name: string): void {
    const colon = name.indexOf(':');
    this.prefix = name.slice(0, colon + 1);
    this.kind = KINDS[name.slice(colon + 1)] ?? 'other';
  }

  /** The name without the root's own prefix; any other prefix stays and matches nothing. */
  private ownName(name: string): string {
    return this.prefix && name.startsWith(this.prefix) ? name.slice(this.prefix.length) : name;
  }

  private isEntry(depth = this.path.length): boolean {
    const inChannel = depth === 3 && this.path[0] === 'rss' && this.path[1] === 'channel';
    return this.kind !== 'other' && (depth === 2 || inChannel) && ENTRY_ELEMENTS.has(this.path[depth - 1]!);
  }

  private fieldHere(): keyof SitemapEntry | undefined {
    return this.isEntry(this.path.length - 1) ? FIELDS[this.path.at(-1)!] : undefined;
  }

  private finish(): void {
    const { loc, ...others } = this.entry;
    if (loc === undefined) return;
    if (this.path.at(-1) === 'sitemap') this.sink.sitemap(loc);
    else this.sink.page({ loc, ...others });
  }
}

function broken(why: string) {
  return fail('tool.failed', `The sitemap is not valid XML: ${why}`);
}

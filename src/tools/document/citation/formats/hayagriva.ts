import { isRecord } from '../../../../core/values.js';
import type { Item, ItemType, NameField, TextField } from '../item.js';
import { fromCslJson } from './csl-json.js';

const TYPES: Readonly<Record<string, ItemType>> = {
  article: 'article',
  chapter: 'chapter',
  entry: 'entry',
  anthos: 'chapter',
  report: 'report',
  thesis: 'thesis',
  web: 'webpage',
  blog: 'post-weblog',
  post: 'post',
  book: 'book',
  anthology: 'book',
  reference: 'book',
  proceedings: 'book',
  periodical: 'book',
  newspaper: 'book',
  patent: 'patent',
  repository: 'software',
  video: 'motion_picture',
  audio: 'song',
  artwork: 'graphic',
  legislation: 'legislation',
  case: 'legal_case',
  manuscript: 'manuscript',
  misc: 'document',
  original: 'document',
};
/** What an article is depends on what it stands in. */
const INSIDE: Readonly<Record<string, ItemType>> = {
  periodical: 'article-journal',
  newspaper: 'article-newspaper',
  proceedings: 'paper-conference',
  conference: 'paper-conference',
  anthology: 'chapter',
  book: 'chapter',
  reference: 'entry-encyclopedia',
  blog: 'post-weblog',
  web: 'webpage',
};
const FIELDS: Readonly<Record<string, TextField>> = {
  edition: 'edition',
  volume: 'volume',
  issue: 'issue',
  'page-range': 'page',
  'volume-total': 'number-of-volumes',
  genre: 'genre',
  note: 'note',
  abstract: 'abstract',
  language: 'language',
};
const PEOPLE: readonly NameField[] = ['author', 'editor', 'translator', 'director'];

/** Whether a document is a map of entries as Hayagriva has them: each one with a type, by its key. */
export function isHayagriva(document: unknown): document is Record<string, Record<string, unknown>> {
  if (!isRecord(document) || Array.isArray(document.references)) return false;
  const values = Object.values(document);
  return (
    values.length > 0 && values.every((value) => isRecord(value) && ('type' in value || 'title' in value))
  );
}

/** An entry of a Hayagriva file; what it stands in may be given as one or several parents. */
export function fromHayagriva(key: string, entry: Record<string, unknown>): Item | undefined {
  const parents = (Array.isArray(entry.parent) ? entry.parent : [entry.parent]).filter(isRecord);
  const parent = parents[0];
  const type = parent ? (INSIDE[word(parent.type)] ?? typeOf(entry)) : typeOf(entry);
  const record: Record<string, unknown> = {
    id: key,
    type,
    title: textOf(entry.title),
    ...(parent && { 'container-title': textOf(parent.title), ...fieldsOf(parent), ...placesOf(parent) }),
    ...fieldsOf(entry),
    ...placesOf(entry),
  };
  for (const role of PEOPLE) record[role] = entry[role] ?? (role === 'author' ? undefined : parent?.[role]);
  record.issued = entry.date ?? parent?.date;
  return fromCslJson(record, 0);
}

function word(value: unknown): string {
  return String(value ?? '').toLowerCase();
}

function typeOf(entry: Record<string, unknown>): ItemType {
  return TYPES[word(entry.type)] ?? 'document';
}

/** Texts may come with a short form and the wish to keep their case. */
function textOf(value: unknown): unknown {
  return isRecord(value) ? (value.value ?? value.name) : value;
}

function fieldsOf(entry: Record<string, unknown>): Record<string, unknown> {
  const pairs = Object.entries(FIELDS).map(([name, field]) => [field, textOf(entry[name])] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function placesOf(entry: Record<string, unknown>): Record<string, unknown> {
  const serial = isRecord(entry['serial-number']) ? entry['serial-number'] : {};
  const number = isRecord(entry['serial-number']) ? serial.serial : entry['serial-number'];
  const publisher = isRecord(entry.publisher)
    ? entry.publisher
    : { name: entry.publisher, location: entry.location };
  const url = isRecord(entry.url) ? entry.url : { value: entry.url };
  const found = {
    DOI: serial.doi ?? entry.doi,
    ISBN: serial.isbn ?? entry.isbn,
    ISSN: serial.issn ?? entry.issn,
    number,
    publisher: publisher.name ?? entry.organization,
    'publisher-place': publisher.location,
    URL: url.value,
    accessed: url.date,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

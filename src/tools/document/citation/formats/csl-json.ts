import { isRecord, type JsonObject, type JsonValue } from '../../../../core/values.js';
import {
  DATE_FIELDS,
  ITEM_TYPES,
  type Item,
  type ItemDate,
  type ItemType,
  NAME_FIELDS,
  type Name,
  TEXT_FIELDS,
} from '../item.js';
import { HTML, marked, unmarked } from '../rich.js';
import { cleanDoi } from './identifiers.js';
import { readDate, writeDate } from './item-dates.js';

const TAGS: readonly (readonly [RegExp, Parameters<typeof marked>[0]])[] = [
  [/<i>(.*?)<\/i>/gs, 'italic'],
  [/<b>(.*?)<\/b>/gs, 'bold'],
  [/<sup>(.*?)<\/sup>/gs, 'superscript'],
  [/<sub>(.*?)<\/sub>/gs, 'subscript'],
  [/<span class="nocase">(.*?)<\/span>/gs, 'fixed'],
];
const MARKUP: Readonly<Record<string, string>> = {
  ...HTML,
  '\ue008': '<span class="nocase">',
  '\ue009': '</span>',
};
/** What other programs call some of the types and fields. */
const TYPE_NAMES: Readonly<Record<string, ItemType>> = {
  'journal-article': 'article-journal',
  'book-chapter': 'chapter',
  'proceedings-article': 'paper-conference',
  'posted-content': 'article',
  dissertation: 'thesis',
  monograph: 'book',
  webpage: 'webpage',
};
const FIELD_NAMES: Readonly<Record<string, string>> = {
  doi: 'DOI',
  url: 'URL',
  isbn: 'ISBN',
  issn: 'ISSN',
  pmid: 'PMID',
  pmcid: 'PMCID',
  'short-title': 'title-short',
  shortTitle: 'title-short',
  journalAbbreviation: 'container-title-short',
  event: 'event-title',
  pages: 'page',
};

/** An item from an object of CSL-JSON; what it cannot mean is left out, and nothing but a type is no item. */
export function fromCslJson(value: unknown, index: number): Item | undefined {
  if (!isRecord(value)) return undefined;
  const record = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [FIELD_NAMES[key] ?? key, part]),
  );
  const id = record.id ?? record['citation-key'] ?? `item${index + 1}`;
  const item: Item = { id: unmarked(String(id)), type: typeOf(record.type) };
  for (const field of TEXT_FIELDS) {
    const text = textOf(record[field]);
    if (text !== undefined) item[field] = field.includes('title') ? curly(tagged(text)) : tagged(text);
  }
  for (const field of NAME_FIELDS) {
    const names = namesOf(record[field]);
    if (names.length > 0) item[field] = names;
  }
  for (const field of DATE_FIELDS) {
    const date = dateOf(record[field]);
    if (date) item[field] = date;
  }
  if (item.DOI !== undefined) item.DOI = cleanDoi(item.DOI);
  return Object.keys(item).length > 2 ? item : undefined;
}

function typeOf(type: unknown): ItemType {
  const name = String(type ?? '');
  return (ITEM_TYPES as readonly string[]).includes(name)
    ? (name as ItemType)
    : (TYPE_NAMES[name] ?? 'document');
}

function textOf(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(', ') : value;
  if (typeof first === 'number') return String(first);
  if (typeof first !== 'string' || first.trim() === '') return undefined;
  return unmarked(first).replace(/\s+/g, ' ').trim();
}

function tagged(text: string): string {
  return TAGS.reduce(
    (marking, [tag, mark]) => marking.replace(tag, (_, inner: string) => marked(mark, inner)),
    text,
  );
}

/** Straight quotation marks and apostrophes as a printer sets them. */
export function curly(text: string): string {
  return text
    .replace(/(^|[\s([{–—/\ue000-\ue009])"/g, '$1“')
    .replace(/"/g, '”')
    .replace(/(^|[\s([{–—“\ue000-\ue009])'(?=\S)/g, '$1‘')
    .replace(/'/g, '’');
}

function namesOf(value: unknown): Name[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.flatMap((name) => nameOf(name) ?? []);
}

function nameOf(value: unknown): Name | undefined {
  if (typeof value === 'string' && value.trim() !== '') return namedInText(value);
  if (!isRecord(value)) return undefined;
  const parts = [
    'family',
    'given',
    'dropping-particle',
    'non-dropping-particle',
    'suffix',
    'literal',
  ] as const;
  const found: Name = {};
  for (const part of parts) {
    const text = textOf(value[part] ?? (part === 'literal' ? value.name : undefined));
    if (text !== undefined) found[part] = text;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** `Family, Given` or `Family, Suffix, Given`; without a comma, an organisation. */
export function namedInText(text: string): Name {
  const parts = unmarked(text)
    .split(',')
    .map((part) => part.trim());
  if (parts.length === 1) return { literal: parts[0]! };
  const [whole = '', ...rest] = parts;
  const found = /^((?:\p{Ll}[\p{L}’'.]*\s+)+)(?=\p{Lu})/u.exec(whole);
  const particle = found ? { 'non-dropping-particle': found[1]!.trim() } : {};
  const given = rest.at(-1) ?? '';
  return {
    family: found ? whole.slice(found[1]!.length) : whole,
    ...(given !== '' && { given }),
    ...particle,
    ...(rest.length > 1 && { suffix: rest[0]! }),
  };
}

function dateOf(value: unknown): ItemDate | undefined {
  if (typeof value === 'string' || typeof value === 'number') return readDate(String(value));
  if (Array.isArray(value)) return dateFromParts(value.every(isRecord) ? value.map(yearMonthDay) : value);
  if (!isRecord(value)) return undefined;
  const literal = value.literal ?? value.raw;
  const parts = value['date-parts'] ?? (value.year === undefined ? undefined : [yearMonthDay(value)]);
  const date = Array.isArray(parts)
    ? dateFromParts(parts)
    : typeof literal === 'string'
      ? readDate(literal)
      : undefined;
  if (!date) return undefined;
  const season = Number(value.season);
  return { ...date, ...(season >= 1 && season <= 4 && { season }), ...(value.circa ? { circa: true } : {}) };
}

function yearMonthDay({ year, month, day }: Record<string, unknown>): unknown[] {
  return [year, month, day].filter((part) => part !== undefined && part !== null);
}

function dateFromParts(parts: readonly unknown[]): ItemDate | undefined {
  const lists = (Array.isArray(parts[0]) ? parts : [parts]) as unknown[][];
  const numbers = lists
    .slice(0, 2)
    .map((list) => list.slice(0, 3).map(Number).filter(Number.isInteger))
    .filter((list) => list.length > 0);
  return numbers.length > 0 ? { 'date-parts': numbers } : undefined;
}

/** An item as an object of CSL-JSON. */
export function toCslJson(item: Item): JsonObject {
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(item)) out[key] = withTags(value as JsonValue);
  return out;
}

/** As CSL-YAML has it: dates are text. */
export function toCslYaml(item: Item): JsonObject {
  const out = toCslJson(item);
  for (const field of DATE_FIELDS) if (item[field]) out[field] = writeDate(item[field]);
  return out;
}

function withTags(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(/[\ue000-\ue009]/g, (mark) => MARKUP[mark]!);
  if (Array.isArray(value)) return value.map(withTags);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTags(part)]));
}

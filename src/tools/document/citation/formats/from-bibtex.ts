import { isEnglish, isHeadline, sentenceCase } from '../case.js';
import type { Item, ItemDate, ItemType, Name, TextField } from '../item.js';
import type { BibtexEntry } from './bibtex-entries.js';
import { fromBibtexNames } from './bibtex-names.js';
import { cleanDoi } from './identifiers.js';
import { monthNumber, readDate } from './item-dates.js';
import { fromLatex } from './latex.js';

const TYPES: Readonly<Record<string, ItemType>> = {
  article: 'article-journal',
  suppperiodical: 'article-journal',
  review: 'review',
  book: 'book',
  mvbook: 'book',
  collection: 'book',
  mvcollection: 'book',
  proceedings: 'book',
  mvproceedings: 'book',
  booklet: 'pamphlet',
  manual: 'book',
  inbook: 'chapter',
  incollection: 'chapter',
  bookinbook: 'chapter',
  suppbook: 'chapter',
  inreference: 'entry-encyclopedia',
  inproceedings: 'paper-conference',
  conference: 'paper-conference',
  phdthesis: 'thesis',
  mastersthesis: 'thesis',
  thesis: 'thesis',
  techreport: 'report',
  report: 'report',
  online: 'webpage',
  electronic: 'webpage',
  www: 'webpage',
  unpublished: 'manuscript',
  patent: 'patent',
  dataset: 'dataset',
  software: 'software',
  movie: 'motion_picture',
  video: 'motion_picture',
  audio: 'song',
  artwork: 'graphic',
  image: 'graphic',
  standard: 'standard',
  legislation: 'legislation',
  jurisdiction: 'legal_case',
  letter: 'personal_communication',
  misc: 'document',
};
const GENRES: Readonly<Record<string, string>> = {
  phdthesis: 'PhD thesis',
  mastersthesis: 'Master’s thesis',
  mathesis: 'Master’s thesis',
  candthesis: 'Candidate thesis',
  techreport: 'Technical report',
  resreport: 'Research report',
  software: 'Computer software',
};
/** Fields that mean the same in every entry; the first one that is there counts. */
const FIELDS: Readonly<Partial<Record<TextField, readonly string[]>>> = {
  'title-short': ['shorttitle'],
  'container-title-short': ['shortjournal'],
  'collection-title': ['series'],
  publisher: ['publisher', 'school', 'institution', 'organization'],
  'publisher-place': ['address', 'location'],
  'event-title': ['eventtitle'],
  'event-place': ['venue'],
  volume: ['volume'],
  'number-of-volumes': ['volumes'],
  edition: ['edition'],
  version: ['version'],
  status: ['pubstate'],
  'chapter-number': ['chapter'],
  ISBN: ['isbn'],
  ISSN: ['issn'],
  PMID: ['pmid'],
  PMCID: ['pmcid'],
  language: ['langid', 'language', 'hyphenation'],
  note: ['note', 'annote', 'addendum'],
  abstract: ['abstract'],
  keyword: ['keywords'],
};
const ISSUED_BY_NUMBER = new Set<ItemType>([
  'article-journal',
  'article-magazine',
  'article-newspaper',
  'review',
]);
const NUMBERED = new Set<ItemType>(['report', 'patent', 'standard', 'thesis']);

/**
 * What an entry says, in the fields of an item.
 * @param parent the entry that it refers to by `crossref`, whose fields it inherits
 */
export function fromBibtex(entry: BibtexEntry, parent?: BibtexEntry): Item {
  const fields = parent ? inherited(entry, parent) : entry.fields;
  const text = (name: string) => (fields.has(name) ? fromLatex(fields.get(name)!) : undefined);
  const item: Item = { id: entry.key, type: typeOf(entry.type, fields) };
  for (const [field, names] of Object.entries(FIELDS))
    setText(item, field as TextField, names.map(text).find(Boolean));
  setTitles(item, fields);
  setPeople(item, fields);
  setNumbers(item, text);
  setText(item, 'genre', genreOf(entry.type, text('type')));
  setDates(item, fields);
  setPlaces(item, fields);
  return item;
}

/** The title of the whole is the title of the book for its parts. */
function inherited({ fields }: BibtexEntry, parent: BibtexEntry): Map<string, string> {
  const all = new Map(fields);
  for (const [name, value] of parent.fields) {
    const own = name === 'title' ? 'booktitle' : name === 'subtitle' ? 'booksubtitle' : name;
    if (!all.has(own) && !['crossref', 'author', 'shorttitle'].includes(name)) all.set(own, value);
  }
  return all;
}

function typeOf(type: string, fields: ReadonlyMap<string, string>): ItemType {
  const known = TYPES[type] ?? 'document';
  const kind = fields.get('entrysubtype')?.toLowerCase();
  if (known === 'article-journal' && (kind === 'magazine' || kind === 'newspaper')) return `article-${kind}`;
  if (known !== 'document' && known !== 'manuscript' && known !== 'webpage') return known;
  if (fields.has('eprint') && isArxiv(fields)) return 'article';
  const published = fields.has('publisher') || fields.has('journal');
  const web = fields.has('url') || /\\url|https?:/.test(fields.get('howpublished') ?? '');
  return known === 'document' && web && !published ? 'webpage' : known;
}

function isArxiv(fields: ReadonlyMap<string, string>): boolean {
  return /arxiv/i.test(fields.get('archiveprefix') ?? fields.get('eprinttype') ?? '');
}

function setText(item: Item, field: TextField, value: string | undefined): void {
  if (value !== undefined && value !== '') item[field] = value;
}

function setTitles(item: Item, fields: ReadonlyMap<string, string>): void {
  const language = item.language;
  const title = (name: string) => (fields.has(name) ? fromLatex(fields.get(name)!, true) : '');
  const whole = withSubtitle(title('title'), title('subtitle'));
  const container = ['booktitle', 'maintitle', 'journaltitle', 'journal', 'issuetitle'].find((name) =>
    fields.has(name),
  );
  const periodical = container?.startsWith('journal');
  const inside = container
    ? withSubtitle(title(container), title(container === 'booktitle' ? 'booksubtitle' : 'journalsubtitle'))
    : '';
  setText(item, 'title', inSentenceCase(whole, language));
  setText(item, 'container-title', periodical ? inside : inSentenceCase(inside, language));
}

function withSubtitle(title: string, subtitle: string): string {
  if (subtitle === '') return title;
  return /[?!:]$/.test(title) ? `${title} ${subtitle}` : `${title}: ${subtitle}`;
}

/** Titles in BibTeX files are headlines; what is in braces keeps its capitals. */
function inSentenceCase(title: string, language: string | undefined): string {
  return isEnglish(language) && isHeadline(title) ? sentenceCase(title) : title;
}

function setPeople(item: Item, fields: ReadonlyMap<string, string>): void {
  const people = (...names: string[]): Name[] | undefined => {
    const name = names.find((one) => fields.has(one));
    const found = name === undefined ? [] : fromBibtexNames(fields.get(name)!);
    return found.length > 0 ? found : undefined;
  };
  Object.assign(item, {
    ...wrapped('author', people('author')),
    ...wrapped('editor', people('editor')),
    ...wrapped('translator', people('translator')),
    ...wrapped('container-author', people('bookauthor')),
    ...(item.type === 'motion_picture' && wrapped('director', people('director', 'author'))),
  });
}

function wrapped<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [key]: value };
}

/** `number` is the issue of an article, the number of a report, the place in a series of a book. */
function setNumbers(item: Item, text: (name: string) => string | undefined): void {
  const number = text('number');
  if (ISSUED_BY_NUMBER.has(item.type)) setText(item, 'issue', text('issue') ?? number);
  else if (NUMBERED.has(item.type)) setText(item, 'number', number);
  else setText(item, 'collection-number', number);
  setText(item, 'page', text('pages'));
  if (item.number === undefined)
    setText(item, 'number', text('eid') ?? text('articleno') ?? text('article-number'));
}

function genreOf(type: string, given: string | undefined): string | undefined {
  if (given !== undefined) return GENRES[given.toLowerCase()] ?? given;
  return type === 'phdthesis' || type === 'mastersthesis' ? GENRES[type] : undefined;
}

function setDates(item: Item, fields: ReadonlyMap<string, string>): void {
  const date = (name: string) => (fields.has(name) ? readDate(fromLatex(fields.get(name)!)) : undefined);
  const issued = date('date') ?? yearAndMonth(fields);
  Object.assign(item, {
    ...wrapped('issued', issued),
    ...wrapped('accessed', date('urldate') ?? date('lastchecked')),
    ...wrapped('original-date', date('origdate')),
    ...wrapped('event-date', date('eventdate')),
  });
}

function yearAndMonth(fields: ReadonlyMap<string, string>): ItemDate | undefined {
  if (!fields.has('year')) return undefined;
  const date = readDate(fromLatex(fields.get('year')!));
  const [year] = date['date-parts'] ?? [];
  const written = fromLatex(fields.get('month') ?? '');
  const month = monthNumber(/[\p{L}]+|\d+/u.exec(written)?.[0] ?? '');
  if (!year || month === undefined || date['date-parts']!.length > 1) return date;
  const day = Number(fields.get('day') ?? /(?<=\D)\d{1,2}\b/.exec(written)?.[0] ?? Number.NaN);
  return {
    ...date,
    'date-parts': [
      Number.isInteger(day) && day >= 1 && day <= 31 ? [year[0]!, month, day] : [year[0]!, month],
    ],
  };
}

function setPlaces(item: Item, fields: ReadonlyMap<string, string>): void {
  const raw = (name: string) => fields.get(name)?.trim();
  const doi = raw('doi');
  if (doi) item.DOI = cleanDoi(doi.replace(/[{}]/g, '').replace(/\\(.)/g, '$1'));
  const published = /(?:\\url\{)?(https?:[^\s}]+)/.exec(raw('howpublished') ?? '')?.[1];
  const url =
    raw('url')
      ?.replace(/^\\url\{(.*)\}$/, '$1')
      .replace(/\\([%&_#~$])/g, '$1') ?? published;
  if (url) item.URL = url;
  if (item.type === 'article' && isArxiv(fields)) setArxiv(item, raw('eprint')!);
  if (item.type === 'document' && raw('howpublished') && !published)
    setText(item, 'medium', fromLatex(raw('howpublished')!));
}

function setArxiv(item: Item, id: string): void {
  item.publisher ??= 'arXiv';
  item.number = `arXiv:${id.replace(/^arxiv:/i, '')}`;
  if (item.DOI === undefined) item.URL ??= `https://arxiv.org/abs/${id.replace(/^arxiv:/i, '')}`;
}

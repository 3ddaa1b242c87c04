import type { DATE_FIELDS, Item, ItemType, Name, TextField } from '../item.js';
import { plain, unmarked } from '../rich.js';
import { curly, namedInText } from './csl-json.js';
import { cleanDoi } from './identifiers.js';
import { readDate } from './item-dates.js';

const TYPES: Readonly<Record<string, ItemType>> = {
  JOUR: 'article-journal',
  EJOUR: 'article-journal',
  ABST: 'article-journal',
  MGZN: 'article-magazine',
  NEWS: 'article-newspaper',
  BOOK: 'book',
  EBOOK: 'book',
  EDBOOK: 'book',
  CHAP: 'chapter',
  ECHAP: 'chapter',
  CONF: 'paper-conference',
  CPAPER: 'paper-conference',
  THES: 'thesis',
  RPRT: 'report',
  ELEC: 'webpage',
  BLOG: 'post-weblog',
  DATA: 'dataset',
  COMP: 'software',
  PAT: 'patent',
  ENCYC: 'entry-encyclopedia',
  DICT: 'entry-dictionary',
  MPCT: 'motion_picture',
  VIDEO: 'motion_picture',
  UNPB: 'manuscript',
  PAMP: 'pamphlet',
  STAND: 'standard',
  MAP: 'map',
  GEN: 'document',
};
/** The first tag of a list is the one that is written. */
const TEXTS: readonly (readonly [TextField, readonly string[]])[] = [
  ['title', ['TI', 'T1', 'CT']],
  ['container-title', ['T2', 'JF', 'JO', 'BT', 'JA', 'J2']],
  ['collection-title', ['T3']],
  ['volume', ['VL']],
  ['issue', ['IS']],
  ['publisher', ['PB']],
  ['publisher-place', ['CY', 'PP']],
  ['edition', ['ET']],
  ['genre', ['M3']],
  ['language', ['LA']],
  ['note', ['N1']],
  ['abstract', ['AB', 'N2']],
  ['DOI', ['DO']],
  ['URL', ['UR', 'L1', 'LK']],
];
const LINE = /^([A-Z][A-Z0-9]) {2}- ?(.*)$/;

/** The records of a RIS file. */
export function* fromRis(text: string): Generator<Item> {
  let tags: Map<string, string[]> | undefined;
  let last: string[] | undefined;
  let count = 0;
  for (const line of text.split(/\r?\n/)) {
    const [, tag, value = ''] = LINE.exec(line.trimEnd()) ?? [];
    if (tag === 'TY') tags = new Map();
    if (tag === 'ER') {
      if (tags) yield itemOf(tags, ++count);
      tags = undefined;
    } else if (tag !== undefined && tags) {
      last = tags.get(tag) ?? [];
      tags.set(tag, last);
      last.push(unmarked(value.trim()));
    } else if (tags && last && line.trim() !== '') last.push(`${last.pop() ?? ''} ${unmarked(line.trim())}`);
  }
  if (tags) yield itemOf(tags, ++count);
}

function itemOf(tags: ReadonlyMap<string, string[]>, count: number): Item {
  const first = (...names: readonly string[]) => names.map((name) => tags.get(name)?.[0]).find(Boolean);
  const item: Item = { id: first('ID') ?? `item${count}`, type: TYPES[first('TY') ?? ''] ?? 'document' };
  for (const [field, names] of TEXTS) {
    const value = first(...names);
    if (value !== undefined) item[field] = field.includes('title') ? curly(value) : value;
  }
  if (item.DOI !== undefined) item.DOI = cleanDoi(item.DOI);
  if (tags.has('KW')) item.keyword = tags.get('KW')!.join(', ');
  setPeople(item, tags);
  setPages(item, first('SP'), first('EP'));
  setDates(item, first('DA', 'PY', 'Y1'), first('Y2'));
  setNumber(item, first('SN'), first('M1', 'C7', 'AN'));
  return item;
}

function setPeople(item: Item, tags: ReadonlyMap<string, string[]>): void {
  const people = (...names: string[]) => names.flatMap((name) => tags.get(name) ?? []).map(namedInText);
  const [authors, editors, translators] = [people('AU', 'A1'), people('ED', 'A2'), people('A4')];
  if (authors.length > 0) item.author = authors;
  if (editors.length > 0) item.editor = editors;
  if (translators.length > 0) item.translator = translators;
}

function setPages(item: Item, from: string | undefined, to: string | undefined): void {
  if (from === undefined) return;
  item.page = to === undefined || to === from || from.includes('-') ? from : `${from}-${to}`;
}

/** Dates end in slashes where parts are missing. */
function setDates(item: Item, issued: string | undefined, accessed: string | undefined): void {
  const clean = (text: string) => readDate(text.replace(/\/+[^/\d]*$/, '').replaceAll('//', '/'));
  if (issued !== undefined) item.issued = clean(issued);
  if (accessed !== undefined) item.accessed = clean(accessed);
}

function setNumber(item: Item, serial: string | undefined, number: string | undefined): void {
  if (serial !== undefined) item[/^\d{4}-?\d{3}[\dXx]$/.test(serial.trim()) ? 'ISSN' : 'ISBN'] = serial;
  if (number !== undefined) item.number = number;
}

/** An item as a RIS record. */
export function toRis(item: Item): string {
  const type = Object.entries(TYPES).find(([, name]) => name === item.type)?.[0] ?? 'GEN';
  const lines: [string, string][] = [
    ['TY', type],
    ['ID', item.id],
    ...people('AU', item.author ?? item.director),
    ...people('ED', item.editor),
    ...people('A4', item.translator),
  ];
  for (const [field, [tag]] of TEXTS) if (item[field] !== undefined) lines.push([tag!, item[field]]);
  const [from, to] = (item.page ?? '').split(/\s*[-–]+\s*/);
  if (from) lines.push(['SP', from]);
  if (to) lines.push(['EP', to]);
  lines.push(...dates(item));
  if (item.number !== undefined) lines.push(['M1', item.number]);
  if (item.ISSN ?? item.ISBN) lines.push(['SN', (item.ISSN ?? item.ISBN)!]);
  lines.push(['ER', '']);
  return lines
    .map(([tag, value]) =>
      `${tag}  - ${plain(value).replace(/\s+/g, ' ')}`.trimEnd().replace(/^ER {2}-$/, 'ER  - '),
    )
    .join('\n');
}

function people(tag: string, names: readonly Name[] = []): [string, string][] {
  return names.map((name) => [
    tag,
    name.literal ?? [familyName(name), name.suffix, name.given].filter(Boolean).join(', '),
  ]);
}

function familyName(name: Name): string {
  return [name['non-dropping-particle'] ?? name['dropping-particle'], name.family].filter(Boolean).join(' ');
}

function dates(item: Item): [string, string][] {
  const written = (field: (typeof DATE_FIELDS)[number]) => {
    const [parts] = item[field]?.['date-parts'] ?? [];
    return parts ? parts.map((part) => String(part).padStart(2, '0')).join('/') : item[field]?.literal;
  };
  const [issued, accessed] = [written('issued'), written('accessed')];
  const year = item.issued?.['date-parts']?.[0]?.[0];
  return [
    ...(year === undefined ? [] : [['PY', String(year)] as [string, string]]),
    ...(issued === undefined ? [] : [['DA', issued] as [string, string]]),
    ...(accessed === undefined ? [] : [['Y2', accessed] as [string, string]]),
  ];
}

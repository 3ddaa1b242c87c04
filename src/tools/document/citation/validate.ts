import type { BibtexEntry } from './formats/bibtex-entries.js';
import { isDoi, isIsbn, isIssn } from './formats/identifiers.js';
import { creatorsOf, type Item, type ItemType } from './item.js';
import { plain } from './rich.js';

/** Something about an entry that is wrong, or should be looked at. */
export interface Issue {
  severity: 'error' | 'warning';
  field: string | null;
  message: string;
}

type Field = 'creators' | 'title' | 'issued' | 'container-title' | 'publisher' | 'URL';

/** Without these an entry cannot be cited, by kind. */
const NEEDED: Partial<Record<ItemType, readonly Field[]>> = {
  'article-journal': ['title', 'creators', 'container-title', 'issued'],
  'article-magazine': ['title', 'container-title', 'issued'],
  'article-newspaper': ['title', 'container-title', 'issued'],
  book: ['title', 'creators', 'publisher', 'issued'],
  chapter: ['title', 'creators', 'container-title', 'publisher', 'issued'],
  'paper-conference': ['title', 'creators', 'container-title', 'issued'],
  thesis: ['title', 'creators', 'publisher', 'issued'],
  report: ['title', 'creators', 'publisher', 'issued'],
  webpage: ['title', 'URL'],
  'post-weblog': ['title', 'URL'],
};
/** What BibTeX calls them. */
const BIBTEX_NAMES: Readonly<Record<Field, string>> = {
  creators: 'author',
  title: 'title',
  issued: 'year',
  'container-title': 'journal or booktitle',
  publisher: 'publisher, school or institution',
  URL: 'url',
};

/**
 * What is wrong with each of some items, in their order: missing fields, dates that are none, identifiers with a wrong
 * check digit, keys and works that occur twice.
 */
export function issuesOf(items: readonly Item[], entries: readonly BibtexEntry[]): Issue[][] {
  const keys = counted(items.map(({ id }) => id));
  const works = counted(items.map(workKey));
  const known = new Set(items.map(({ id }) => id.toLowerCase()));
  return items.map((item, index) => [
    ...missingFields(item, entries.length > 0),
    ...oddValues(item),
    ...repeats(item, keys, works),
    ...(entries[index] ? entryIssues(entries[index], known) : []),
  ]);
}

function missingFields(item: Item, bibtex: boolean): Issue[] {
  const needed = NEEDED[item.type] ?? ['title'];
  const absent = needed.filter((field) =>
    field === 'creators' ? creatorsOf(item).names.length === 0 : item[field] === undefined,
  );
  return absent.map((field) => {
    const name = bibtex ? BIBTEX_NAMES[field] : field === 'creators' ? 'author' : field;
    return { severity: 'error', field: name, message: `Missing field '${name}' (needed for ${item.type})` };
  });
}

function* oddValues(item: Item): Generator<Issue> {
  const checks: [
    value: string | undefined,
    field: string,
    right: (text: string) => boolean,
    message: string,
  ][] = [
    [item.DOI, 'DOI', isDoi, 'is no DOI: it looks like 10.1000/xyz'],
    [
      item.ISBN,
      'ISBN',
      (text) => text.split(/[,;\s]+(?=\d{9})/).every(isIsbn),
      'has a wrong check digit or length',
    ],
    [
      item.ISSN,
      'ISSN',
      (text) => text.split(/[,;\s]+(?=\d{4})/).every(isIssn),
      'has a wrong check digit or length',
    ],
    [item.URL, 'URL', (text) => URL.canParse(text), 'is no address'],
    [item.page, 'page', isPageRange, 'ends before it begins'],
  ];
  for (const [value, field, right, message] of checks)
    if (value !== undefined && !right(value))
      yield { severity: 'warning', field, message: `${field} '${plain(value)}' ${message}` };
  const { issued } = item;
  if (
    issued?.literal !== undefined &&
    !issued['date-parts'] &&
    !/press|forthcoming|submitted|n\.?d/i.test(issued.literal)
  )
    yield { severity: 'warning', field: 'issued', message: `'${issued.literal}' is no date` };
  const year = issued?.['date-parts']?.[0]?.[0];
  if (year !== undefined && year > 2200)
    yield { severity: 'warning', field: 'issued', message: `The year ${year} lies far ahead` };
}

function isPageRange(pages: string): boolean {
  const found = /^(\d+)\s*[-–]+\s*(\d+)$/.exec(pages.trim());
  return !found || found[2]!.length < found[1]!.length || Number(found[2]) >= Number(found[1]);
}

function* repeats(
  item: Item,
  keys: ReadonlyMap<string, number>,
  works: ReadonlyMap<string, number>,
): Generator<Issue> {
  if (keys.get(item.id)! > 1)
    yield { severity: 'error', field: 'id', message: `The key '${item.id}' is used more than once` };
  else if (works.get(workKey(item))! > 1)
    yield { severity: 'warning', field: null, message: 'The same work is listed under another key' };
}

function workKey(item: Item): string {
  if (item.DOI !== undefined) return item.DOI.toLowerCase();
  const title = plain(item.title ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  const [first] = creatorsOf(item).names;
  return title === ''
    ? item.id
    : `${title}|${first?.family ?? first?.literal ?? ''}|${item.issued?.['date-parts']?.[0]?.[0] ?? ''}|${item.volume ?? ''}`;
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function* entryIssues({ fields, key }: BibtexEntry, known: ReadonlySet<string>): Generator<Issue> {
  if (key === '') yield { severity: 'error', field: 'key', message: 'The entry has no key' };
  const parent = fields.get('crossref');
  if (parent !== undefined && !known.has(parent.trim().toLowerCase()))
    yield {
      severity: 'error',
      field: 'crossref',
      message: `The entry '${parent}' that crossref names is not there`,
    };
  for (const [name, value] of fields)
    if (value.trim() === '')
      yield { severity: 'warning', field: name, message: `The field '${name}' is empty` };
}

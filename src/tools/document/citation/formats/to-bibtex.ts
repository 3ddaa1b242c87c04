import type { Item, ItemType, TextField } from '../item.js';
import { toBibtexNames } from './bibtex-names.js';
import { writeDate } from './item-dates.js';
import { toLatex } from './latex.js';

const TYPES: Partial<Record<ItemType, string>> = {
  'article-journal': 'article',
  'article-magazine': 'article',
  'article-newspaper': 'article',
  review: 'article',
  book: 'book',
  pamphlet: 'booklet',
  chapter: 'incollection',
  'entry-encyclopedia': 'incollection',
  'entry-dictionary': 'incollection',
  entry: 'incollection',
  'paper-conference': 'inproceedings',
  report: 'techreport',
  manuscript: 'unpublished',
};
const PUBLISHERS: Partial<Record<ItemType, string>> = {
  thesis: 'school',
  report: 'institution',
  'paper-conference': 'publisher',
};
const FIELDS: readonly (readonly [TextField, string])[] = [
  ['title-short', 'shorttitle'],
  ['collection-title', 'series'],
  ['collection-number', 'number'],
  ['volume', 'volume'],
  ['issue', 'number'],
  ['edition', 'edition'],
  ['publisher-place', 'address'],
  ['version', 'version'],
  ['genre', 'type'],
  ['ISBN', 'isbn'],
  ['ISSN', 'issn'],
  ['language', 'language'],
  ['note', 'note'],
  ['keyword', 'keywords'],
  ['abstract', 'abstract'],
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** An item as a BibTeX entry. */
export function toBibtex(item: Item): string {
  const fields = [...fieldsOf(item)].map(([name, value]) => `  ${name} = ${value}`);
  const key = item.id.replace(/[\s"#%'(),={}\\~@]+/g, '-') || 'item';
  return `@${typeOf(item)}{${key},\n${fields.join(',\n')}\n}\n`;
}

function typeOf({ type, genre = '' }: Item): string {
  if (type === 'thesis') return /^master/i.test(genre) ? 'mastersthesis' : 'phdthesis';
  return TYPES[type] ?? 'misc';
}

function* fieldsOf(item: Item): Generator<[name: string, value: string]> {
  if (item.author) yield ['author', braced(toBibtexNames(item.author, toLatex))];
  else if (item.director) yield ['author', braced(toBibtexNames(item.director, toLatex))];
  if (item.title !== undefined) yield ['title', braced(protectedTitle(item.title))];
  if (item['container-title'] !== undefined) {
    const periodical = typeOf(item) === 'article';
    yield [
      periodical ? 'journal' : 'booktitle',
      braced(periodical ? toLatex(item['container-title']) : protectedTitle(item['container-title'])),
    ];
  }
  if (item.editor) yield ['editor', braced(toBibtexNames(item.editor, toLatex))];
  if (item.translator) yield ['translator', braced(toBibtexNames(item.translator, toLatex))];
  if (item.publisher !== undefined)
    yield [PUBLISHERS[item.type] ?? 'publisher', braced(toLatex(item.publisher))];
  yield* dates(item);
  yield* plainFields(item);
  yield* addresses(item);
}

function braced(text: string): string {
  return `{${text}}`;
}

/** Words with capitals inside a title keep them. */
function protectedTitle(title: string): string {
  const words = title.split(/(\s+)/).map((word, index) => {
    const fixed = word.includes('\ue008') || word.includes('\ue009');
    const capital = index > 0 ? /\p{Lu}/u.test(word) : /\p{L}.*\p{Lu}/u.test(word);
    return capital && !fixed ? `\ue008${word}\ue009` : word;
  });
  return toLatex(words.join(''));
}

function* dates({ issued, accessed }: Item): Generator<[string, string]> {
  const [from, to] = issued?.['date-parts'] ?? [];
  if (from?.[0] === undefined) {
    if (issued?.literal !== undefined) yield ['year', braced(toLatex(issued.literal))];
  } else {
    yield ['year', braced(to ? `${from[0]}--${to[0]}` : String(from[0]))];
    const month = MONTHS[(from[1] ?? 0) - 1];
    if (month) yield ['month', month];
    if (from[2] !== undefined) yield ['day', braced(String(from[2]))];
  }
  if (accessed) yield ['urldate', braced(writeDate(accessed))];
}

function* plainFields(item: Item): Generator<[string, string]> {
  const seen = new Set<string>();
  for (const [field, name] of FIELDS) {
    const value = item[field];
    if (value === undefined || seen.has(name) || (field === 'genre' && item.type === 'thesis')) continue;
    seen.add(name);
    yield [name, braced(toLatex(value))];
  }
  if (item.number !== undefined && !seen.has('number')) {
    const article = typeOf(item) === 'article';
    yield [article ? 'eid' : 'number', braced(toLatex(item.number))];
  }
  if (item.page !== undefined)
    yield ['pages', braced(toLatex(item.page.replace(/(?<=\d)\s*-+\s*(?=\w)/g, '–')))];
}

function* addresses(item: Item): Generator<[string, string]> {
  const arxiv = /^arXiv:(.+)$/i.exec(item.number ?? '')?.[1];
  if (item.type === 'article' && arxiv !== undefined) {
    yield ['eprint', braced(arxiv)];
    yield ['archiveprefix', '{arXiv}'];
  }
  if (item.DOI !== undefined) yield ['doi', braced(item.DOI)];
  if (item.URL !== undefined) yield ['url', braced(item.URL)];
}

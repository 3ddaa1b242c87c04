import { cased, isEnglish, titleCase } from '../case.js';
import { americanDate, monthDay, yearOf } from '../dates.js';
import { creatorsOf, type Item, type ItemType, linkOf, type Name, shapeOf } from '../item.js';
import { familyOf, type NameStyle, nameList } from '../names.js';
import { arePlural, editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, marked, plain, quoted, sentences } from '../rich.js';
import { type Cited, pageLocator, type Style, shortNames } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'all',
  given: { stop: '.', between: ' ' },
  comma: ', ',
  and: '&',
  lastComma: 'always',
  ellipsis: { from: 21, keep: 19 },
};
const INSIDE: NameStyle = { ...AUTHORS, inverted: 'none', lastComma: 'three' };
const DATED = new Set<ItemType>([
  'article-magazine',
  'article-newspaper',
  'webpage',
  'post-weblog',
  'post',
  'broadcast',
  'speech',
  'interview',
]);
const KINDS: Partial<Record<ItemType, string>> = {
  dataset: 'Data set',
  software: 'Computer software',
  motion_picture: 'Film',
  broadcast: 'Broadcast',
  song: 'Song',
  map: 'Map',
  speech: 'Conference presentation',
};

/** The style of the American Psychological Association, 7th edition. */
export const apa: Style = {
  id: 'apa',
  title: 'American Psychological Association, 7th edition',
  aliases: ['apa7', 'apa-7th-edition', 'american-psychological-association'],
  kind: 'author-date',
  order: 'creators',
  demote: false,
  letters: true,
  shortNames: (names, keep) => inTextNames(names, keep, '&'),
  entry,
  label: () => '',
  inText: (cited) => joined(', ', subject(cited, '&'), dateInText(cited), pageLocator(cited.locator)),
  cluster: (parts) => `(${[...parts].sort((a, b) => plain(a).localeCompare(plain(b), 'en')).join('; ')})`,
  narrative: (cited) =>
    `${subject(cited, 'and')} (${joined(', ', dateInText(cited), pageLocator(cited.locator))})`,
};

function inTextNames(names: readonly Name[], keep: number, and: string): string {
  return shortNames(names, keep, { and, most: 2, lastComma: true });
}

function subject({ item, names }: Cited, and: string): string {
  const creators = creatorsOf(item).names;
  if (creators.length > 0) return inTextNames(creators, names, and);
  const own = item.title ?? '';
  const title = isEnglish(item.language) ? titleCase(own, 3) : own;
  return isItalic(item) ? italic(title) : quoted(title);
}

function dateInText({ item, letter }: Cited): string {
  const original = around('', yearOf(item['original-date']), '/');
  return `${original}${lettered(yearOf(item.issued, 'n.d.'), letter)}`;
}

function lettered(year: string, letter: string): string {
  return letter !== '' && /\D$/.test(year) ? `${year}-${letter}` : `${year}${letter}`;
}

function entry(cited: Cited): string {
  const { item } = cited;
  const creators = creatorNames(item);
  const date = `(${joined(', ', lettered(yearOf(item.issued, 'n.d.'), cited.letter), exactDate(item))})`;
  const opening = creators === '' ? [titleOf(item), date] : [creators, date, titleOf(item)];
  const link = linkText(item);
  const text = sentences(...opening, ...source(item));
  const original = around('(Original work published ', yearOf(item['original-date']), ')');
  return joined(' ', text, link, original);
}

function creatorNames(item: Item): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0) return '';
  const roles = { author: '', editor: 'Ed', director: 'Director', translator: 'Trans' }[role];
  const many = names.length > 1 ? 's' : '';
  const label = { '': '', Ed: `Ed${many}.`, Director: `Director${many}`, Trans: 'Trans.' }[roles];
  return joined(' ', nameList(names, AUTHORS), label ? `(${label})` : '');
}

function exactDate({ type, issued }: Item): string {
  return DATED.has(type) ? monthDay(issued) : '';
}

function isItalic(item: Item): boolean {
  const shape = shapeOf(item);
  return shape === 'whole' || item.type === 'webpage';
}

function titleOf(item: Item): string {
  const title = cased(item.title, 'sentence');
  const own = isItalic(item) ? italic(title) : title;
  return joined(' ', own, parenthesis(item), kindOf(item));
}

/** What identifies the edition of a work that stands by itself. */
function parenthesis(item: Item): string {
  if (shapeOf(item) !== 'whole') return '';
  const translator = item.translator && item.author ? `${nameList(item.translator, INSIDE)}, Trans.` : '';
  const editor = item.editor && item.author ? editors(item.editor) : '';
  const parts = joined(
    ', ',
    editionOf(item.edition),
    around('Version ', item.version),
    around('Vol. ', item.volume),
    numberOf(item),
  );
  return around('(', joined('; ', editor, translator, parts), ')');
}

function editors(names: readonly Name[]): string {
  return `${nameList(names, INSIDE)}, Ed${names.length > 1 ? 's' : ''}.`;
}

function numberOf({ type, number, genre }: Item): string {
  if (number === undefined) return '';
  if (type === 'patent')
    return /^US\s/.test(number) ? number.replace(/^US\s+/, 'U.S. Patent No. ') : `Patent No. ${number}`;
  if (type === 'report') return /\bNo\./.test(number) ? number : `${genre ?? 'Report'} No. ${number}`;
  if (type === 'thesis') return `Publication No. ${number}`;
  return type === 'article' ? number : '';
}

function kindOf(item: Item): string {
  if (item.type === 'thesis')
    return `[${isUnpublished(item) ? item.genre : joined(', ', thesisKind(item.genre), item.publisher)}]`;
  const kind = item.type === 'report' ? '' : (item.genre ?? item.medium ?? KINDS[item.type] ?? '');
  return shapeOf(item) === 'article' || item.type === 'article' ? '' : around('[', kind, ']');
}

function isUnpublished({ genre = '' }: Item): boolean {
  return /^unpublished/i.test(genre);
}

function thesisKind(genre = 'Doctoral dissertation'): string {
  if (/^(?:ph\.?\s?d|doctoral|doctor)/i.test(genre)) return 'Doctoral dissertation';
  return /^(?:master|m\.?\s?s|m\.?\s?a)/i.test(genre) ? 'Master’s thesis' : genre;
}

function source(item: Item): string[] {
  const shape = shapeOf(item);
  if (shape === 'article') return [periodical(item)];
  if (shape === 'part') return [container(item), publisherOf(item)];
  if (shape === 'web') return [webSite(item)];
  if (item.type === 'thesis' && !isUnpublished(item)) return [item.archive ?? ''];
  return [publisherOf(item)];
}

function periodical(item: Item): string {
  const issue = around('(', item.issue, ')');
  const volume = `${marked('italic', item.volume ?? '')}${issue}`;
  return joined(', ', italic(item['container-title'] ?? ''), volume, pagesOrArticle(item));
}

/** Articles that have a number instead of pages say so. */
function pagesOrArticle({ page, number }: Item): string {
  if (page !== undefined && /\d/.test(page) && (arePlural(page) || !/^[a-z]/i.test(page)))
    return pagesOf(page, 'expanded');
  const article = page ?? number;
  return article === undefined ? '' : `Article ${article}`;
}

function container(item: Item): string {
  const pages = pagesOf(item.page, 'expanded');
  const details = joined(
    ', ',
    editionOf(item.edition),
    around('Vol. ', item.volume),
    around(arePlural(pages) ? 'pp. ' : 'p. ', pages),
  );
  const title = joined(' ', italic(item['container-title'] ?? ''), around('(', details, ')'));
  if (title === '') return '';
  const by = item.editor
    ? `${nameList(item.editor, INSIDE)} (Ed${item.editor.length > 1 ? 's' : ''}.), `
    : '';
  return `In ${by}${title}`;
}

function webSite(item: Item): string {
  const site = item['container-title'] ?? item.publisher ?? '';
  if (isCreator(item, site)) return '';
  return item.type === 'webpage' ? site : italic(site);
}

/** A publisher that is its own author is not named twice. */
function publisherOf(item: Item): string {
  const publisher = item.publisher ?? '';
  return isCreator(item, publisher) ? '' : publisher;
}

function isCreator(item: Item, name: string): boolean {
  return creatorsOf(item).names.some((creator) => familyOf(creator) === name);
}

function linkText(item: Item): string {
  const link = linkOf(item) ?? '';
  const undated = item.issued === undefined && item.DOI === undefined && item.accessed !== undefined;
  return link !== '' && undated ? `Retrieved ${americanDate(item.accessed)}, from ${link}` : link;
}

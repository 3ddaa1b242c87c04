import { cased } from '../case.js';
import { britishDate, dayMonth, yearOf } from '../dates.js';
import { creatorsOf, type Item, linkOf, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { arePlural, editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, sentences, singleQuoted, stopped } from '../rich.js';
import { type Cited, pageLocator, type Style, shortNames } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'all',
  given: { stop: '.', between: '' },
  comma: ', ',
  and: 'and',
  lastComma: 'never',
  etAl: { from: 4, keep: 1, italic: true },
};
const INSIDE: NameStyle = { ...AUTHORS, inverted: 'none' };

/** The Harvard style of "Cite Them Right". */
export const harvard: Style = {
  id: 'harvard',
  title: 'Harvard (Cite Them Right)',
  aliases: ['harvard-cite-them-right', 'cite-them-right'],
  kind: 'author-date',
  order: 'creators',
  demote: false,
  filmsByTitle: true,
  letters: true,
  shortNames: namesInText,
  entry,
  label: () => '',
  inText: (cited) => joined(', ', subject(cited), dateText(cited), pageLocator(cited.locator)),
  cluster: (parts) => `(${parts.join('; ')})`,
  narrative: (cited) => `${subject(cited)} (${joined(', ', dateText(cited), pageLocator(cited.locator))})`,
};

function namesInText(names: readonly Name[], keep: number): string {
  return shortNames(names, keep, { and: 'and', most: 3, lastComma: false, others: italic('et al.') });
}

function subject({ item, names }: Cited): string {
  const creators = creatorsOf(item).role === 'director' ? [] : creatorsOf(item).names;
  return creators.length > 0 ? namesInText(creators, names) : leadTitle(item);
}

function dateText({ item, letter }: Cited): string {
  return `${yearOf(item.issued, 'no date')}${letter === '' ? '' : item.issued ? letter : `-${letter}`}`;
}

function leadTitle(item: Item): string {
  const title = cased(item.title, 'sentence');
  const quotes = item.type === 'article' || shapeOf(item) === 'article' || shapeOf(item) === 'part';
  return quotes ? singleQuoted(title) : italic(title);
}

function entry(cited: Cited): string {
  const { item } = cited;
  const who = creatorNames(item);
  const opening = joined(' ', who === '' ? leadTitle(item) : who, `(${dateText(cited)})`);
  const title = who === '' ? '' : leadTitle(item);
  return `${opening}${body(item, title)}${linkText(item)}`.replace(/\.\.$/, '.');
}

function creatorNames(item: Item): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0 || role === 'director') return '';
  const label =
    role === 'editor' ? (names.length > 1 ? '(eds)' : '(ed.)') : role === 'translator' ? '(trans.)' : '';
  return joined(' ', nameList(names, AUTHORS), label);
}

function body(item: Item, title: string): string {
  const shape = shapeOf(item);
  if (shape === 'article') return ` ${stopped(joined(', ', title, ...periodical(item)))}`;
  if (shape === 'part') return ` ${partOf(item, title)}`;
  if (shape === 'web') return ` ${stopped(webPage(item, title))}`;
  return whole(item, title);
}

function periodical(item: Item): string[] {
  const volume = `${item.volume ?? ''}${around('(', item.issue, ')')}`;
  const daily = item.type === 'article-newspaper' || item.type === 'article-magazine';
  const pages = pagesOf(item.page, 'expanded');
  return [
    italic(item['container-title'] ?? ''),
    daily ? dayMonth(item.issued) : volume,
    around(arePlural(pages) ? 'pp. ' : 'p. ', pages),
  ];
}

function partOf(item: Item, title: string): string {
  const editors = item.editor
    ? `${nameList(item.editor, INSIDE)} ${item.editor.length > 1 ? '(eds)' : '(ed.)'} `
    : '';
  const pages = pagesOf(item.page, 'expanded');
  const place = joined(', ', publication(item), around(arePlural(pages) ? 'pp. ' : 'p. ', pages));
  const container = `in ${editors}${italic(item['container-title'] ?? '')}`;
  return sentences(joined(', ', title, container), editionOf(item.edition, 'edn'), place);
}

function webPage(item: Item, title: string): string {
  const site = item['container-title'] ?? item.publisher ?? '';
  if (item.type === 'webpage') return joined(', ', title, site);
  return joined(', ', singleQuoted(cased(item.title, 'sentence')), italic(site), dayMonth(item.issued));
}

function whole(item: Item, title: string): string {
  const details = sentences(
    title,
    item.type === 'thesis' ? (item.genre ?? 'PhD thesis') : '',
    around('Directed by ', nameList(item.director ?? [], INSIDE)),
    item.author ? around('Edited by ', nameList(item.editor ?? [], INSIDE)) : '',
    item.author ? around('Translated by ', nameList(item.translator ?? [], INSIDE)) : '',
    editionOf(item.edition, 'edn'),
    around('Version ', item.version),
    item.type === 'article' && item.publisher !== undefined ? '' : item.number,
    item.type === 'thesis' ? item.publisher : publication(item),
  );
  return ` ${details}`;
}

function publication(item: Item): string {
  return joined(': ', item['publisher-place'], item.publisher);
}

function linkText(item: Item): string {
  const link = linkOf(item);
  if (link === undefined) return '';
  const seen = item.DOI === undefined ? around(' (Accessed: ', britishDate(item.accessed), ')') : '';
  return ` Available at: ${link}${seen}.`;
}

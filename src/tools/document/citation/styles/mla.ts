import { cased } from '../case.js';
import { britishDate, monthOf, yearOf } from '../dates.js';
import { creatorsOf, type Item, linkOf, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { arePlural, editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, plain, quoted, sentences, stopped } from '../rich.js';
import { type Cited, type Style, shortNames, shortTitle } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'first',
  given: 'full',
  comma: ', ',
  and: 'and',
  lastComma: 'always',
  etAl: { from: 3, keep: 1, comma: 'always' },
};
const INSIDE: NameStyle = { ...AUTHORS, inverted: 'none', lastComma: 'never', etAl: { from: 3, keep: 1 } };

/** The style of the Modern Language Association, 9th edition. */
export const mla: Style = {
  id: 'mla',
  title: 'Modern Language Association, 9th edition',
  aliases: ['mla9', 'mla-9th-edition', 'modern-language-association'],
  kind: 'author-title',
  order: 'creators',
  demote: false,
  filmsByTitle: true,
  letters: false,
  shortNames: namesInText,
  entry,
  label: () => '',
  inText(cited) {
    const { item } = cited;
    const creators = creators9(item);
    const title = creators.length === 0 || cited.ambiguous ? inTextTitle(item) : '';
    const who = joined(', ', namesInText(creators, cited.names), title);
    return joined(' ', who, inTextPages(cited.locator));
  },
  cluster: (parts) => `(${parts.join('; ')})`,
  narrative(cited) {
    const names = creators9(cited.item);
    const who = names.length > 0 ? namesInText(names, cited.names, 'and others') : inTextTitle(cited.item);
    return joined(' ', who, around('(', inTextPages(cited.locator), ')'));
  },
};

function namesInText(names: readonly Name[], keep: number, others = 'et al.'): string {
  return shortNames(names, keep, { and: 'and', most: 2, lastComma: true, others });
}

/** A film stands under its title. */
function creators9(item: Item): readonly Name[] {
  const { names, role } = creatorsOf(item);
  return role === 'director' ? [] : names;
}

function inTextTitle(item: Item): string {
  const title = cased(shortTitle(item), 'title', item.language);
  return shapeOf(item) === 'whole' ? italic(title) : quoted(title);
}

function inTextPages(locator = ''): string {
  return locator
    .trim()
    .replace(/^pp?\.\s*/, '')
    .replace(/\s*-{1,2}\s*/g, '–');
}

function entry(cited: Cited): string {
  const { item } = cited;
  const details = shapeOf(item) === 'whole' ? wholeDetails(item) : containerDetails(item);
  const text = sentences(creatorNames(cited), titleOf(item), ...details);
  const seen = item.issued === undefined ? around('Accessed ', britishDate(item.accessed, 'mla')) : '';
  return joined(' ', text, stopped(seen));
}

function creatorNames({ item, repeated }: Cited): string {
  const names = creators9(item);
  if (names.length === 0) return '';
  const { role } = creatorsOf(item);
  const label = role === 'author' ? '' : `${role}${names.length > 1 ? 's' : ''}`;
  return joined(', ', repeated ? '---' : nameList(names, AUTHORS), label);
}

function titleOf(item: Item): string {
  const title = cased(item.title, 'title', item.language);
  return shapeOf(item) === 'whole' ? italic(title) : quoted(title, '.');
}

function containerDetails(item: Item): string[] {
  const pages = pagesOf(item.page, 'two-digits');
  const container = cased(item['container-title'], 'title', item.language);
  const part = shapeOf(item) === 'part';
  return [
    joined(
      ', ',
      italic(container),
      part ? around('edited by ', nameList(item.editor ?? [], INSIDE)) : '',
      around('translated by ', nameList(item.translator ?? [], INSIDE)),
      editionOf(item.edition),
      around('vol. ', item.volume),
      around('no. ', item.issue),
      part || container === '' ? publisherOf(item) : '',
      dateOf(item),
      around(arePlural(pages) ? 'pp. ' : 'p. ', pages),
      linkOf(item),
    ),
  ];
}

function wholeDetails(item: Item): string[] {
  if (item.type === 'thesis')
    return [
      yearOf(item.issued),
      joined(', ', item.publisher, item.genre ?? 'PhD dissertation', linkOf(item)),
    ];
  const original = yearOf(item['original-date']);
  const details = joined(
    ', ',
    around('directed by ', nameList(item.director ?? [], INSIDE)),
    item.author ? around('edited by ', nameList(item.editor ?? [], INSIDE)) : '',
    item.author ? around('translated by ', nameList(item.translator ?? [], INSIDE)) : '',
    editionOf(item.edition),
    around('version ', item.version),
    around('vol. ', item.volume),
    item.number,
    publisherOf(item),
    item.type === 'book' || item.type === 'motion_picture' ? yearOf(item.issued) : dateOf(item),
    linkOf(item),
  );
  return [original, capital(details)];
}

function capital(text: string): string {
  return /^(?:directed|edited|translated|version|vol)/.test(plain(text))
    ? text.replace(/\p{Ll}/u, (c) => c.toUpperCase())
    : text;
}

/** University presses are shortened. */
function publisherOf({ publisher = '' }: Item): string {
  return publisher.replace(/\bUniversity Press\b/, 'UP').replace(/\bUniversity of (.+) Press\b/, 'U of $1 P');
}

/** Journals give month and year, everything else the day too. */
function dateOf({ type, issued }: Item): string {
  if (type === 'article-journal') return joined(' ', monthOf(issued, 'mla'), yearOf(issued));
  return britishDate(issued, 'mla');
}

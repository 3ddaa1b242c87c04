import { cased } from '../case.js';
import { americanDate, monthDay, monthOf, yearOf } from '../dates.js';
import { creatorsOf, type Item, type ItemType, linkOf, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, quoted, sentences } from '../rich.js';
import { type Cited, type Style, shortNames, shortTitle } from './style.js';

const LISTED: NameStyle = {
  inverted: 'first',
  given: 'full',
  comma: ', ',
  and: 'and',
  lastComma: 'always',
  etAl: { from: 11, keep: 7 },
  demote: true,
};
const INSIDE: NameStyle = { ...LISTED, inverted: 'none', lastComma: 'three', etAl: { from: 4, keep: 1 } };
const DAILY = new Set<ItemType>(['article-magazine', 'article-newspaper']);
/** Works that stand by themselves and yet have their title in quotation marks. */
const UNPUBLISHED = new Set<ItemType>(['thesis', 'article', 'dataset', 'manuscript', 'speech', 'interview']);

/** The Chicago Manual of Style, 17th edition: author and date in the text. */
export const chicagoAuthorDate: Style = {
  id: 'chicago-author-date',
  title: 'Chicago Manual of Style, 17th edition (author-date)',
  aliases: ['chicago', 'chicago-17th-edition', 'turabian-author-date'],
  kind: 'author-date',
  order: 'creators',
  demote: true,
  letters: true,
  shortNames: namesInText,
  entry(cited) {
    const { item } = cited;
    const who = creatorNames(cited);
    const year = datedYear(cited);
    const opening = who === '' ? [titleOf(item, '.'), year] : [who, year, titleOf(item, '.')];
    return sentences(...opening, ...details(item, false), ...links(item));
  },
  label: () => '',
  inText(cited) {
    const names = creatorsOf(cited.item).names;
    const who = names.length > 0 ? namesInText(names, cited.names) : shortTitleOf(cited.item);
    return joined(', ', `${who} ${bracketedYear(cited)}`, locatorOf(cited));
  },
  cluster: (parts) => `(${parts.join('; ')})`,
  narrative(cited) {
    const names = creatorsOf(cited.item).names;
    const who = names.length > 0 ? namesInText(names, cited.names) : shortTitleOf(cited.item);
    return `${who} (${joined(', ', bracketedYear(cited), locatorOf(cited))})`;
  },
};

/** The Chicago Manual of Style, 17th edition: notes and bibliography. */
export const chicagoNotes: Style = {
  id: 'chicago-fullnote-bibliography',
  title: 'Chicago Manual of Style, 17th edition (notes and bibliography)',
  aliases: ['chicago-notes', 'chicago-note-bibliography', 'chicago-fullnote', 'turabian'],
  kind: 'note',
  order: 'creators',
  demote: true,
  letters: false,
  shortNames: namesInText,
  entry(cited) {
    const { item } = cited;
    return sentences(creatorNames(cited), titleOf(item, '.'), ...details(item, true), ...links(item));
  },
  label: () => '',
  inText: note,
  cluster: (parts) => `${parts.map((part) => part.replace(/\.$/, '')).join('; ')}.`,
  shortNote(cited) {
    const who = namesInText(creatorsOf(cited.item).names, cited.names);
    const title = shortTitleOf(cited.item, locatorOf(cited) === '' ? '' : ',');
    return `${afterQuote(joined(', ', who, title), locatorOf(cited))}.`;
  },
};

function namesInText(names: readonly Name[], keep: number): string {
  return shortNames(names, keep, { and: 'and', most: 3, lastComma: true });
}

function creatorNames({ item, repeated }: Cited): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0) return '';
  const many = names.length > 1 ? 's' : '';
  const label = { author: '', editor: `ed${many}.`, director: `dir${many}.`, translator: 'trans.' }[role];
  return joined(', ', repeated ? '———' : nameList(names, LISTED), label);
}

function datedYear({ item, letter }: Cited): string {
  const original = around('(', yearOf(item['original-date']), ') ');
  const year = yearOf(item.issued, 'n.d.');
  return `${original}${year}${letter !== '' && /\D$/.test(year) ? `-${letter}` : letter}`;
}

/** Inside round brackets, the year of the first edition stands in square ones. */
function bracketedYear(cited: Cited): string {
  return datedYear(cited).replace(/^\((.*?)\)/, '[$1]');
}

function isQuoted(item: Item): boolean {
  return shapeOf(item) !== 'whole' || UNPUBLISHED.has(item.type);
}

function titleOf(item: Item, stop: '.' | ',' | ''): string {
  const title = cased(item.title, 'title', item.language);
  return isQuoted(item) ? quoted(title, stop) : italic(title);
}

function shortTitleOf(item: Item, stop: '' | ',' = ''): string {
  const title = cased(shortTitle(item), 'title', item.language);
  return isQuoted(item) ? quoted(title, stop) : italic(title);
}

function locatorOf({ locator = '' }: Cited): string {
  return pagesOf(locator.trim().replace(/^pp?\.\s*/, ''), 'chicago');
}

/** What follows the title; with `dated`, the date stands at its place in there. */
function details(item: Item, dated: boolean): string[] {
  const shape = shapeOf(item);
  if (DAILY.has(item.type)) return [joined(', ', containerOf(item), americanDate(item.issued))];
  if (shape === 'article') return [joined(' ', containerOf(item), issueAndPages(item, dated))];
  if (shape === 'part')
    return dated && item.publisher === undefined
      ? [joined(', ', partOf(item), yearOf(item.issued))]
      : [partOf(item), publication(item, dated)];
  return shape === 'web' ? webPage(item, dated) : whole(item, dated);
}

function containerOf(item: Item): string {
  return italic(cased(item['container-title'], 'title', item.language));
}

/** `171 (4356): 737–38`, or with a month `171, no. 4356 (April): 737–38`. */
function issueAndPages(item: Item, dated: boolean): string {
  const pages = pagesOf(item.page, 'chicago');
  const date = dated ? americanDate(item.issued) : monthOf(item.issued);
  const issue = date === '' ? around('(', item.issue, ')') : '';
  const volume = joined(', ', item.volume, date === '' ? '' : around('no. ', item.issue));
  const front = joined(' ', volume, issue, around('(', date, ')'));
  if (pages === '') return front;
  return front.endsWith(')') ? `${front}: ${pages}` : front === '' ? pages : `${front}:${pages}`;
}

function partOf(item: Item): string {
  const pages = pagesOf(item.page, 'chicago');
  const place =
    item.volume !== undefined && pages !== ''
      ? `${item.volume}:${pages}`
      : joined(', ', around('vol. ', item.volume), pages);
  const container = containerOf(item);
  if (container === '') return place;
  const by = around('edited by ', nameList(item.editor ?? [], INSIDE));
  return `In ${joined(', ', container, by, editionOf(item.edition), place)}`;
}

function publication(item: Item, dated: boolean): string {
  const house = joined(': ', item.publisher && item['publisher-place'], item.publisher);
  return dated ? joined(', ', house, yearOf(item.issued, house === '' ? '' : 'n.d.')) : house;
}

function webPage(item: Item, dated: boolean): string[] {
  const site = item['container-title'] ?? item.publisher ?? '';
  const name = item.type === 'post-weblog' ? `${italic(site)} (blog)` : site;
  const date = monthDay(item.issued) === '' ? yearOf(item.issued) : americanDate(item.issued);
  if (dated) return [joined(', ', name, date)];
  return [name, monthDay(item.issued) === '' ? '' : date];
}

function whole(item: Item, dated: boolean): string[] {
  if (item.type === 'thesis')
    return [joined(', ', thesisKind(item.genre), item.publisher, dated ? yearOf(item.issued) : '')];
  if (item.type === 'patent')
    return [joined(', ', item.number, around('issued ', americanDate(item.issued)))];
  if (item.type === 'article')
    return [joined(', ', item.publisher ?? item.number, dated ? americanDate(item.issued) : '')];
  const reprint = dated ? yearOf(item['original-date']) : '';
  return [
    item.author ? around('Edited by ', nameList(item.editor ?? [], INSIDE)) : '',
    item.author ? around('Translated by ', nameList(item.translator ?? [], INSIDE)) : '',
    editionOf(item.edition),
    around('V. ', item.version),
    around('Vol. ', item.volume),
    item.number ?? '',
    reprint,
    `${reprint === '' ? '' : 'Reprint, '}${publication(item, dated)}`,
  ];
}

function thesisKind(genre = 'PhD diss.'): string {
  return /^ph\.?d\.? (?:thesis|dissertation)$/i.test(genre) ? 'PhD diss.' : genre;
}

function links(item: Item): string[] {
  const seen = item.issued === undefined ? around('Accessed ', americanDate(item.accessed)) : '';
  return [seen, linkOf(item) ?? ''];
}

/** The first note on a work. */
function note(cited: Cited): string {
  const { item } = cited;
  const { names, role } = creatorsOf(item);
  const label = {
    author: '',
    editor: names.length > 1 ? 'eds.' : 'ed.',
    director: 'dir.',
    translator: 'trans.',
  }[role];
  const who = joined(', ', nameList(names, INSIDE), label);
  const opening = joined(
    ', ',
    who,
    titleOf(item, noteTail(item) === '' ? ',' : noteTail(item).startsWith('(') ? '' : ','),
  );
  const text = noteTail(item).startsWith('(')
    ? joined(' ', opening, noteTail(item))
    : afterQuote(opening, noteTail(item));
  const place = locatorOf(cited) === '' ? text : notePlace(item, text, locatorOf(cited));
  return `${joined(', ', place, linkOf(item))}.`.replace(/\.\.$/, '.');
}

/** A title in quotation marks has brought its comma along. */
function afterQuote(opening: string, rest: string): string {
  if (rest === '') return opening.replace(/,”$/, '”');
  return /[,?!]”$/.test(opening) ? `${opening} ${rest}` : joined(', ', opening, rest);
}

/** In notes a page that is meant stands in place of all pages of an article. */
function notePlace(item: Item, text: string, place: string): string {
  const all = pagesOf(item.page, 'chicago');
  if (all !== '' && text.endsWith(all)) return `${text.slice(0, -all.length)}${place}`;
  return `${text}${shapeOf(item) === 'article' && !DAILY.has(item.type) ? ': ' : ', '}${place}`;
}

function noteTail(item: Item): string {
  const shape = shapeOf(item);
  if (DAILY.has(item.type)) return joined(', ', containerOf(item), americanDate(item.issued));
  if (shape === 'article') return joined(' ', containerOf(item), issueAndPages(item, true));
  if (shape === 'part') return notePart(item);
  if (shape === 'web')
    return joined(
      ', ',
      ...webPage(item, true),
      item.issued ? '' : around('accessed ', americanDate(item.accessed)),
    );
  return noteWhole(item);
}

function notePart(item: Item): string {
  const by = around('ed. ', nameList(item.editor ?? [], INSIDE));
  const book = joined(', ', containerOf(item), by, editionOf(item.edition), around('vol. ', item.volume));
  const house = around(' (', publication(item, true), ')');
  return `in ${book}${house}${around(', ', pagesOf(item.page, 'chicago'))}`;
}

function noteWhole(item: Item): string {
  if (item.type === 'thesis') return `(${whole(item, true)[0]})`;
  if (item.type === 'patent' || item.type === 'article') return whole(item, true)[0]!;
  const before = joined(
    ', ',
    item.author ? around('ed. ', nameList(item.editor ?? [], INSIDE)) : '',
    item.author ? around('trans. ', nameList(item.translator ?? [], INSIDE)) : '',
    editionOf(item.edition),
    around('vol. ', item.volume),
    item.number,
  );
  const original = around('', yearOf(item['original-date']), '; repr., ');
  return joined(' ', before, around('(', `${original}${publication(item, true)}`, ')'));
}

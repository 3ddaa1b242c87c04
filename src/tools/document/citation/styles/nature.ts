import { cased } from '../case.js';
import { yearOf } from '../dates.js';
import { creatorsOf, type Item, linkOf, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, marked, stopped } from '../rich.js';
import { type Cited, numberRanges, pageLocator, type Style, shortNames } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'all',
  given: { stop: '.', between: ' ' },
  comma: ', ',
  and: '&',
  lastComma: 'never',
  etAl: { from: 6, keep: 1, italic: true, comma: 'never' },
  suffix: { comma: false, stop: false },
};

/** The style of the journal Nature. */
export const nature: Style = {
  id: 'nature',
  title: 'Nature',
  aliases: ['nature-journal', 'springer-nature'],
  kind: 'numeric',
  order: 'cited',
  demote: false,
  letters: false,
  shortNames: (names, keep) => namesInText(names, keep),
  entry,
  label: (number) => `${number}. `,
  inText: (cited) =>
    marked('superscript', joined(', ', String(cited.number), around('(', pageLocator(cited.locator), ')'))),
  cluster(parts, cited) {
    if (cited.some(({ locator }) => locator !== undefined)) return parts.join(marked('superscript', ','));
    return marked(
      'superscript',
      numberRanges(
        cited.map(({ number }) => number),
        String,
        ',',
      ),
    );
  },
  narrative: (cited) => `${namesInText(creatorsOf(cited.item).names, 1)}${nature.inText(cited)}`,
};

function namesInText(names: readonly Name[], keep: number): string {
  return shortNames(names, keep, { and: 'and', most: 2, lastComma: true });
}

function entry({ item }: Cited): string {
  const who = creatorNames(item);
  const body = { article: articleOf, part: partOf, whole: wholeOf, web: webOf }[shapeOf(item)](item);
  const closed = item.type !== 'book' && who !== '' ? stopped(who) : who;
  return stopped(joined(' ', creatorsOf(item).role === 'editor' ? who : stopped(closed), body));
}

function creatorNames(item: Item): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0 || role === 'director') return '';
  return joined(
    ' ',
    nameList(names, AUTHORS),
    role === 'editor' ? (names.length > 1 ? '(eds)' : '(ed.)') : '',
  );
}

function year(item: Item): string {
  return around('(', yearOf(item.issued), ')');
}

function articleOf(item: Item): string {
  const place = joined(
    ', ',
    joined(
      ' ',
      italic(item['container-title-short'] ?? item['container-title'] ?? ''),
      marked('bold', item.volume ?? ''),
    ),
    pagesOf(item.page ?? item.number, 'expanded'),
  );
  return joined(' ', stopped(cased(item.title, 'sentence')), place, year(item));
}

function partOf(item: Item): string {
  const many = (item.editor?.length ?? 0) > 1;
  const editors = item.editor ? `(${many ? 'eds' : 'ed.'} ${nameList(item.editor, AUTHORS)})` : '';
  const volume = around('Vol. ', item.volume);
  return joined(
    ' ',
    stopped(cased(item.title, 'sentence')),
    around('in ', italic(cased(item['container-title'], 'title', item.language))),
    joined(', ', volume, editionOf(item.edition, 'edn')),
    editors,
    pagesOf(item.page, 'expanded'),
    item.publisher === undefined ? linkOf(item) : '',
    published(item),
  );
}

function published(item: Item): string {
  return around('(', joined(', ', item.publisher, yearOf(item.issued)), ')');
}

function webOf(item: Item): string {
  const site = item['container-title'] ?? item.publisher ?? '';
  return joined(' ', stopped(cased(item.title, 'sentence')), italic(site), linkOf(item), year(item));
}

function wholeOf(item: Item): string {
  const title = cased(item.title, 'sentence');
  if (item.type === 'article')
    return joined(' ', stopped(title), around('Preprint at ', linkOf(item)), year(item));
  if (item.type === 'thesis')
    return joined(' ', stopped(title), joined(', ', item.genre ?? 'PhD thesis', item.publisher), year(item));
  if (item.type === 'dataset' || item.type === 'software')
    return joined(' ', stopped(title), italic(item.publisher ?? ''), linkOf(item), year(item));
  if (item.type === 'patent') return joined(' ', stopped(title), item.number, year(item));
  const volume = joined(', ', editionOf(item.edition, 'edn'), around('Vol. ', item.volume));
  const name = italic(cased(item.title, 'title', item.language));
  return joined(' ', name, volume, item.publisher === undefined ? linkOf(item) : '', published(item));
}

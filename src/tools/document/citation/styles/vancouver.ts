import { cased } from '../case.js';
import { dayOf, monthOf, yearOf } from '../dates.js';
import { creatorsOf, type Item, type ItemDate, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { editionOf, pagesOf } from '../pages.js';
import { around, joined, sentences } from '../rich.js';
import { numberRanges, pageLocator, type Style, shortNames } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'all',
  given: { stop: '', between: '' },
  comma: ' ',
  and: '',
  lastComma: 'never',
  etAl: { from: 7, keep: 6, comma: 'always' },
  suffix: { comma: false, stop: false },
};

/** The Vancouver style, as the National Library of Medicine writes it. */
export const vancouver: Style = {
  id: 'vancouver',
  title: 'Vancouver (National Library of Medicine)',
  aliases: ['nlm', 'icmje', 'national-library-of-medicine'],
  kind: 'numeric',
  order: 'cited',
  demote: false,
  letters: false,
  shortNames: (names, keep) => namesInText(names, keep),
  entry: ({ item }) => joined(' ', sentences(creatorNames(item), ...body(item)), ending(item)),
  label: (number) => `${number}. `,
  inText: (cited) => joined(', ', String(cited.number), pageLocator(cited.locator, 'p. ', 'p. ')),
  cluster(parts, cited) {
    const placed = cited.some(({ locator }) => locator !== undefined);
    return `(${
      placed
        ? parts.join('; ')
        : numberRanges(
            cited.map(({ number }) => number),
            String,
            ',',
          )
    })`;
  },
  narrative: (cited) =>
    joined(' ', namesInText(creatorsOf(cited.item).names, 1), `(${vancouver.inText(cited)})`),
};

function namesInText(names: readonly Name[], keep: number): string {
  return shortNames(names, keep, { and: 'and', most: 2, lastComma: true });
}

function creatorNames(item: Item): string {
  const { names, role } = creatorsOf(item);
  const many = names.length > 1 ? 's' : '';
  return names.length === 0
    ? ''
    : joined(', ', nameList(names, AUTHORS), role === 'author' ? '' : `${role}${many}`);
}

function body(item: Item): string[] {
  const shape = shapeOf(item);
  const title = cased(item.title, 'sentence');
  if (shape === 'article')
    return [title, `${item['container-title-short'] ?? item['container-title'] ?? ''}`, issueOf(item)];
  if (shape === 'part') return [title, containerOf(item), publication(item), pagesText(item)];
  if (shape === 'web')
    return [`${title}${medium(item)}`, item['container-title'] ?? item.publisher ?? '', onlineDate(item)];
  const kind = item.type === 'thesis' ? ` [${item.genre ?? 'dissertation'}]` : '';
  return [
    `${title}${kind}${medium(item)}`,
    editionOf(item.edition),
    item.type === 'thesis' ? thesisPlace(item) : publication(item),
    item.type === 'report' ? around('Report No.: ', item.number) : (item.number ?? ''),
  ];
}

/** `1953 Apr 25;171(4356):737-8`. */
function issueOf(item: Item): string {
  const volume = `${item.volume ?? ''}${around('(', item.issue, ')')}`;
  const pages = around(':', pagesOf(item.page ?? item.number, 'minimal', '-'));
  return `${joined(';', dateOf(item.issued), volume)}${pages}`;
}

function dateOf(date: ItemDate | undefined): string {
  return joined(' ', yearOf(date), monthOf(date, 'bare'), dayOf(date));
}

function medium(item: Item): string {
  return item.URL !== undefined ? ' [Internet]' : '';
}

function containerOf(item: Item): string {
  const editors = item.editor
    ? `${nameList(item.editor, AUTHORS)}, editor${item.editor.length > 1 ? 's' : ''}. `
    : '';
  const container = item['container-title'] ?? '';
  if (container === '') return '';
  const edition = around('. ', editionOf(item.edition).replace(/\.$/, ''));
  const volume = around('. Vol. ', item.volume);
  return `In: ${editors}${container}${medium(item)}${edition}${volume}`;
}

function publication(item: Item): string {
  const house = joined(': ', item.publisher && item['publisher-place'], item.publisher);
  const date = item.type === 'article' || item.type === 'dataset' ? dateOf(item.issued) : yearOf(item.issued);
  return joined('; ', house, joined(' ', date, cited(item)));
}

function thesisPlace(item: Item): string {
  return joined('; ', joined(': ', item['publisher-place'], item.publisher), yearOf(item.issued));
}

function onlineDate(item: Item): string {
  return joined(' ', dateOf(item.issued), cited(item));
}

function cited(item: Item): string {
  return item.URL === undefined ? '' : around('[cited ', dateOf(item.accessed), ']');
}

function pagesText(item: Item): string {
  return around('p. ', pagesOf(item.page, 'minimal', '-'));
}

function ending({ DOI, URL }: Item): string {
  return DOI === undefined ? around('Available from: ', URL) : `doi: ${DOI}.`;
}

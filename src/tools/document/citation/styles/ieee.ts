import { cased } from '../case.js';
import { americanDate, monthOf, yearOf } from '../dates.js';
import { creatorsOf, type Item, type Name, shapeOf } from '../item.js';
import { type NameStyle, nameList } from '../names.js';
import { arePlural, editionOf, pagesOf } from '../pages.js';
import { around, italic, joined, quoted, stopped } from '../rich.js';
import { type Cited, numberRanges, pageLocator, type Style, shortNames } from './style.js';

const AUTHORS: NameStyle = {
  inverted: 'none',
  given: { stop: '.', between: ' ' },
  comma: ', ',
  and: 'and',
  lastComma: 'three',
  etAl: { from: 7, keep: 1, italic: true },
};

/** The style of the Institute of Electrical and Electronics Engineers. */
export const ieee: Style = {
  id: 'ieee',
  title: 'Institute of Electrical and Electronics Engineers',
  aliases: ['ieee-reference-guide'],
  kind: 'numeric',
  order: 'cited',
  demote: false,
  letters: false,
  shortNames: (names, keep) => shortNames(names, keep, { and: 'and', most: 2, lastComma: true }),
  entry,
  label: (number) => `[${number}] `,
  inText: (cited) => `[${joined(', ', String(cited.number), pageLocator(cited.locator))}]`,
  cluster(parts, cited) {
    if (cited.some(({ locator }) => locator !== undefined)) return parts.join(', ');
    return numberRanges(
      cited.map(({ number }) => number),
      (text) => `[${text}]`,
      ', ',
    );
  },
  narrative: (cited) => joined(' ', namesInText(creatorsOf(cited.item).names), ieee.inText(cited)),
};

function namesInText(names: readonly Name[]): string {
  return shortNames(names, 1, { and: 'and', most: 2, lastComma: true });
}

function entry({ item }: Cited): string {
  const who = creatorNames(item);
  const shape = shapeOf(item);
  const body = { article: articleOf, part: partOf, whole: wholeOf, web: webOf }[shape](item);
  return ended(item, joined(', ', who, body));
}

function creatorNames(item: Item): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0) return '';
  const many = names.length > 1 ? 's' : '';
  const label = { author: '', editor: `Ed${many}.`, director: `Director${many}`, translator: 'Trans.' }[role];
  return joined(', ', nameList(names, AUTHORS), label);
}

/** A title in quotation marks; the comma goes inside them. */
function title(item: Item, rest: string): string {
  const text = quoted(cased(item.title, 'sentence'), rest === '' ? '' : ',');
  return joined(' ', text, rest);
}

function articleOf(item: Item): string {
  const pages = pagesOf(item.page, 'expanded');
  const month = joined(' ', monthOf(item.issued, 'short'), yearOf(item.issued));
  const date = item.type === 'article-journal' ? month : americanDate(item.issued, 'short');
  const rest = joined(
    ', ',
    italic(item['container-title-short'] ?? item['container-title'] ?? ''),
    around('vol. ', item.volume),
    around('no. ', item.issue),
    around(arePlural(pages) ? 'pp. ' : 'p. ', pages),
    pages === '' && item.number ? `Art. no. ${item.number}` : '',
    date,
  );
  return title(item, rest);
}

function partOf(item: Item): string {
  const pages = pagesOf(item.page, 'expanded');
  const editors = item.editor
    ? `${nameList(item.editor, AUTHORS)}, Ed${item.editor.length > 1 ? 's' : ''}.`
    : '';
  const meeting = item.type === 'paper-conference';
  const house = meeting
    ? (item['event-place'] ?? item.publisher)
    : joined(': ', item['publisher-place'], item.publisher);
  const when = meeting
    ? joined(' ', monthOf(item.issued, 'short'), yearOf(item.issued))
    : yearOf(item.issued);
  const book = joined(
    ', ',
    around('in ', italic(item['container-title'] ?? '')),
    editionOf(item.edition),
    around('vol. ', item.volume),
    editors,
  );
  const published = joined(', ', house, when, around(arePlural(pages) ? 'pp. ' : 'p. ', pages));
  const divided = meeting || item.publisher === undefined;
  return title(item, divided ? joined(', ', book, published) : joined(' ', stopped(book), published));
}

function webOf(item: Item): string {
  const site = item['container-title'] ?? item.publisher ?? '';
  const seen = around('Accessed: ', americanDate(item.accessed, 'short'));
  return joined(' ', stopped(title(item, site)), stopped(seen));
}

function wholeOf(item: Item): string {
  const own = { thesis: thesisOf, report: reportOf, patent: patentOf, article: preprintOf }[
    item.type as 'thesis'
  ];
  if (own) return own(item);
  const version = around('version ', item.version);
  const name = joined(
    ', ',
    italic(cased(item.title, 'sentence')),
    version,
    editionOf(item.edition),
    around('vol. ', item.volume),
  );
  const house = joined(': ', item['publisher-place'], item.publisher);
  const published = joined(', ', house, yearOf(item.issued));
  return published === '' ? name : `${stopped(name)} ${published}`;
}

function thesisOf(item: Item): string {
  return title(
    item,
    joined(', ', thesisKind(item.genre), item.publisher, item['publisher-place'], yearOf(item.issued)),
  );
}

function thesisKind(genre = 'Ph.D. dissertation'): string {
  if (/^(?:ph\.?\s?d|doctoral)/i.test(genre)) return 'Ph.D. dissertation';
  return /^master/i.test(genre) ? 'M.S. thesis' : genre;
}

function reportOf(item: Item): string {
  const date = joined(' ', monthOf(item.issued, 'short'), yearOf(item.issued));
  const number = around(/^(?:Rep|Tech|No)\b/i.test(item.number ?? '') ? '' : 'Rep. ', item.number);
  return title(item, joined(', ', item.publisher, item['publisher-place'], number, date));
}

function patentOf(item: Item): string {
  const number = item.number?.replace(/^US\s+/, 'U.S. Patent ');
  return title(item, joined(', ', number, americanDate(item.issued, 'short')));
}

function preprintOf(item: Item): string {
  return title(
    item,
    joined(', ', americanDate(item.issued, 'short'), around('', item.number ?? item.publisher)),
  );
}

/** The end of an entry: DOI, or where it is to be found. */
function ended(item: Item, text: string): string {
  if (item.DOI !== undefined) {
    const open = shapeOf(item) === 'whole' && item.type === 'book';
    return open ? `${stopped(text)} doi: ${item.DOI}.` : `${text.replace(/\.$/, '')}, doi: ${item.DOI}.`;
  }
  return item.URL === undefined ? stopped(text) : `${stopped(text)} [Online]. Available: ${item.URL}`;
}

import { sortYear, yearOf } from './dates.js';
import { creatorsOf, type Item, shapeOf } from './item.js';
import { sortKey } from './names.js';
import { plain } from './rich.js';
import type { Cited, Style } from './styles/style.js';

const ORDER = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/**
 * The works in the order of the list of references, each with what tells it from the others.
 * @param items in the order in which they are cited
 */
export function placed(items: readonly Item[], style: Style): Cited[] {
  const ordered = style.order === 'cited' ? [...items] : inOrder(items, style);
  const groups = groupBy(ordered, (item) => whoKey(item));
  const cited = ordered.map(
    (item, index): Cited => ({
      item,
      number: index + 1,
      letter: '',
      names: 1,
      repeated: index > 0 && whoKey(item) !== '' && whoKey(item) === whoKey(ordered[index - 1]!),
      ambiguous: whoKey(item) !== '' && groups.get(whoKey(item))!.length > 1,
    }),
  );
  if (style.kind !== 'numeric') tellApart(cited, style);
  return cited;
}

function inOrder(items: readonly Item[], style: Style): Item[] {
  const keyed = items.map((item) => ({ item, key: creatorKey(item, style) }));
  return keyed
    .sort(
      (a, b) =>
        ORDER.compare(a.key, b.key) ||
        (style.kind === 'author-date' ? compareYears(a.item, b.item) : 0) ||
        ORDER.compare(titleKey(a.item), titleKey(b.item)) ||
        compareYears(a.item, b.item),
    )
    .map(({ item }) => item);
}

/** Works without a date come first. */
function compareYears(a: Item, b: Item): number {
  const [one, other] = [a, b].map((item) => (item.issued ? sortYear(item) : Number.NEGATIVE_INFINITY));
  return one === other ? 0 : one! - other!;
}

/** Nothing in front of something: one name comes before the same name with others. */
function creatorKey(item: Item, style: Style): string {
  const { names, role } = creatorsOf(item);
  if (names.length === 0 || (style.filmsByTitle && role === 'director')) return titleKey(item);
  return names.map((name) => sortKey(name, style.demote)).join(' \u0001 ');
}

function titleKey({ title = '' }: Item): string {
  return plain(title)
    .replace(/^["“‘'(]*(?:the|an?)\s+/i, '')
    .replace(/^["“‘'(]+/, '');
}

function whoKey(item: Item): string {
  const { names, role } = creatorsOf(item);
  return names.length === 0 ? '' : `${role}:${names.map((name) => sortKey(name, false)).join('|')}`;
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** Shows more names where different people would read the same, then letters where the same people would. */
function tellApart(cited: readonly Cited[], style: Style): void {
  const shown = (one: Cited) =>
    `${style.shortNames(creatorsOf(one.item).names, one.names)}|${yearOf(one.item.issued)}`;
  for (const group of groupBy(cited, shown).values()) addNames(group, style);
  if (!style.letters) return;
  for (const group of groupBy(cited, (one) => `${shown(one)}${unnamedKey(one.item)}`).values()) {
    if (group.length < 2) continue;
    for (const [index, one] of group.entries()) one.letter = letterOf(index);
  }
}

/** Works without creators are told apart by their titles. */
function unnamedKey(item: Item): string {
  return creatorsOf(item).names.length > 0 ? '' : `${titleKey(item)}${shapeOf(item)}`;
}

function addNames(group: readonly Cited[], style: Style): void {
  const lists = new Map(group.map((one) => [whoKey(one.item), creatorsOf(one.item).names]));
  if (lists.size < 2 || lists.has('')) return;
  const longest = Math.min(20, Math.max(...[...lists.values()].map((names) => names.length)));
  for (let keep = 2; keep <= longest; keep++) {
    const texts = [...lists.values()].map((names) => style.shortNames(names, keep));
    for (const one of group) one.names = keep;
    if (new Set(texts).size === lists.size) return;
  }
}

/** a … z, aa, ab … */
function letterOf(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : `${letterOf(Math.floor(index / 26) - 1)}${last}`;
}

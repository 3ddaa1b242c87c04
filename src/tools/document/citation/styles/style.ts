import type { Item, Name } from '../item.js';
import { familyOf, OTHERS } from '../names.js';
import { plain } from '../rich.js';

/** A work with its place among the others that are cited. */
export interface Cited {
  item: Item;
  /** Its number in the list of references, counted from 1. */
  number: number;
  /** `a`, `b` … where several works would read the same. */
  letter: string;
  /** So many names must be shown for the work to be told from others; 1 where that does not matter. */
  names: number;
  /** The entry above has the same creators. */
  repeated: boolean;
  /** Other works in the list have the same creators. */
  ambiguous: boolean;
  /** A page, or another place in the work. */
  locator?: string;
}

/** A way to write references. Contract: functions are pure, and give text with the marks of `rich.ts`. */
export interface Style {
  readonly id: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly kind: 'author-date' | 'author-title' | 'numeric' | 'note';
  /** Entries are put in order by creators, or stand as they are cited. */
  readonly order: 'creators' | 'cited';
  /** Particles such as "van" do not count for the order. */
  readonly demote: boolean;
  /** Films stand under their title, not under their director. */
  readonly filmsByTitle?: boolean;
  /** Two works that read the same in the text: a letter behind the year tells them apart. */
  readonly letters: boolean;
  /** What shows in the text of a list of names, and with what the names are told apart. */
  shortNames(names: readonly Name[], keep: number): string;
  /** An entry of the list of references, without its number. */
  entry(cited: Cited): string;
  /** What stands in front of an entry. */
  label(number: number): string;
  /** What stands in the text for one work, without brackets. */
  inText(cited: Cited): string;
  /** Several works that are cited at once. */
  cluster(parts: readonly string[], cited: readonly Cited[]): string;
  /** The work named in the sentence itself, where the style can do that. */
  narrative?(cited: Cited): string;
  /** The note for a work that was cited before. */
  shortNote?(cited: Cited): string;
}

/** Family names for the text: all of them, or the first ones and "et al.". */
export function shortNames(
  names: readonly Name[],
  keep: number,
  form: { and: string; most: number; lastComma: boolean; others?: string },
): string {
  const families = names.filter(({ literal }) => literal !== OTHERS.literal).map(familyOf);
  const open = families.length < names.length;
  const shown = Math.min(Math.max(keep, 1), families.length);
  const others = form.others ?? 'et al.';
  if ((families.length > form.most && shown < families.length) || open)
    return `${families.slice(0, shown).join(', ')}${shown > 1 ? ',' : ''} ${others}`;
  if (families.length < 2) return families[0] ?? '';
  const comma = families.length > 2 && form.lastComma ? ',' : '';
  return `${families.slice(0, -1).join(', ')}${comma} ${form.and} ${families.at(-1)}`;
}

/** `12` as `p. 12`, `12-14` as `pp. 12–14`; a place that names its kind stays. */
export function pageLocator(locator: string | undefined, single = 'p. ', plural = 'pp. '): string {
  if (locator === undefined || locator.trim() === '') return '';
  const pages = locator.trim().replace(/^pp?\.?\s*(?=\d)/i, '');
  if (!/^[\divxlc]+(?:\s*[-–,;&]\s*[\divxlc]+)*$/i.test(pages)) return pages;
  const many = /[-–,;&]/.test(pages);
  return `${many ? plural : single}${pages.replace(/\s*-{1,2}\s*/g, '–')}`;
}

/** The first part of a title, for notes and for works without creators. */
export function shortTitle(item: Item): string {
  const given = item['title-short'];
  if (given !== undefined) return given;
  const main = (item.title ?? '').split(/(?<=[^\s:]):\s|[?!]\s|\s[–—]\s/)[0] ?? '';
  const words = main.replace(/^(?:The|An?)\s+(?=\S)/, '').split(/\s+/);
  return words.length > 6 ? plain(words.slice(0, 4).join(' ')) : words.join(' ');
}

/** Numbers in one pair of brackets or in several, three and more in a row as a range. */
export function numberRanges(
  numbers: readonly number[],
  write: (text: string) => string,
  comma: string,
): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([from, to]) => runText(from, to, write)).join(comma);
}

function runText(from: number, to: number, write: (text: string) => string): string[] {
  if (from === to) return [write(String(from))];
  if (to === from + 1) return [write(String(from)), write(String(to))];
  return [`${write(String(from))}–${write(String(to))}`];
}

import type { Name } from './item.js';
import { italic } from './rich.js';

/** How a style writes names. */
export interface NameStyle {
  /** Which names have the family name in front. */
  inverted: 'all' | 'first' | 'none';
  /** Given names in full, or as initials, with what follows each and what is between them. */
  given: 'full' | { stop: string; between: string };
  /** Between family name and given names when they are turned round. */
  comma: string;
  /** In front of the last name; nothing when names are only divided. */
  and: '' | 'and' | '&';
  /** The comma in front of it: from three names on, always or never. */
  lastComma: 'three' | 'always' | 'never';
  /** From how many names on the list is cut, and how many are then given. */
  etAl?: { from: number; keep: number; italic?: boolean; comma?: 'always' | 'never' | 'several' };
  /** From how many names on the middle is left out: so many first names, an ellipsis, the last name. */
  ellipsis?: { from: number; keep: number };
  /** Particles such as "van" go behind the given names when names are turned round. */
  demote?: boolean;
  /** How "Jr." is set off. */
  suffix?: { comma: boolean; stop: boolean };
}

/** Stands at the end of a list that names not everybody. */
export const OTHERS: Name = { literal: 'others' };

/** Names as a style writes them. */
export function nameList(all: readonly Name[], style: NameStyle): string {
  const { etAl, ellipsis } = style;
  const names = all.filter((name) => name !== OTHERS && name.literal !== OTHERS.literal);
  const written = names.map((name, index) => writeName(name, style, isInverted(style, index)));
  if (ellipsis && names.length >= ellipsis.from)
    return `${written.slice(0, ellipsis.keep).join(', ')}, … ${written.at(-1)}`;
  if (etAl && names.length >= etAl.from) return `${written.slice(0, etAl.keep).join(', ')}${andOthers(etAl)}`;
  if (names.length < all.length)
    return `${written.join(', ')}${andOthers({ ...etAl, from: 1, keep: names.length })}`;
  return withAnd(written, style);
}

function isInverted({ inverted }: NameStyle, index: number): boolean {
  return inverted === 'all' || (inverted === 'first' && index === 0);
}

function andOthers({ keep, italic: slanted, comma = 'several' }: NonNullable<NameStyle['etAl']>): string {
  const divided = comma === 'always' || (comma === 'several' && keep > 1);
  return `${divided ? ',' : ''} ${slanted ? italic('et al.') : 'et al.'}`;
}

function withAnd(written: readonly string[], { and, lastComma }: NameStyle): string {
  if (written.length < 2 || and === '') return written.join(', ');
  const divided = lastComma === 'always' || (lastComma === 'three' && written.length > 2);
  return `${written.slice(0, -1).join(', ')}${divided ? ',' : ''} ${and} ${written.at(-1)}`;
}

/** One name. */
export function writeName(name: Name, style: NameStyle, inverted: boolean): string {
  if (name.literal !== undefined) return name.literal;
  const given = givenOf(name, style);
  const suffix = style.suffix?.stop === false ? name.suffix?.replace(/\.$/, '') : name.suffix;
  const { 'non-dropping-particle': own = '', 'dropping-particle': dropped = '', family = '' } = name;
  if (!inverted) return spaced(given, dropped, glued(own, family), suffix ?? '');
  const particle = style.demote ? own : '';
  const front = style.demote ? family : glued(own, family);
  const back = spaced(given, dropped, particle);
  const turned = back === '' ? front : `${front}${style.comma}${back}`;
  return suffix === undefined ? turned : `${turned}${style.suffix?.comma === false ? ' ' : ', '}${suffix}`;
}

function spaced(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** d’Alembert, not d’ Alembert. */
function glued(particle: string, family: string): string {
  return /['’]$/.test(particle) ? `${particle}${family}` : spaced(particle, family);
}

function givenOf({ given = '' }: Name, { given: how }: NameStyle): string {
  if (how === 'full') return given.replace(/\b(\p{Lu})\.(?=\p{Lu})/gu, '$1. ');
  return initials(given, how.stop, how.between);
}

/** `Jean-Paul A.` as `J.-P. A.`; names in small letters (particles) stay. */
export function initials(given: string, stop: string, between: string): string {
  const parts = given
    .replace(/\./g, '. ')
    .split(/\s+/)
    .filter((part) => part !== '');
  return parts
    .flatMap((part) => (/^\p{Lu}{2,3}$/u.test(part) ? [...part] : [part]))
    .map((part) =>
      part
        .split(/[-‐]/)
        .filter(Boolean)
        .map((half) => initial(half, stop))
        .join(stop === '' ? '' : '-'),
    )
    .reduce((text, part) => (text === '' ? part : `${text}${between}${part}`), '');
}

function initial(name: string, stop: string): string {
  const [first = ''] = name;
  return /\p{Ll}/u.test(first) ? name : `${first}${stop}`;
}

/** Family names, as they stand in the running text. */
export function familyOf(name: Name): string {
  if (name.literal !== undefined) return name.literal;
  return glued(name['non-dropping-particle'] ?? '', name.family ?? name.given ?? '');
}

/** By what a name is put in order. */
export function sortKey(name: Name, demote: boolean): string {
  if (name.literal !== undefined) return name.literal.replace(/^(?:the|a|an)\s+/i, '');
  const family = demote ? (name.family ?? '') : familyOf(name);
  return `${family} ${name.given ?? ''} ${name.suffix ?? ''}`.replace(/[’'.]/g, '').trim();
}

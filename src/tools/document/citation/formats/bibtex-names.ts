import type { Name } from '../item.js';
import { OTHERS } from '../names.js';
import { fromLatex } from './latex.js';

/** The people of a BibTeX field: `Last, First and von Last, Jr, First and {An Organisation} and others`. */
export function fromBibtexNames(source: string): Name[] {
  return splitOutside(source, /\s+and\s+/iy)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(fromBibtexName);
}

function fromBibtexName(name: string): Name {
  if (/^others$/i.test(name)) return OTHERS;
  if (name.startsWith('{') && closes(name)) return { literal: fromLatex(name) };
  if (/^\s*(?:family|given)\s*=/i.test(name)) return fromPairs(name);
  const parts = splitOutside(name, /\s*,\s*/y);
  const [first = '', second = ''] = parts;
  if (parts.length === 1) return fromWords(words(first));
  if (parts.length === 2) return build(words(first), fromLatex(second));
  return build(words(first), fromLatex(parts.slice(2).join(' ')), fromLatex(second));
}

/** Whether one pair of braces goes round the whole. */
function closes(name: string): boolean {
  let depth = 0;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '{') depth++;
    if (name[at] === '}' && --depth === 0) return at === name.length - 1;
  }
  return false;
}

function fromPairs(name: string): Name {
  const pairs = splitOutside(name, /\s*,\s*/y).map((part) => part.split(/\s*=\s*/, 2) as [string, string]);
  const of = (key: string) => fromLatex(pairs.find(([k]) => k?.trim().toLowerCase() === key)?.[1] ?? '');
  return clean({
    family: of('family'),
    given: of('given'),
    'non-dropping-particle': of('prefix'),
    suffix: of('suffix'),
  });
}

function words(text: string): string[] {
  return splitOutside(text.trim(), /[\s~]+/y).filter((word) => word !== '');
}

/** First names, particles in small letters, last name: the last name has at least the last word. */
function fromWords(all: readonly string[]): Name {
  const first = all.findIndex((word, index) => index < all.length - 1 && isSmall(word));
  if (first < 0)
    return build(
      all.slice(-1),
      all
        .slice(0, -1)
        .map((word) => fromLatex(word))
        .join(' '),
    );
  return build(
    all.slice(first),
    all
      .slice(0, first)
      .map((word) => fromLatex(word))
      .join(' '),
  );
}

function build(family: readonly string[], given: string, suffix = ''): Name {
  let particles = 0;
  while (particles < family.length - 1 && isSmall(family[particles]!)) particles++;
  const text = (parts: readonly string[]) => parts.map((part) => fromLatex(part)).join(' ');
  return clean({
    family: text(family.slice(particles)),
    given,
    'non-dropping-particle': text(family.slice(0, particles)),
    suffix,
  });
}

function isSmall(word: string): boolean {
  return !word.startsWith('{') && /^[^\p{L}]*\p{Ll}/u.test(fromLatex(word));
}

function clean(name: Record<string, string>): Name {
  return Object.fromEntries(Object.entries(name).filter(([, part]) => part !== ''));
}

/** Parts of a text between separators that stand outside braces. */
function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (depth === 0) {
      separator.lastIndex = at;
      const found = separator.exec(text)?.[0];
      if (!found) continue;
      parts.push(text.slice(from, at));
      from = at + found.length;
      at = from - 1;
    }
  }
  return [...parts, text.slice(from)];
}

/** People as a BibTeX field. */
export function toBibtexNames(names: readonly Name[], write: (text: string) => string): string {
  return names.map((name) => toBibtexName(name, write)).join(' and ');
}

function toBibtexName(name: Name, write: (text: string) => string): string {
  if (name.literal !== undefined)
    return name.literal === OTHERS.literal ? 'others' : `{${write(name.literal)}}`;
  const particle = name['non-dropping-particle'] ?? name['dropping-particle'] ?? '';
  const family = write([particle, name.family ?? ''].filter(Boolean).join(' '));
  return [
    family,
    ...(name.suffix ? [write(name.suffix)] : []),
    ...(name.given ? [write(name.given)] : []),
  ].join(', ');
}

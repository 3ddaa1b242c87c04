import { plain } from './rich.js';

/** Words that stay small inside a title. */
const SMALL = new Set(
  `a about above across after against along among an and around as at before behind below beneath between beyond but by
    down during for from in inside into near nor of off on onto or over per since so than the through throughout till to
    toward towards under underneath until up upon v v. via vs vs. with within without yet`.split(/\s+/),
);
/** Words and what is between them; what keeps its case counts as one word. */
const WORDS = /\ue008[^\ue009]*\ue009|[^\s\ue008\ue009]+|\s+/g;
const LETTER = /\p{L}/u;

/** Whether titles of a work may be changed: other languages than English have rules of their own. */
export function isEnglish(language: string | undefined): boolean {
  return language === undefined || /^(?:en(?:[-_]|$)|english|american|british|us|uk)/i.test(language.trim());
}

/**
 * A title with its words in capitals, as headlines have them.
 * @param longest the most letters of a word that stays small; without it, prepositions of any length do
 */
export function titleCase(title: string, longest = Number.POSITIVE_INFINITY): string {
  const words = title.match(WORDS) ?? [];
  const real = words.flatMap((word, index) => (LETTER.test(word) ? [index] : []));
  const [first, last] = [real[0], real.at(-1)];
  return words
    .map((word, index) => {
      if (word.startsWith('\ue008') || !LETTER.test(word)) return word;
      const opens = index === first || index === last || /[:?!—.]["”’\ue001]*$/.test(before(words, index));
      return word
        .split(/(?<=[-–—/])/)
        .map((part, number) => capitalPart(part, (opens && number === 0) || part.length > longest))
        .join('');
    })
    .join('');
}

function before(words: readonly string[], index: number): string {
  const word = words[index - 2] ?? '';
  return /^(?:vs?|\p{Lu})\.$/u.test(plain(word)) ? '' : word;
}

/** Words with capitals of their own (DNA, iPhone) stay as they are. */
function capitalPart(part: string, opens: boolean): string {
  const letters = plain(part).replace(/[^\p{L}’'.]/gu, '');
  if (/\p{Lu}/u.test(letters)) return part;
  if (!opens && SMALL.has(letters.toLowerCase())) return part;
  return part.replace(LETTER, (letter) => letter.toUpperCase());
}

/**
 * A headline in sentence case. Words with capitals inside, single capitals behind the first word, and what keeps its
 * case stay; the first word and the one after a colon begin with a capital.
 */
export function sentenceCase(title: string): string {
  const words = title.match(WORDS) ?? [];
  let opens = true;
  return words
    .map((word) => {
      if (/^\s+$/.test(word)) return word;
      const changed = word.startsWith('\ue008') || opens ? word : smallWord(word);
      opens = /[:?!]["”’]*$/.test(word) || (opens && !LETTER.test(word));
      return changed;
    })
    .join('');
}

function smallWord(word: string): string {
  const letters = word.replace(/[^\p{L}]/gu, '');
  const own = /\p{Lu}/u.test(letters.slice(1)) || (letters.length === 1 && letters !== 'A');
  if (own) return word.includes('-') ? word.split('-').map(smallPart).join('-') : word;
  return word.toLowerCase();
}

function smallPart(part: string): string {
  return /^\p{Lu}\p{Ll}+$/u.test(part) ? part.toLowerCase() : part;
}

/** Whether a title is written as a headline: most words that could be small have a capital. */
export function isHeadline(title: string): boolean {
  const words = (title.match(WORDS) ?? []).filter((word) => /^[(“"‘']?\p{L}/u.test(word)).slice(1);
  const telling = words.filter((word) => !SMALL.has(word.toLowerCase()) && !/\p{L}\p{Lu}/u.test(word));
  const capitals = telling.filter((word) => /^[(“"‘']?\p{Lu}/u.test(word));
  return telling.length > 0 && capitals.length / telling.length >= 0.7;
}

/** A title in the case that its style wants. */
export function cased(title: string | undefined, how: 'sentence' | 'title', language?: string): string {
  return how === 'title' && isEnglish(language) ? titleCase(title ?? '') : (title ?? '');
}

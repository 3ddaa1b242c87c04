/** How much of the second number a range of pages shows. */
export type RangeForm = 'expanded' | 'chicago' | 'two-digits' | 'minimal';

const RANGE = /^(\D{0,6})(\d{1,9})\s*(?:-{1,3}|–|—)\s*(\D{0,6})(\d{1,9})$/;

/** Pages with en dashes, their ranges as the style writes them. */
export function pagesOf(pages: string | undefined, form: RangeForm, dash = '–'): string {
  return (pages ?? '')
    .split(/\s*[,;]\s*/)
    .map((part) => rangeOf(part.trim(), form, dash))
    .filter((part) => part !== '')
    .join(', ');
}

function rangeOf(part: string, form: RangeForm, dash: string): string {
  const found = RANGE.exec(part);
  if (!found) return part.replace(/\s*(?:-{1,3}|–|—)\s*/g, dash);
  const [, mark = '', first = '', secondMark = '', second = ''] = found;
  if (secondMark !== '' && secondMark !== mark) return `${mark}${first}${dash}${secondMark}${second}`;
  const last = expand(first, second);
  const shown = shorten(first, last, form);
  const keepsMark = form === 'expanded' || (shown === last && mark !== '' && form !== 'minimal');
  return `${mark}${first}${dash}${keepsMark ? mark : ''}${shown}`;
}

/** `321-8` means 321 to 328. */
function expand(first: string, second: string): string {
  if (second.length >= first.length) return second;
  return `${first.slice(0, first.length - second.length)}${second}`;
}

function shorten(first: string, last: string, form: RangeForm): string {
  if (form === 'expanded' || first.length !== last.length) return last;
  const changed = changedPart(first, last);
  if (form === 'minimal') return changed;
  if (form === 'two-digits') return first.length < 3 ? last : atLeastTwo(last, changed);
  return chicagoPart(first, last, changed);
}

function changedPart(first: string, last: string): string {
  let same = 0;
  while (same < first.length - 1 && first[same] === last[same]) same++;
  return last.slice(same);
}

function atLeastTwo(last: string, changed: string): string {
  return changed.length < 2 ? last.slice(-2) : changed;
}

/** Below 100 and from a multiple of 100 on, all digits; from 101 to 109 and so on, what changes; else two or more. */
function chicagoPart(first: string, last: string, changed: string): string {
  const hundred = Number(first) % 100;
  if (Number(first) < 100 || hundred === 0) return last;
  if (hundred < 10) return changed;
  return first.length === 4 && changed.length === 3 ? last : atLeastTwo(last, changed);
}

/** Whether there is more than one page. */
export function arePlural(pages: string): boolean {
  return /\d\s*[-–—,;&]\s*\D{0,6}\d/.test(pages);
}

/** `2` as `2nd`; an edition in words stays. */
export function ordinal(number: string): string {
  if (!/^\d+$/.test(number)) return number;
  const [tens, ones] = [Number(number) % 100, Number(number) % 10];
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th');
  return `${number}${ending}`;
}

/** `2nd ed.`; nothing for the first edition. */
export function editionOf(edition: string | undefined, abbreviation = 'ed.'): string {
  if (edition === undefined || edition === '1' || /^(?:1st|first)$/i.test(edition)) return '';
  if (/\bed(?:ition|n|\.)/i.test(edition)) return edition.replace(/\bedition\b/i, abbreviation);
  return `${ordinal(ordinalWord(edition))} ${abbreviation}`;
}

const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ');

function ordinalWord(edition: string): string {
  const index = ORDINALS.indexOf(edition.toLowerCase());
  return index > 0 ? String(index) : edition;
}

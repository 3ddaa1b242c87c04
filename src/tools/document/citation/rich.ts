/**
 * Text with emphasis. Emphasis is marked by characters of the private use area inside plain strings, so that parts
 * are joined and measured as strings; {@link render} turns the marks into HTML, Markdown or nothing.
 */
const MARKS = {
  italic: ['\ue000', '\ue001'],
  bold: ['\ue002', '\ue003'],
  superscript: ['\ue004', '\ue005'],
  subscript: ['\ue006', '\ue007'],
  /** The case of what is inside stays as it is. */
  fixed: ['\ue008', '\ue009'],
} as const;
/** A kind of emphasis. */
export type Mark = keyof typeof MARKS;

const ANY_MARK = /[\ue000-\ue00f]/g;
const INSIDE_QUOTES = /(”[\ue001\ue003\ue005\ue007\ue009]*)$/;
const CLOSING = '[\ue001\ue003\ue005\ue007\ue009]';

/** What references can be written as. */
export const OUTPUTS = ['text', 'markdown', 'html'] as const;
/** One of {@link OUTPUTS}. */
export type Output = (typeof OUTPUTS)[number];

/** Text inside a mark; nothing stays nothing. */
export function marked(mark: Mark, text: string): string {
  const [open, close] = MARKS[mark];
  return text === '' ? '' : `${open}${text}${close}`;
}

/** Text in italics; what was in italics already is turned upright. */
export function italic(text: string): string {
  const [open, close] = MARKS.italic;
  const turned = text.replace(/[\ue000\ue001]/g, (mark) => (mark === open ? close : open));
  return marked('italic', turned).replaceAll(`${open}${close}`, '');
}

/** Text without marks. */
export function plain(text: string): string {
  return text.replace(ANY_MARK, '');
}

/** Text in which the marks that it brings along mean nothing. */
export function unmarked(text: string): string {
  return plain(text.normalize('NFC'));
}

/** Closes a sentence, inside quotation marks at its end, unless it is closed by its own punctuation. */
export function stopped(text: string, stop = '.'): string {
  if (text === '' || endsWith(text, stop === '.' ? '[.?!…]' : '[.,;?!…]')) return text;
  return INSIDE_QUOTES.test(text) ? text.replace(INSIDE_QUOTES, `${stop}$1`) : `${text}${stop}`;
}

/** Whether a text ends with a character of the class, quotation marks and marks of emphasis aside. */
export function endsWith(text: string, characters: string): boolean {
  return new RegExp(`${characters}(?:${CLOSING}|[”’])*$`).test(text);
}

/** Sentences one after the other, each with its full stop; empty ones are left out. */
export function sentences(...parts: (string | undefined)[]): string {
  return parts
    .filter((part): part is string => Boolean(part))
    .map((part) => stopped(part))
    .join(' ');
}

/** The parts that are not empty, with something between them. */
export function joined(separator: string, ...parts: (string | undefined | false)[]): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join(separator);
}

/** A text in front of or behind something, where there is something. */
export function around(before: string, text: string | undefined, after = ''): string {
  return text === undefined || text === '' ? '' : `${before}${text}${after}`;
}

/** A title in quotation marks, with the punctuation that follows it inside them, as Americans set it. */
export function quoted(title: string, stop: '' | '.' | ',' = ''): string {
  const inner = title.replaceAll('“', '‘').replaceAll('”', '’');
  const own = /[?!]$/.test(plain(inner));
  const closed = inner.endsWith('.') && stop === '.';
  return title === '' ? '' : `“${inner}${own || closed ? '' : stop}”`;
}

/** A title in quotation marks, with punctuation outside them, as the British set it. */
export function singleQuoted(title: string): string {
  return title === '' ? '' : `‘${title.replaceAll('‘', '“').replace(/’(?!\p{L})(?=\W*$)/u, '”')}’`;
}

/** The marks as HTML. */
export const HTML: Readonly<Record<string, string>> = {
  '\ue000': '<i>',
  '\ue001': '</i>',
  '\ue002': '<b>',
  '\ue003': '</b>',
  '\ue004': '<sup>',
  '\ue005': '</sup>',
  '\ue006': '<sub>',
  '\ue007': '</sub>',
};
const MARKDOWN: Record<string, string> = {
  '\ue000': '*',
  '\ue001': '*',
  '\ue002': '**',
  '\ue003': '**',
  '\ue004': '<sup>',
  '\ue005': '</sup>',
  '\ue006': '<sub>',
  '\ue007': '</sub>',
};
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as it is given out. */
export function render(text: string, output: Output): string {
  const tidy = text.replace(/ {2,}/g, ' ').trim();
  if (output === 'text') return plain(tidy);
  if (output === 'html')
    return tidy.replace(/[&<>]/g, (char) => ENTITIES[char]!).replace(ANY_MARK, (mark) => HTML[mark] ?? '');
  const parts = tidy.split(/(https?:\/\/\S+)/);
  const escaped = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replace(/[\\*_`<]|(?<=\])\(/g, '\\$&'),
  );
  return escaped.join('').replace(ANY_MARK, (mark) => MARKDOWN[mark] ?? '');
}

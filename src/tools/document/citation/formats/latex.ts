import { marked, unmarked } from '../rich.js';
import { SYMBOLS } from './latex-symbols.js';

/** What accents add to the letter before them. */
const ACCENTS: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  d: '\u0323',
  c: '\u0327',
  k: '\u0328',
  b: '\u0331',
};
const EMPHASIS: Readonly<Record<string, 'italic' | 'bold' | 'superscript' | 'subscript'>> = {
  emph: 'italic',
  textit: 'italic',
  mkbibemph: 'italic',
  textsl: 'italic',
  it: 'italic',
  em: 'italic',
  textbf: 'bold',
  mkbibbold: 'bold',
  bf: 'bold',
  textsuperscript: 'superscript',
  textsubscript: 'subscript',
};
/** Deeper braces are taken as they are. */
const MAX_DEPTH = 50;

/**
 * The text of a field. Accents and signs become letters, emphasis becomes marks.
 * @param titles braces keep the case of what is inside, as they do in titles
 */
export function fromLatex(source: string, titles = false): string {
  const text = new LatexReader(unmarked(source), titles).all();
  return text
    .replace(/[ \t\n\r]+/g, ' ')
    .trim()
    .normalize('NFC');
}

class LatexReader {
  private at = 0;
  private formula = false;

  constructor(
    private readonly source: string,
    private readonly titles: boolean,
  ) {}

  all(): string {
    let text = '';
    while (this.at < this.source.length) text += this.run(0);
    return text;
  }

  /** Up to the brace that closes, or the end. */
  private run(depth: number): string {
    let text = '';
    while (this.at < this.source.length) {
      const char = this.source[this.at++]!;
      if (char === '}') return text;
      text += this.piece(char, depth);
    }
    return text;
  }

  private piece(char: string, depth: number): string {
    if (char === '\\') return this.command(depth);
    if (char === '{') return this.group(depth);
    if (char === '$') return this.toggleFormula();
    if (char === '~') return '\u00a0';
    if (char === '^' || char === '_') return this.script(char, depth);
    return this.quoteOrDash(char);
  }

  private group(depth: number): string {
    if (depth >= MAX_DEPTH) return '';
    const accent = this.source[this.at] === '\\';
    const inside = this.run(depth + 1);
    return this.titles && !accent && depth === 0 ? marked('fixed', inside) : inside;
  }

  /** In formulas; elsewhere these signs stand for themselves. */
  private script(char: string, depth: number): string {
    if (!this.formula) return char;
    return marked(char === '^' ? 'superscript' : 'subscript', this.argument(depth));
  }

  private toggleFormula(): string {
    this.formula = !this.formula;
    return '';
  }

  private quoteOrDash(char: string): string {
    const doubled = this.source[this.at] === char;
    if (char === '-' && doubled) {
      this.at++;
      if (this.source[this.at] !== '-') return '–';
      this.at++;
      return '—';
    }
    if (char !== '`' && char !== "'") return char;
    if (doubled) this.at++;
    return char === '`' ? (doubled ? '“' : '‘') : doubled ? '”' : '’';
  }

  private command(depth: number): string {
    const name = /[A-Za-z]+|[\s\S]/y;
    name.lastIndex = this.at;
    const word = name.exec(this.source)?.[0] ?? '';
    this.at += word.length;
    const letters = /[A-Za-z]/.test(word);
    const accent = Object.hasOwn(ACCENTS, word) ? ACCENTS[word] : undefined;
    if (accent !== undefined && (!letters || /[\s{\\]/.test(this.source[this.at] ?? '')))
      return this.accented(word, accent, depth);
    if (letters && this.source[this.at] === ' ') this.at++;
    if (Object.hasOwn(SYMBOLS, word)) return this.symbol(word);
    if (Object.hasOwn(EMPHASIS, word)) return this.emphasised(word, depth);
    return letters || word === '-' || word === '/' ? '' : word === '\\' || word === ',' ? ' ' : word;
  }

  private symbol(word: string): string {
    if (this.source.startsWith('{}', this.at)) this.at += 2;
    return SYMBOLS[word]!;
  }

  private emphasised(word: string, depth: number): string {
    const old = word.length === 2; // {\it text}: up to the end of the group
    return marked(EMPHASIS[word]!, old ? this.rest(depth) : this.argument(depth));
  }

  private rest(depth: number): string {
    if (depth >= MAX_DEPTH) return '';
    const text = this.run(depth + 1);
    this.at--;
    return text;
  }

  private accented(word: string, accent: string, depth: number): string {
    const letter = this.argument(depth).replace('ı', 'i').replace('ȷ', 'j');
    const [first = '', ...others] = letter;
    if (first === '') return /[A-Za-z]/.test(word) ? '' : word;
    return `${first}${accent}${others.join('')}`;
  }

  private argument(depth: number): string {
    while (this.source[this.at] === ' ') this.at++;
    const char = this.source[this.at++];
    if (char === undefined) return '';
    if (char === '{') return depth >= MAX_DEPTH ? '' : this.run(depth + 1);
    if (char !== '\\') return char;
    return depth >= MAX_DEPTH ? '' : this.command(depth + 1);
  }
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\^{}',
  '\u00a0': '~',
  '“': '``',
  '”': "''",
  '‘': '`',
  '’': "'",
  '–': '--',
  '—': '---',
  '\ue000': '\\emph{',
  '\ue001': '}',
  '\ue002': '\\textbf{',
  '\ue003': '}',
  '\ue004': '\\textsuperscript{',
  '\ue005': '}',
  '\ue006': '\\textsubscript{',
  '\ue007': '}',
  '\ue008': '{',
  '\ue009': '}',
};

/** A text as LaTeX; letters stay as they are (UTF-8). */
export function toLatex(text: string): string {
  return text.replace(/[\\{}&%$#_~^\u00a0“”‘’–—\ue000-\ue009]/g, (char) => SPECIAL[char] ?? char);
}

/** An entry as it is written, its macros filled in and its fields still in LaTeX. */
export interface BibtexEntry {
  type: string;
  key: string;
  /** By name, in small letters. */
  fields: Map<string, string>;
  /** The line on which it begins. */
  line: number;
}

/** Something that is wrong in a file. */
export interface SyntaxProblem {
  line: number;
  message: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** After so many problems a file is no bibliography. */
const MAX_PROBLEMS = 100;
const NAME = /[^\s"#%'(),={}@]+/y;
const SPACE = /\s*/y;

/** Reads a BibTeX or BibLaTeX file entry by entry; what cannot be read is noted and skipped. */
export class BibtexReader {
  readonly problems: SyntaxProblem[] = [];
  private readonly macros = new Map(MONTHS.map((month, index) => [month, String(index + 1)]));
  private at = 0;
  private ends: number[] | undefined;

  constructor(private text: string) {}

  /** The entries, in their order. */
  *entries(): Generator<BibtexEntry> {
    for (;;) {
      const next = this.text.indexOf('@', this.at);
      if (next < 0) return;
      this.at = next + 1;
      const entry = this.tried(next);
      if (entry) yield entry;
    }
  }

  private tried(start: number): BibtexEntry | undefined {
    const line = this.lineOf(start);
    try {
      return this.block(line);
    } catch (error) {
      this.problems.push({ line, message: (error as Error).message });
      if (this.problems.length >= MAX_PROBLEMS) this.text = '';
      const rest = this.text.slice(start + 1).search(/\n\s*@/);
      this.at = rest < 0 ? this.text.length : start + 1 + rest;
      return undefined;
    }
  }

  private block(line: number): BibtexEntry | undefined {
    const type = this.name().toLowerCase();
    if (type === '' || type === 'comment') return undefined;
    this.space();
    const close = { '{': '}', '(': ')' }[this.text[this.at] ?? ''];
    if (!close) return undefined; // an e-mail address between entries
    this.at++;
    if (type === 'preamble') return void this.value();
    if (type === 'string') return void this.macro();
    return this.entry(type, close, line);
  }

  private macro(): void {
    this.space();
    const name = this.name().toLowerCase();
    this.expect('=', `after the macro '${name}'`);
    this.macros.set(name, this.value());
  }

  private entry(type: string, close: string, line: number): BibtexEntry {
    const length = this.text.slice(this.at).search(/[,})\n=]/);
    const end = length < 0 ? this.text.length - this.at : length;
    const key = this.text.slice(this.at, this.at + end).trim();
    const fields = new Map<string, string>();
    if (this.text[this.at + end] === '=') throw new Error(`The entry of type @${type} has no key`);
    this.at += end;
    for (;;) {
      this.space();
      const char = this.text[this.at];
      if (char === undefined) throw new Error(`The entry '${key}' is not closed`);
      this.at++;
      if (char === close) return { type, key, fields, line };
      if (char !== ',') throw new Error(`Expected ',' or '${close}' in the entry '${key}', found '${char}'`);
      this.field(key, fields);
    }
  }

  private field(key: string, fields: Map<string, string>): void {
    this.space();
    const name = this.name().toLowerCase();
    if (name === '') return;
    this.expect('=', `after the field '${name}' of '${key}'`);
    fields.set(name, this.value());
  }

  private value(): string {
    let value = this.part();
    for (;;) {
      this.space();
      if (this.text[this.at] !== '#') return value;
      this.at++;
      value += this.part();
    }
  }

  private part(): string {
    this.space();
    const char = this.text[this.at];
    if (char === '{') return this.balanced('}');
    if (char === '"') return this.balanced('"');
    const name = this.name();
    if (name === '') throw new Error(`Expected a value, found '${char ?? 'the end of the file'}'`);
    if (/^\d+$/.test(name)) return name;
    const macro = this.macros.get(name.toLowerCase());
    if (macro === undefined)
      this.problems.push({ line: this.lineOf(this.at), message: `The macro '${name}' is not defined` });
    return macro ?? name;
  }

  /** The text up to a closing sign, braces inside it counted. */
  private balanced(close: string): string {
    const from = ++this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === '\\') this.at++;
      else if (depth === 0 && char === close) return this.text.slice(from, this.at++);
      else if (char === '{') depth++;
      else if (char === '}') depth--;
      if (depth < 0) break;
    }
    throw new Error(`A value that begins on line ${this.lineOf(from)} is not closed`);
  }

  private expect(char: string, where: string): void {
    this.space();
    if (this.text[this.at] !== char) throw new Error(`Expected '${char}' ${where}`);
    this.at++;
  }

  private name(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.text)?.[0] ?? '';
    this.at += name.length;
    return name;
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)![0].length;
    if (this.text[this.at] !== '%') return;
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end;
    this.space();
  }

  private lineOf(at: number): number {
    this.ends ??= [...this.text.matchAll(/\n/g)].map(({ index }) => index);
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

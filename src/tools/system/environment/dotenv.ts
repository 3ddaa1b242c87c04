import { fail } from '../../../core/errors.js';

/** A variable as a `.env` file gives it. */
export interface DotenvEntry {
  name: string;
  value: string;
  line: number;
}

/** How the file is read. */
export interface DotenvOptions {
  /** Fill in `${NAME}` outside single quotes: from the lines above, else from here. Not at all when absent. */
  lookUp?: ((name: string) => string | undefined) | undefined;
}

const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/y;
const BLANK = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
/** `${NAME}` and `${NAME:-default}`. */
const PLACE = '\\$\\{([A-Za-z_][A-Za-z0-9_.-]*?)(?::-([^{}]*))?\\}';
const IN_BARE = new RegExp(PLACE, 'g');
const IN_DOUBLE = new RegExp(`${PLACE}|\\\\([\\s\\S])`, 'g');
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * The variables of a `.env` file: `NAME=value`, also after `export`; values bare (a comment begins at ` #`), in
 * single quotes or backticks (as they stand) or in double quotes (with `\n`, `\r`, `\t`, `\"`, `\\` and `\$`). Quoted
 * values may span lines.
 * @throws `input.invalid` with the number of the line that is none of this
 */
export function parseDotenv(text: string, options: DotenvOptions = {}): DotenvEntry[] {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const entries: DotenvEntry[] = [];
  const known = new Map<string, string>();
  const reader = new DotenvReader(
    source,
    options.lookUp && ((name) => known.get(name) ?? options.lookUp!(name)),
  );
  for (let entry = reader.next(); entry; entry = reader.next()) {
    known.set(entry.name, entry.value);
    entries.push(entry);
  }
  return entries;
}

/** Goes through the text once, from one variable to the next. */
class DotenvReader {
  private at = 0;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly lookUp: ((name: string) => string | undefined) | undefined,
  ) {}

  next(): DotenvEntry | undefined {
    while (this.at < this.text.length && this.take(BLANK)) {}
    if (this.at >= this.text.length) return undefined;
    const { line } = this;
    const name = this.take(NAME)?.[1];
    if (name === undefined) throw this.problem('is not NAME=value');
    return { name, value: this.value(), line };
  }

  private value(): string {
    const quote = this.text[this.at];
    if (quote === "'" || quote === '`') return this.quoted(quote);
    if (quote === '"') return this.filled(this.quoted('"'), IN_DOUBLE);
    const bare = this.take(/[^\n]*/y)?.[0] ?? '';
    return this.filled(bare.replace(/(?:^|[ \t])#.*$/, '').trim(), IN_BARE);
  }

  private filled(text: string, places: RegExp): string {
    return text.replace(places, (place, name?: string, fallback?: string, escaped?: string) => {
      if (name === undefined) return ESCAPES[escaped!] ?? place;
      return this.lookUp ? (this.lookUp(name) ?? fallback ?? '') : place;
    });
  }

  private quoted(quote: string): string {
    const body = quote === '"' ? /"((?:[^"\\]+|\\[\s\S])*)"/y : quote === "'" ? /'([^']*)'/y : /`([^`]*)`/y;
    const found = this.take(body)?.[1];
    if (found === undefined) throw this.problem(`begins with ${quote} and has no end`);
    if (!this.take(BLANK)) throw this.problem(`has something behind the closing ${quote}`);
    return found;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at = pattern.lastIndex;
    this.line += found[0].split('\n').length - 1;
    return found;
  }

  private problem(what: string): Error {
    return fail('input.invalid', `Line ${this.line} of the file ${what}`, { details: { line: this.line } });
  }
}

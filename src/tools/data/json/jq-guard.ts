import { fail } from '../../../core/errors.js';

/** Names that read the environment, other inputs, files or the program's own source. */
const REFUSED = new Set([
  'env',
  'input',
  'inputs',
  'input_filename',
  'input_line_number',
  'debug',
  'stderr',
  'include',
  'import',
  'modulemeta',
  'get_search_list',
]);
const REFUSED_VARIABLES = new Set(['ENV', '__loc__', '__prog_args']);

const IDENTIFIER = /[A-Za-z_]\w*/y;
const SKIPPED = /(?:\s|#[^\n]*)+/y;

/**
 * Refuses jq programs that use functions of the surroundings. Fields (`.env`, `.input`, `."env"`), object keys,
 * format names and strings may have those names; programs inside `\(…)` of a string are looked at too.
 * @throws `input.invalid`
 */
export function guardJqProgram(program: string): void {
  new Scanner(program).scan();
}

/** Walks the program's tokens, knowing of each name only what stands before it. */
class Scanner {
  private at = 0;
  /** What came before the present token: decides whether a name is a field, a key or a variable. */
  private previous = '';
  /** Open brackets; a `"` stands for a string whose interpolation is being read. */
  private readonly open: string[] = [];

  constructor(private readonly text: string) {}

  scan(): void {
    while (this.at < this.text.length) {
      if (this.skip(SKIPPED)) continue;
      const name = this.skip(IDENTIFIER);
      if (name) this.name(name);
      else this.symbol(this.text[this.at]!);
    }
  }

  private name(name: string): void {
    const { previous } = this;
    this.previous = name;
    if (previous === '$' && REFUSED_VARIABLES.has(name)) throw refused(`$${name}`);
    if (['.', '$', '@'].includes(previous) || this.isObjectKey(previous)) return;
    if (REFUSED.has(name)) throw refused(name);
  }

  /** A comma directly inside braces separates entries, so what follows it is a key. */
  private isObjectKey(previous: string): boolean {
    return this.open.at(-1) === '{' && (previous === '{' || previous === ',');
  }

  private symbol(char: string): void {
    this.at++;
    if (char === '"') this.string();
    else this.punctuation(char);
  }

  private punctuation(char: string): void {
    this.previous = this.previous === '.' && char === '.' ? '..' : char;
    if ('([{'.includes(char)) this.open.push(char);
    if (')]}'.includes(char) && this.open.pop() === '"') this.string();
  }

  /** Reads up to the string's end or to its next interpolation. */
  private string(): void {
    while (this.at < this.text.length) {
      const char = this.text[this.at++];
      if (char === '"') break;
      if (char !== '\\') continue;
      if (this.text[this.at++] !== '(') continue;
      this.open.push('"');
      this.previous = '(';
      return;
    }
    this.previous = '"';
  }

  private skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at = pattern.lastIndex;
    return match;
  }
}

function refused(name: string): Error {
  return fail('input.invalid', `Security: JQ query may not use '${name}'`, {
    hint: `Give the query everything as input; a field of that name is written .${name.replace('$', '')}.`,
  });
}

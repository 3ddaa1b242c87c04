import { formatPath } from './paths.js';

const KEY = /[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))[ \t]*/y;
const FILLER = /(?:\s|#[^\n]*)*/y;
const COMMENT = /#[^\n]*/y;
const STRING = /"""(?:[^\\]|\\[\s\S])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'/y;

/**
 * The line, from 1, on which each key of a TOML text is set, by dotted path. Keys inside inline tables are not
 * listed; their line is that of the key around them.
 * Expects text that parses; on any other the result is incomplete, never an error.
 */
export function linesOfKeys(text: string): Map<string, number> {
  return new Scanner(text.startsWith('\uFEFF') ? text.slice(1) : text).scan();
}

class Scanner {
  private at = 0;
  private line = 1;
  private counted = 0;
  private readonly lines = new Map<string, number>();

  constructor(private readonly text: string) {}

  scan(): Map<string, number> {
    let table: string[] = [];
    for (this.skip(FILLER); this.at < this.text.length; this.skip(FILLER)) {
      const header = this.text[this.at] === '[';
      if (header) this.at += this.text[this.at + 1] === '[' ? 2 : 1;
      const keys = this.keys();
      if (keys.length === 0) break;
      if (header) table = keys;
      const path = formatPath(header ? keys : [...table, ...keys]);
      if (!this.lines.has(path)) this.lines.set(path, this.lineHere());
      this.skipStatement();
    }
    return this.lines;
  }

  private keys(): string[] {
    const keys: string[] = [];
    do {
      KEY.lastIndex = this.at;
      const match = KEY.exec(this.text);
      if (!match) return [];
      this.at = KEY.lastIndex;
      keys.push(match[1] === undefined ? (match[2] ?? match[3]!) : unquote(match[1]));
    } while (this.text[this.at] === '.' && ++this.at);
    return keys;
  }

  /** To the end of the line on which the statement ends: lists, inline tables and long strings may span several. */
  private skipStatement(): void {
    for (let depth = 0; this.at < this.text.length; ) {
      const char = this.text[this.at]!;
      if (char === '\n' && depth <= 0) return;
      if (!this.skip(COMMENT) && !this.skip(STRING)) this.at++;
      if (char === '[' || char === '{') depth++;
      if (char === ']' || char === '}') depth--;
    }
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  private lineHere(): number {
    for (; this.counted < this.at; this.counted++) if (this.text[this.counted] === '\n') this.line++;
    return this.line;
  }
}

function unquote(body: string): string {
  try {
    return JSON.parse(`"${body}"`) as string;
  } catch {
    return body;
  }
}

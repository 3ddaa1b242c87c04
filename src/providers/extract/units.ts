import type { SourceDocument, SourceLine } from './documents.js';
import { splitSentences } from './sentences.js';

/** The smallest thing that is quoted: a sentence, a list item, a table row, a line of a program, a code block. */
export interface Unit {
  path: string;
  /** Line on which it begins. */
  line: number;
  /** As it is quoted: Markdown emphasis and link targets removed. */
  text: string;
  kind: 'sentence' | 'item' | 'row' | 'code';
  /** The headings above it, outermost first, and the columns of its table, joined by ` › `. */
  heading: string;
  /** The headings alone. */
  section: string;
  /** Number of its paragraph, list item or block; units of one block belong together. */
  block: number;
}

const PROGRAM =
  /\.(lua|[cm]?[jt]sx?|py|rs|go|java|c|h|cpp|sh|sql|json|ya?ml|toml|ini|csv|log|xml|html|css)$/i;
const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^(#{1,6})\s+(.+?)\s*#*\s*$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/;
/** An empty line, a comment, or the definition of a link. */
const SEPARATOR = /^\s*(?:<!--.*-->\s*|\[[^\]]+\]:\s*\S+.*)?$/;
const RULE = /^\s*([-*_=]\s*){3,}$/;
/** A code block by indentation. */
const INDENTED = /^(?: {4}|\t)/;
const ROW = /^\s*\|.*\|\s*$/;
/** Longer code blocks are not an answer but a file. */
const MAX_CODE_LINES = 24;

/** Takes a source apart. Markdown is understood; files of programs and data are taken line by line. */
export function unitsOf(document: SourceDocument): Unit[] {
  if (PROGRAM.test(document.path)) return programLines(document);
  const reader = new MarkdownReader(document.path);
  for (const line of withoutFrontMatter(document.lines)) reader.read(line);
  return reader.end();
}

function programLines({ path, lines }: SourceDocument): Unit[] {
  return lines
    .filter(({ text }) => /\w/.test(text))
    .map(({ number, text }) => ({
      path,
      line: number,
      text: text.trim(),
      kind: 'row',
      heading: '',
      section: '',
      block: number,
    }));
}

function withoutFrontMatter(lines: SourceLine[]): SourceLine[] {
  if (lines[0]?.number !== 1 || lines[0].text.trim() !== '---') return lines;
  const end = lines.findIndex(({ text }, index) => index > 0 && text.trim() === '---');
  return end > 0 ? lines.slice(end + 1) : lines;
}

class MarkdownReader {
  private readonly units: Unit[] = [];
  private readonly headings: string[] = [];
  private paragraph: SourceLine[] = [];
  private kind: 'sentence' | 'item' = 'sentence';
  private code: SourceLine[] | undefined;
  private fence = '';
  private block = 0;
  /** The first row of the table that is being read. */
  private columns = '';

  constructor(private readonly path: string) {}

  read(line: SourceLine): void {
    const { text } = line;
    if (!ROW.test(text)) this.columns = '';
    const fence = FENCE.exec(text)?.[1];
    const heading = HEADING.exec(text);
    if (this.code) this.readCode(line);
    else if (fence) this.openCode(line, fence);
    else if (heading) this.openHeading(heading[1]!.length, heading[2]!);
    else if (SEPARATOR.test(text) || RULE.test(text)) this.flush();
    else if (ROW.test(text)) this.readRow(line);
    else this.readProse(line);
  }

  private readProse(line: SourceLine): void {
    const afterItem = this.units.at(-1)?.kind === 'item';
    if (INDENTED.test(line.text) && this.paragraph.length === 0 && !afterItem) return;
    if (ITEM.test(line.text)) this.openItem();
    this.paragraph.push(line);
  }

  end(): Unit[] {
    if (this.code) this.closeCode();
    this.flush();
    return this.units;
  }

  private openHeading(level: number, text: string): void {
    this.flush();
    this.headings.length = Math.min(this.headings.length, level - 1);
    this.headings[level - 1] = plain(text);
  }

  private openItem(): void {
    this.flush();
    this.kind = 'item';
  }

  private openCode(line: SourceLine, fence: string): void {
    this.flush();
    this.fence = fence;
    this.code = [line];
  }

  private readCode(line: SourceLine): void {
    this.code!.push(line);
    if (line.text.trim().startsWith(this.fence) && /^[`~]+$/.test(line.text.trim())) this.closeCode();
  }

  private closeCode(): void {
    const lines = this.code!;
    this.code = undefined;
    if (lines.length > MAX_CODE_LINES || lines.length < 3) return;
    this.add('code', lines[1]!.number, lines.map(({ text }) => text).join('\n'));
    this.block++;
  }

  private readRow(line: SourceLine): void {
    this.flush();
    const cells = line.text
      .trim()
      .slice(1, -1)
      .split('|')
      .map((cell) => plain(cell));
    if (cells.every((cell) => /^[-: ]*$/.test(cell))) {
      this.takeColumns();
      return;
    }
    this.add('row', line.number, cells.filter(Boolean).join(' | '));
    this.block++;
  }

  /** The row above a line of dashes names the columns: it is context for the others, not something to quote. */
  private takeColumns(): void {
    if (this.units.at(-1)?.kind === 'row') this.columns = this.units.pop()!.text;
  }

  private flush(): void {
    if (this.paragraph.length > 0) {
      for (const { line, text } of splitSentences(this.paragraph.map(stripped)))
        this.add(this.kind, line, plain(text));
      this.block++;
    }
    this.paragraph = [];
    this.kind = 'sentence';
  }

  private add(kind: Unit['kind'], line: number, text: string): void {
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    const headings = this.headings.filter(Boolean);
    const section = headings.join(' › ');
    const heading = this.columns ? [...headings, this.columns].join(' › ') : section;
    this.units.push({ path: this.path, line, text, kind, heading, section, block: this.block });
  }
}

function stripped({ number, text }: SourceLine): SourceLine {
  return {
    number,
    text: text
      .replace(/^(\s*>)+\s?/, '')
      .replace(ITEM, '')
      .trim(),
  };
}

/** Markdown as a reader sees it. Code spans keep their back quotes: they are part of what is said. */
function plain(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : plainProse(part)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function plainProse(text: string): string {
  return text
    .replace(/\[?!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])(?:\](?:\([^)]*\)|\[[^\]]*\]))?/g, ' ')
    .replace(/\[([^\]]+)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}*])\*(?=\S)([^*]+?)(?<=\S)\*(?!\*)/gu, '$1')
    .replace(/(?<![\p{L}\p{N}_])_(?=\S)([^_]+?)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, ' ');
}

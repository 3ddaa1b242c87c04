import { fail } from '../../../core/errors.js';

/** The deepest indentation of a line. */
const MAX_COLUMNS = 1_000_000;

/** How lines end. */
export type LineEnding = 'lf' | 'crlf' | 'cr';

type Strings = AsyncIterable<string>;

const ENDINGS: Readonly<Record<LineEnding, string>> = { lf: '\n', crlf: '\r\n', cr: '\r' };

/** The same text with line ends of one kind. */
export async function* withLineEndings(texts: Strings, ending: LineEnding): AsyncGenerator<string> {
  let left = '';
  for await (const piece of texts) {
    const text = left + piece;
    // The line feed of this carriage return may come with the next piece.
    left = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - left.length).replace(/\r\n|\r|\n/g, ENDINGS[ending]);
  }
  if (left !== '') yield ENDINGS[ending];
}

/**
 * The same text, each line indented with spaces, or with tabs as far as they go. Only white space at the beginning of
 * a line changes; a tab there reaches to the next multiple of `tabSize`.
 */
export async function* withIndentation(
  texts: Strings,
  spaces: boolean,
  tabSize: number,
): AsyncGenerator<string> {
  const indent = (columns: number) =>
    spaces ? ' '.repeat(columns) : '\t'.repeat(Math.floor(columns / tabSize)) + ' '.repeat(columns % tabSize);
  let columns: number | undefined = 0;
  for await (const text of texts) {
    let out = '';
    for (const [part] of text.matchAll(/[ \t]+|[^ \t\r\n]+|[\r\n]+/g)) {
      const blank = part[0] === ' ' || part[0] === '\t';
      if (columns !== undefined && blank) {
        columns = advance(columns, part, tabSize);
        continue;
      }
      if (columns !== undefined) out += indent(columns);
      columns = part[0] === '\n' || part[0] === '\r' ? 0 : undefined;
      out += part;
    }
    yield out;
  }
  if (columns) yield indent(columns);
}

function advance(columns: number, blanks: string, tabSize: number): number {
  let at = columns;
  for (const blank of blanks) at += blank === '\t' ? tabSize - (at % tabSize) : 1;
  if (at > MAX_COLUMNS) throw fail('tool.failed', `A line is indented by more than ${MAX_COLUMNS} columns`);
  return at;
}

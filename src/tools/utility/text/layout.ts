/** Every line with `spaces` spaces before it. */
export function indent(text: string, spaces: number): string {
  return text.replace(/^/gm, ' '.repeat(spaces));
}

/** The lines without the white space that all non-blank ones begin with. */
export function dedent(text: string): string {
  const lines = text.split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0].length);
  const margin = margins.reduce((least, width) => Math.min(least, width), margins[0] ?? 0);
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(margin))).join('\n');
}

/** Lines of at most `width` characters, broken between words; longer words stand alone. Width 0 gives ''. */
export function wordWrap(text: string, width: number): string {
  if (width <= 0) return '';
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/\s+/).filter(Boolean)) {
    if (current !== '' && [...current].length + 1 + [...word].length > width) {
      lines.push(current);
      current = '';
    }
    current += (current === '' ? '' : ' ') + word;
  }
  return [...lines, current].join('\n');
}

/** Runs of white space as one space, none at the ends. */
export function normalizeWhitespace(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Printable ASCII, line feeds and tabs only, without spaces at the ends. */
export function sanitize(text: string): string {
  return text.replace(/[^\x20-\x7e\n\t]/g, '').trim();
}

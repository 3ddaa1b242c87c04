/** The blocks of a text, and the text without them. */
export interface Blocks {
  blocks: { attributes: string; body: string }[];
  outside: string;
}

const TAG = /<(\/?)document\b([^>]*)>/gi;
/** What a document says inside back quotes is no tag. */
const CODE_SPAN = /`[^`\n]+`/g;

/**
 * Takes `<document …>…</document>` blocks out of a text. A document may itself show such blocks: inner ones belong to
 * the outer one. A block that is never closed goes on to the end.
 */
export function documentBlocks(text: string): Blocks {
  const masked = text.replace(CODE_SPAN, (span) => ' '.repeat(span.length));
  const found: Blocks = { blocks: [], outside: '' };
  let [depth, end, start, attributes] = [0, 0, 0, ''];
  const close = (at: number, after: number) => {
    found.blocks.push({ attributes, body: text.slice(start, at).replace(/^\r?\n/, '') });
    found.outside += '\n';
    end = after;
  };
  for (const tag of masked.matchAll(TAG)) {
    const after = tag.index + tag[0].length;
    if (tag[1] === '' && depth++ === 0) {
      found.outside += text.slice(end, tag.index);
      [start, attributes] = [after, text.slice(tag.index, after)];
    } else if (tag[1] === '/' && depth > 0 && --depth === 0) close(tag.index, after);
  }
  if (depth > 0) close(text.length, text.length);
  return { ...found, outside: found.outside + text.slice(end) };
}

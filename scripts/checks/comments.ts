import ts from 'typescript';
import { place, type Source } from './sources.js';

/** Every comment of a file, markers included, each once. */
export function commentsOf(source: Source): { text: string; place: string }[] {
  const text = source.tree.text;
  const found = new Map<number, string>();
  for (const token of tokensOf(source.tree)) {
    const { pos } = token;
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, pos) ?? []),
      ...(ts.getTrailingCommentRanges(text, pos) ?? []),
    ];
    for (const range of ranges)
      if (range.end <= token.end) found.set(range.pos, text.slice(range.pos, range.end));
  }
  return [...found].map(([position, comment]) => ({ text: comment, place: place(source, position) }));
}

/** The tokens, in order: comments stand only between them, never inside (as text in a string may look). */
function tokensOf(tree: ts.SourceFile): ts.Node[] {
  const visit = (node: ts.Node): ts.Node[] => {
    if (ts.isJSDoc(node)) return [];
    const children = node.getChildren(tree);
    return children.length === 0 ? [node] : children.flatMap(visit);
  };
  return visit(tree);
}

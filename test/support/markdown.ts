/** A fenced block of a Markdown page. */
export interface Block {
  /** What follows the fence: `lua`, `sh`, … */
  language: string;
  code: string;
  /** Line of its first line of code, from 1. */
  line: number;
  /** Set by `<!-- no-run: reason -->` before it. */
  noRun: string | undefined;
  /** The text block that follows it behind `<!-- output -->`. */
  output: string | undefined;
}

/** A page's blocks, and the shell commands of its `<!-- setup: … -->`. */
export interface Page {
  setup: string;
  blocks: Block[];
}

const FENCE = /^( *)(`{3,}|~{3,})\s*(\S*).*\n([\s\S]*?)^ *\2[`~]* *$/gm;
const SETUP = /<!--\s*setup:\s*([\s\S]*?)-->/;
const NO_RUN = /<!--\s*no-run:\s*(.*?)\s*-->\s*$/;
const OUTPUT = /<!--\s*output\s*-->\s*$/;

/** Finds the fenced blocks of a page. */
export function readPage(markdown: string): Page {
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(FENCE)) {
    const before = markdown.slice(0, match.index);
    const [, indent = '', , language = '', body = ''] = match;
    const code = body.replace(new RegExp(`^ {0,${indent.length}}`, 'gm'), '');
    if (OUTPUT.test(before) && blocks.length > 0) blocks.at(-1)!.output = code;
    else
      blocks.push({
        language,
        code,
        line: before.split('\n').length + 1,
        noRun: NO_RUN.exec(before)?.[1],
        output: undefined,
      });
  }
  return { setup: SETUP.exec(markdown)?.[1] ?? '', blocks };
}

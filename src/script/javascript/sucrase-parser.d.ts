/** The part of sucrase's parser that {@link ./repl-source.ts} uses; the package has no types at this path. */
declare module 'sucrase/dist/esm/parser/index.js' {
  /** A token: `source.slice(start, end)`. Types are those of `parser/tokenizer/types`. */
  export interface Token {
    type: number;
    start: number;
    end: number;
    /** Zero outside every function, block and loop head. */
    scopeDepth: number;
    /** 2 for a name that a declaration at the top level introduces. */
    identifierRole: number | null;
  }
  /** Throws an error with `pos` when the source cannot be parsed. Keeps its state in the module: not reentrant. */
  export function parse(input: string, jsx: boolean, typescript: boolean, flow: boolean): { tokens: Token[] };
}

import { fail } from '../../core/errors.js';

/** Whether a name or path, with forward slashes, matches. */
export type Matcher = (path: string) => boolean;

/**
 * What a glob's expression looks ahead for: that no part is `.` or `..`, and that something follows. The paths that
 * are matched here have no such parts, and without these the expression needs no backtracking.
 */
const LOOKAHEADS = ['(?!(?:^|\\/)\\.{1,2}(?:\\/|$))', '(?!\\.{1,2}(?:\\/|$))', '(?=.)'];

/**
 * A matcher for glob patterns (`*`, `?`, `**`, `[abc]`, `{a,b}`), any of which may match; names that begin with a dot
 * are names like others. The time it takes grows with the length of the path and nothing else.
 * @throws `input.invalid` for a pattern that is none
 */
export async function compileGlobs(patterns: readonly string[]): Promise<Matcher> {
  const { default: picomatch } = await import('picomatch');
  const { RE2JS } = await import('re2js');
  const compiled = patterns.map((pattern) => {
    try {
      const expression = picomatch.makeRe(pattern, { dot: true, nonegate: true, noextglob: true });
      return RE2JS.compile(withoutLookaheads(expression.source), RE2JS.DOTALL);
    } catch (cause) {
      throw fail('input.invalid', `Invalid glob pattern '${pattern}'`, {
        hint: 'Use *, ?, **, [abc] and {a,b}.',
        cause,
      });
    }
  });
  return (path) => compiled.some((expression) => expression.matches(path));
}

function withoutLookaheads(source: string): string {
  return LOOKAHEADS.reduce((text, lookahead) => text.replaceAll(lookahead, ''), source);
}

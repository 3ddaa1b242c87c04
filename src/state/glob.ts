/**
 * Whether `text` matches a pattern in which `*` is any text and `?` any one character. Takes no longer than the
 * product of both lengths, whatever the pattern is.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, read] = [0, 0];
  // Where the latest star stands, and how much of the text it has taken so far.
  let [star, taken] = [-1, 0];
  while (read < text.length) {
    if (pattern[at] === '*') [star, taken, at] = [at, read, at + 1];
    else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[read]))
      [at, read] = [at + 1, read + 1];
    else if (star >= 0) [taken, read, at] = [taken + 1, taken + 1, star + 1];
    else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

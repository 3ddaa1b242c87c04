/** A compiled glob pattern. */
export interface Glob {
  readonly pattern: string;
  /** The one text that it matches, when nothing in it is special. */
  readonly exact: string | undefined;
  /** What every text that it matches begins with. */
  readonly head: string;
  /** Takes time in proportion to the lengths of pattern and text at most, whatever the pattern. */
  matches(text: string): boolean;
}

/** A character that must be there, any one (`?`), any run of them (`*`), or one of a class. */
type Part = string | typeof ANY | typeof RUN | CharacterClass;
const ANY = Symbol('?');
const RUN = Symbol('*');

interface CharacterClass {
  readonly negated: boolean;
  /** Lowest and highest character of each range. */
  readonly ranges: readonly (readonly [string, string])[];
}

/**
 * Compiles a glob: `*` is any run of characters, dots and slashes included, `?` is any one, `[a-z]` one of a class,
 * `[!a-z]` one outside it; a backslash takes away the meaning of the character behind it. Any text is a pattern.
 */
export function compileGlob(pattern: string): Glob {
  const parts = parse(pattern);
  const special = parts.findIndex((part) => typeof part !== 'string');
  const head = (special < 0 ? parts : parts.slice(0, special)).join('');
  return { pattern, exact: special < 0 ? head : undefined, head, matches: matcher(parts, head, special) };
}

/** The commonest forms need no walk over the parts. */
function matcher(parts: readonly Part[], head: string, special: number): (text: string) => boolean {
  if (special < 0) return (text) => text === head;
  const rest = parts.slice(special + 1);
  if (parts[special] === RUN) {
    if (rest.length === 0) return head === '' ? () => true : (text) => text.startsWith(head);
    if (head === '' && rest.every((part) => typeof part === 'string')) {
      const tail = rest.join('');
      return (text) => text.endsWith(tail);
    }
  }
  return (text) => text.startsWith(head) && walk(parts, text);
}

/** Goes back to the last run only: what an earlier one could take, the last one can take as well. */
function walk(parts: readonly Part[], text: string): boolean {
  let [at, part, runAt, runPart] = [0, 0, 0, -1];
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === RUN) {
      runPart = ++part;
      runAt = at;
    } else if (wanted !== undefined && fits(wanted, text[at]!)) {
      part++;
      at++;
    } else if (runPart >= 0) {
      part = runPart;
      at = ++runAt;
    } else return false;
  }
  while (parts[part] === RUN) part++;
  return part === parts.length;
}

function fits(part: Part, character: string): boolean {
  if (typeof part === 'string') return part === character;
  if (typeof part === 'symbol') return true;
  return part.ranges.some(([low, high]) => low <= character && character <= high) !== part.negated;
}

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    const end = character === '[' ? classEnd(pattern, at) : -1;
    if (end > 0) {
      parts.push(parseClass(pattern.slice(at + 1, end)));
      at = end;
    } else if (character === '\\' && at + 1 < pattern.length) parts.push(pattern[++at]!);
    else if (character === '*') parts.push(RUN);
    else parts.push(character === '?' ? ANY : character);
  }
  return parts;
}

/** Where the class that opens at `at` closes; a bracket that nothing closes is an ordinary character. */
function classEnd(pattern: string, at: number): number {
  const first = at + (/[!^]/.test(pattern[at + 1] ?? '') ? 2 : 1);
  return pattern.indexOf(']', first + 1);
}

function parseClass(text: string): CharacterClass {
  const negated = text[0] === '!' || text[0] === '^';
  const members = negated ? text.slice(1) : text;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at++) {
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    ranges.push([members[at]!, members[isRange ? at + 2 : at]!]);
    if (isRange) at += 2;
  }
  return { negated, ranges };
}

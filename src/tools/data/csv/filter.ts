import type { LinearPattern } from '../linear-pattern.js';
import { columnIndex } from './columns.js';
import { type Comparison, comparisonNamed, type Operand } from './comparisons.js';
import { type FilterToken, filterError, filterTokens } from './filter-tokens.js';

/** Whether a row is wanted. */
export type RowTest = (row: readonly string[]) => boolean;

/** The deepest nesting of parentheses and `not`. */
const MAX_DEPTH = 50;

/**
 * Reads a filter: comparisons `column operator value`, joined by `and`, `or`, `not` and parentheses. Names and
 * values that hold spaces may be quoted and need not be.
 * @param patternOf compiles the pattern of `matches`
 * @throws `input.invalid`
 */
export function parseFilter(
  text: string,
  columns: readonly string[],
  patternOf: (source: string) => LinearPattern,
): RowTest {
  return new FilterParser(filterTokens(text), text.length, columns, patternOf).whole();
}

class FilterParser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly FilterToken[],
    private readonly end: number,
    private readonly columns: readonly string[],
    private readonly patternOf: (source: string) => LinearPattern,
  ) {}

  whole(): RowTest {
    const test = this.either();
    const rest = this.tokens[this.next];
    if (rest) throw filterError(`unexpected '${rest.text}'`, rest.at);
    return test;
  }

  private either(): RowTest {
    const tests = [this.both()];
    while (this.skip('or') || this.skip('||')) tests.push(this.both());
    return tests.length === 1 ? tests[0]! : (row) => tests.some((test) => test(row));
  }

  private both(): RowTest {
    const tests = [this.single()];
    while (this.skip('and') || this.skip('&&')) tests.push(this.single());
    return tests.length === 1 ? tests[0]! : (row) => tests.every((test) => test(row));
  }

  private single(): RowTest {
    if (++this.depth > MAX_DEPTH) throw filterError('nested too deep', this.at());
    const test = this.nested();
    this.depth--;
    return test;
  }

  private nested(): RowTest {
    if (this.skip('not')) {
      const inner = this.single();
      return (row) => !inner(row);
    }
    if (!this.skip('(')) return this.comparison();
    const inner = this.either();
    this.expect(')');
    return inner;
  }

  private comparison(): RowTest {
    const index = columnIndex(this.columns, this.columnName());
    const comparison = this.operator();
    const test = comparison.make(this.operands(comparison), this.patternOf);
    return (row) => test(row[index]!);
  }

  /** The words up to an operator. */
  private columnName(): string {
    const words: string[] = [];
    for (let token = this.tokens[this.next]; token; token = this.tokens[this.next]) {
      if (token.kind === 'operator' || token.kind === 'punctuation') break;
      if (words.length > 0 && this.operatorLength() > 0) break;
      words.push(token.text);
      this.next++;
    }
    if (words.length === 0) throw filterError('expected the name of a column', this.at());
    return words.join(' ');
  }

  private operator(): Comparison {
    const length = this.operatorLength();
    if (length === 0) throw filterError('expected an operator such as == or contains', this.at());
    const words = this.tokens.slice(this.next, this.next + length).map((token) => token.text);
    this.next += length;
    return comparisonNamed(words.join(' '))!;
  }

  /** How many words of an operator come next; the longest counts (`is not empty` before `is`). */
  private operatorLength(): number {
    for (const length of [3, 2, 1]) {
      const words = this.tokens.slice(this.next, this.next + length);
      if (words.length < length || words.some((token) => token.kind === 'text')) continue;
      if (comparisonNamed(words.map((token) => token.text).join(' '))) return length;
    }
    return 0;
  }

  private operands({ operands }: Comparison): Operand[] {
    if (operands === 'none') return [];
    if (operands === 'one') return [this.value()];
    this.expect('(');
    const values = [this.value()];
    while (this.skip(',')) values.push(this.value());
    this.expect(')');
    return values;
  }

  /** One quoted text, or the words up to what ends a comparison. */
  private value(): Operand {
    const words: string[] = [];
    for (let token = this.tokens[this.next]; token; token = this.tokens[this.next]) {
      if (token.kind === 'text' && words.length === 0) {
        this.next++;
        return { text: token.text, quoted: true };
      }
      if (token.kind !== 'word' || (words.length > 0 && isJoin(token.text))) break;
      words.push(token.text);
      this.next++;
    }
    if (words.length === 0) throw filterError('expected a value', this.at());
    return { text: words.join(' '), quoted: false };
  }

  private skip(text: string): boolean {
    const token = this.tokens[this.next];
    if (!token || token.kind === 'text' || token.text.toLowerCase() !== text) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (!this.skip(text)) throw filterError(`expected '${text}'`, this.at());
  }

  private at(): number {
    return this.tokens[this.next]?.at ?? this.end;
  }
}

function isJoin(word: string): boolean {
  return /^(?:and|or)$/i.test(word);
}

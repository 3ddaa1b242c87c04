import type { JsonValue } from '../../../core/values.js';
import { isExactNumber, type Kind, kindOf } from './value-kind.js';

/** First characters that make a spreadsheet take a text for a formula, full-width ones included. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A cell as JSON: numbers that lose nothing, true and false, null for nothing, else text. */
export function jsonCell(cell: string): JsonValue {
  const text = cell.trim();
  if (text === '') return null;
  if (isExactNumber(text)) return Number(text);
  return kindOf(text) === 'boolean' ? text.toLowerCase() === 'true' : cell;
}

/** The cell with an apostrophe before it if a spreadsheet would run it; numbers stay numbers. */
export function withoutFormula(cell: string): string {
  return FORMULA.test(cell) && !Number.isFinite(Number(cell)) ? `'${cell}` : cell;
}

/** The kinds of all columns of a table, each one that every filled cell has; `string` where they differ. */
export async function columnKinds(batches: AsyncIterable<string[][]>, columns: number): Promise<Kind[]> {
  const seen = Array.from({ length: columns }, () => new Set<Kind>());
  for await (const batch of batches)
    for (const row of batch) for (const [index, cell] of row.entries()) note(seen[index]!, cell.trim());
  return seen.map(commonKind);
}

function note(kinds: Set<Kind>, text: string): void {
  if (text === '') return;
  const kind = kindOf(text);
  const exact = kind !== 'integer' || isExactNumber(text);
  kinds.add(exact ? kind : 'string');
}

function commonKind(kinds: ReadonlySet<Kind>): Kind {
  const [first = 'string'] = kinds;
  if (kinds.size <= 1) return first;
  return [...kinds].every((kind) => kind === 'integer' || kind === 'float') ? 'float' : 'string';
}

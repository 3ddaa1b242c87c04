import type { LinearPattern } from '../linear-pattern.js';

/** A value as it was written; what was quoted is text. */
export interface Operand {
  text: string;
  quoted: boolean;
}

type CellTest = (cell: string) => boolean;

/** What an operator of a filter compares. */
export interface Comparison {
  operands: 'none' | 'one' | 'list';
  make(operands: readonly Operand[], patternOf: (source: string) => LinearPattern): CellTest;
}

const none = (test: CellTest): Comparison => ({ operands: 'none', make: () => test });
const one = (make: (operand: Operand) => CellTest): Comparison => ({
  operands: 'one',
  make: ([operand]) => make(operand!),
});
const negated = ({ operands, make }: Comparison): Comparison => ({
  operands,
  make: (...given) => {
    const test = make(...given);
    return (cell) => !test(cell);
  },
});

const equal = one(equals);
const contains = one(({ text }) => {
  const wanted = text.toLowerCase();
  return (cell) => cell.toLowerCase().includes(wanted);
});
const oneOf: Comparison = {
  operands: 'list',
  make: (operands) => {
    const tests = operands.map(equals);
    return (cell) => tests.some((test) => test(cell));
  },
};
const empty = none((cell) => cell.trim() === '');
const matches: Comparison = {
  operands: 'one',
  make: ([operand], patternOf) => patternOf(operand!.text),
};

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['==', equal],
  ['=', equal],
  ['is', equal],
  ['!=', negated(equal)],
  ['<>', negated(equal)],
  ['is not', negated(equal)],
  ['>', one(ordered((order) => order > 0))],
  ['<', one(ordered((order) => order < 0))],
  ['>=', one(ordered((order) => order >= 0))],
  ['<=', one(ordered((order) => order <= 0))],
  ['contains', contains],
  ['not contains', negated(contains)],
  [
    'starts_with',
    one(
      ({ text }) =>
        (cell) =>
          cell.startsWith(text),
    ),
  ],
  [
    'ends_with',
    one(
      ({ text }) =>
        (cell) =>
          cell.endsWith(text),
    ),
  ],
  ['matches', matches],
  ['in', oneOf],
  ['not in', negated(oneOf)],
  ['is empty', empty],
  ['is null', empty],
  ['is not empty', negated(empty)],
  ['is not null', negated(empty)],
]);

/** The operator of that name, in any case. */
export function comparisonNamed(name: string): Comparison | undefined {
  return COMPARISONS.get(name.toLowerCase());
}

/** Numbers are equal by value (`1.0 == 1`), unless the value was quoted; else the text counts. */
function equals({ text, quoted }: Operand): CellTest {
  const number = quoted ? undefined : numberIn(text);
  if (number === undefined) return (cell) => cell === text;
  return (cell) => cell === text || numberIn(cell) === number;
}

/** Two numbers by value, else two texts by their characters; an empty cell is neither more nor less. */
function ordered(wanted: (order: number) => boolean): (operand: Operand) => CellTest {
  return ({ text }) => {
    const number = numberIn(text);
    return (cell) => {
      if (cell === '') return false;
      const value = number === undefined ? undefined : numberIn(cell);
      if (value !== undefined) return wanted(value - number!);
      return wanted(cell < text ? -1 : Number(cell > text));
    };
  };
}

function numberIn(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

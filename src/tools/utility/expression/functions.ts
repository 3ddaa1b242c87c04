import { fail } from '../../../core/errors.js';

/** A function of the calculator with the number of arguments it takes. */
export interface MathFunction {
  minArgs: number;
  maxArgs: number;
  apply(...args: number[]): number;
}

/** Halves go away from zero: `round(-2.5)` is -3. */
const roundHalfAway = (x: number): number => Math.sign(x) * Math.round(Math.abs(x));
const truth = (value: boolean): number => (value ? 1 : 0);

const unary = (apply: (x: number) => number): MathFunction => ({ minArgs: 1, maxArgs: 1, apply });
const binary = (apply: (a: number, b: number) => number): MathFunction => ({ minArgs: 2, maxArgs: 2, apply });
const many = (apply: (...args: number[]) => number): MathFunction => ({ minArgs: 1, maxArgs: 50, apply });
const constant = (value: number): MathFunction => ({ minArgs: 0, maxArgs: 0, apply: () => value });

/** `round(x)` to an integer; `round(modulus, x)` to the nearest multiple of the modulus. */
function round(a: number, b?: number): number {
  return b === undefined ? roundHalfAway(a) : roundHalfAway(b / a) * a;
}

/** `log(x)` to base 10; `log(base, x)`. Exact for the bases the platform knows. */
function log(a: number, b?: number): number {
  if (b === undefined || a === 10) return Math.log10(b ?? a);
  return a === 2 ? Math.log2(b) : Math.log(b) / Math.log(a);
}

const TRIGONOMETRIC = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const;
const HYPERBOLIC = ['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const;
const PLAIN = ['abs', 'sign', 'ceil', 'floor', 'sqrt', 'cbrt', 'exp', 'log2', 'log10'] as const;

/** Every function by name; angles are radians. */
export const FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map<string, MathFunction>([
  ...[...TRIGONOMETRIC, ...HYPERBOLIC, ...PLAIN].map((name) => [name, unary(Math[name])] as const),
  ['ln', unary(Math.log)],
  ['int', unary(Math.trunc)],
  ['trunc', unary(Math.trunc)],
  ['round', { minArgs: 1, maxArgs: 2, apply: round }],
  ['log', { minArgs: 1, maxArgs: 2, apply: log }],
  ['pow', binary((x, y) => x ** y)],
  ['atan2', binary(Math.atan2)],
  ['min', many(Math.min)],
  ['max', many(Math.max)],
  ['pi', constant(Math.PI)],
  ['e', constant(Math.E)],
]);

/** What each infix operator does; comparisons and logic give 1 or 0. */
export const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
  '**': (a, b) => a ** b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '&&': (a, b) => truth(a !== 0 && b !== 0),
  '||': (a, b) => truth(a !== 0 || b !== 0),
};

/** The function of that name, for that many arguments. @throws `input.invalid` */
export function functionFor(name: string, args: number): MathFunction {
  const found = FUNCTIONS.get(name);
  if (!found) throw fail('input.invalid', `Unknown function '${name}'`);
  if (args >= found.minArgs && args <= found.maxArgs) return found;
  const range = found.minArgs === found.maxArgs ? `${found.minArgs}` : `${found.minArgs} to ${found.maxArgs}`;
  throw fail('input.invalid', `Function '${name}' takes ${range} argument(s), not ${args}`);
}

/** What the `functions` operation answers: names by family, examples, a note. */
export const FUNCTION_CATALOGUE = {
  arithmetic: ['+', '-', '*', '/', '%', '^'],
  comparison: ['==', '!=', '<', '>', '<=', '>='],
  logical: ['&&', '||', '!'],
  trigonometric: [...TRIGONOMETRIC, 'atan2'],
  hyperbolic: [...HYPERBOLIC],
  mathematical: ['sqrt', 'cbrt', 'pow', 'exp', 'ln', 'log', 'log2', 'log10', 'abs', 'sign'],
  rounding: ['int', 'trunc', 'ceil', 'floor', 'round'],
  constants: ['pi()', 'e()'],
  utility: ['min', 'max'],
  examples: {
    arithmetic: '2 + 3 * 4',
    with_variables: 'x^2 + y^2',
    functions: 'sqrt((1 + 2) * 3)',
    trigonometry: 'sin(pi() / 2)',
    comparison: '5 > 3 && 2 < 4',
  },
  note: 'Angles are radians. log(x) has base 10, log(base, x) any base. Comparisons give 1 or 0.',
};

import { describe, expect, it } from 'vitest';
import { checkTree } from './fixture.js';
import { checkFunctions } from './functions.js';

/** A function declaration of exactly so many lines. */
const lines = (name: string, count: number) =>
  `export function ${name}() {\n${'  work();\n'.repeat(count - 2)}}\n`;
const many = (count: number, each: number) =>
  Array.from({ length: count }, (_, index) => lines(`f${each}_${index}`, each)).join('');
const check = (text: string) => checkTree(checkFunctions, { 'src/core/x.ts': text });

describe('the functions check', () => {
  it('passes a clean tree and prints its figures', () => {
    const report = check(many(9, 7) + lines('last', 80));
    expect(report.problems).toEqual([]);
    expect(report.summary).toBe(
      '10 functions; median 7, 90th percentile 7, longest 80 (last, src/core/x.ts:64)',
    );
  });

  it('passes a tree without functions', () => {
    expect(check('export const one = 1;')).toMatchObject({ problems: [], summary: 'no functions' });
  });

  it.each([
    ['a function', lines('long', 81), 'long'],
    ['an arrow function', `const long = () => {\n${'  work();\n'.repeat(79)}};`, 'long'],
    ['a property', `const o = { long: () => {\n${'  work();\n'.repeat(79)}} };`, 'long'],
    ['a method', `class A {\n  long() {\n${'  work();\n'.repeat(79)}  }\n}`, 'long'],
    ['a constructor', `class A {\n  constructor() {\n${'  work();\n'.repeat(79)}  }\n}`, 'constructor'],
    ['a getter', `class A {\n  get long() {\n${'  work();\n'.repeat(79)}  }\n}`, 'long'],
    ['a callback', `run(() => {\n${'  work();\n'.repeat(79)}});`, 'an anonymous function'],
    ['a signature of many lines', `function long(\n${'  // parameter\n'.repeat(79)}) {}`, 'long'],
  ])('finds %s of 81 lines', (_, text, name) => {
    const report = check(many(20, 2) + text);
    expect(report.problems).toEqual([
      expect.stringContaining(`${name} has 81 lines; at most 80 are allowed`),
    ]);
  });

  it('counts no docstring and no overload', () => {
    const documented = `/**\n${' * words\n'.repeat(100)} */\nfunction f(a: string): void;\nfunction f(a: unknown) {}`;
    expect(check(documented)).toMatchObject({
      problems: [],
      summary: expect.stringContaining('1 functions; median 1'),
    });
  });

  it('finds a median that is too long', () => {
    expect(check(many(4, 3) + many(6, 8)).problems).toEqual([
      'half of all functions have 8 lines or more (limit 7)',
    ]);
  });

  it('finds a tenth that is too long', () => {
    expect(check(many(8, 3) + many(2, 26)).problems).toEqual([
      'one function in ten has 26 lines or more (limit 25)',
    ]);
  });

  it('leaves out tests, cases for tests and generated files', () => {
    const files = ['src/core/x.test.ts', 'src/core/x.case.ts', 'src/core/x.generated.ts', 'src/core/x.d.ts'];
    const tree = Object.fromEntries(files.map((file) => [file, lines('long', 90)]));
    expect(checkTree(checkFunctions, tree).summary).toBe('no functions');
  });
});

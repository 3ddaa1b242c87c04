import { describe, expect, it } from 'vitest';
import { checkDocs } from './docs.js';
import { checkTree } from './fixture.js';

const check = (text: string, others = {}) => checkTree(checkDocs, { 'src/core/x.ts': text, ...others });

describe('the docs check', () => {
  it('passes documented exports of every kind', () => {
    const { problems } = check(`
      /** Adds. */
      export function add(a: number): number;
      export function add(a: unknown) { return a; }
      /** A thing. */
      export interface Thing { size: number }
      /** A thing's name, and how it is made. */
      export type Name = string;
      export const Name = () => 'x';
      /** First and last. */
      export const { first, last: [last] } = ends;
      /** @internal for tests */
      export class Quiet {}
      /** Listed below. */
      const listed = 1;
      export { listed as renamed };
      export * from './y.js';
      export { other } from './z.js';
      const hidden = 1;
      /** The default. */
      export default hidden;`);
    expect(problems).toEqual([]);
  });

  it.each([
    ['function', 'export function f() {}', 'f'],
    ['async function', 'export async function f() {}', 'f'],
    ['class', 'export class C {}', 'C'],
    ['interface', 'export interface I {}', 'I'],
    ['type', 'export type T = string;', 'T'],
    ['enum', 'export enum E { A }', 'E'],
    ['constant', 'export const c = 1;', 'c'],
    ['destructured constant', 'export const { c } = o;', 'c'],
    ['default value', 'export default 1;', 'default'],
    ['default function', 'export default function () {}', 'default'],
    ['listed constant', 'const c = 1;\nexport { c as d };', 'c'],
    ['constant with a plain comment', '// Not a docstring.\nexport const c = 1;', 'c'],
    ['constant with an empty docstring', '/** */ export const c = 1;', 'c'],
  ])('finds an exported %s without a docstring', (_, text, name) => {
    expect(check(text).problems).toEqual([
      expect.stringMatching(new RegExp(`^src/core/x\\.ts:\\d+ exports '${name}' without a docstring$`)),
    ]);
  });

  it('asks no docstrings of tests and generated files', () => {
    const text = 'export const c = 1;';
    expect(
      check('', { 'src/a.test.ts': text, 'src/a.case.ts': text, 'src/a.generated.ts': text }).problems,
    ).toEqual([]);
  });

  it('finds the type any, in tests too, and not the word', () => {
    const text = `const any = 'any'; // any\nconst a: any = any;\nlet b: Array<any>;\nfunction f(x: unknown) { return x as any; }`;
    expect(check('', { 'src/core/x.test.ts': text }).problems).toEqual(
      [2, 3, 4].map((line) => `src/core/x.test.ts:${line} uses the type any`),
    );
  });

  it.each([
    ['// @ts-ignore', 'uses @ts-ignore; correct the types instead'],
    ['// @ts-ignore because the library is wrong', 'uses @ts-ignore; correct the types instead'],
    ['// @ts-nocheck', 'uses @ts-nocheck; correct the types instead'],
    ['/* @ts-ignore */', 'uses @ts-ignore; correct the types instead'],
    ['// @ts-expect-error', 'uses @ts-expect-error without a reason'],
    ['// biome-ignore lint/suspicious/noExplicitAny', 'uses biome-ignore without a reason'],
    ['// biome-ignore lint/suspicious/noExplicitAny:', 'uses biome-ignore without a reason'],
    ['// biome-ignore lint/suspicious/noExplicitAny: .', 'uses biome-ignore without a reason'],
    ['// biome-ignore-all lint:', 'uses biome-ignore-all without a reason'],
  ])('finds %s wherever it stands', (comment, problem) => {
    const end = comment.endsWith('*/') ? '' : '\n';
    expect(check(`${comment}\nf();`).problems).toEqual([`src/core/x.ts:1 ${problem}`]);
    expect(check(`f(\n  ${comment}${end});`).problems).toEqual([`src/core/x.ts:2 ${problem}`]);
    expect(check(`f(); ${comment}`).problems).toEqual([`src/core/x.ts:1 ${problem}`]);
    expect(check(`if (x) {\n  ${comment}${end}}`).problems).toEqual([`src/core/x.ts:2 ${problem}`]);
  });

  it.each([
    '// biome-ignore lint/complexity/noBannedTypes: the boxed class is the point',
    '// @ts-expect-error the library forgets to export this type',
    `const text = '// @ts-ignore';`,
    'const text = `\n// @ts-ignore\n$'.concat('{1}\n// @ts-ignore\n`;'),
    '// The directive @ts-ignore is not allowed.',
  ])('accepts %s', (text) => expect(check(`${text}\nf();`).problems).toEqual([]));

  it('warns of error codes that nothing raises, and only warns', () => {
    const table = `/** Codes. */\nexport const ERROR_CODES = {\n  'a.used': 'x',\n  'b.idle': 'x',\n  'c.built': 'x',\n} as const;`;
    const raising = `throw fail('a.used', 'm');\nthrow fail(\`c.\${kind}\`, 'm');`;
    const report = check(raising, { 'src/core/error-codes.ts': table, 'src/core/x.test.ts': `f('b.idle')` });
    expect(report.problems).toEqual([]);
    expect(report.warnings).toEqual([`src/core/error-codes.ts:4 'b.idle' is never raised`]);
  });
});

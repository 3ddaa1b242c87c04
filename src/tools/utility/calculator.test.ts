import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import calculator from './calculator.js';

const calculate = async (input: string, variables = {}) =>
  (await callTool(calculator, { input, variables })).result as { result: unknown; result_type: string };
const failure = async (input: string, variables = {}) =>
  (await callTool(calculator, { input, variables })).error;

describe('calculator', () => {
  itRunsItsSamples(calculator);

  it.each([
    ['2 + 3 * 4', 14],
    ['2 + 3*4', 14],
    ['10 * 5 - 3', 47],
    ['(2 + 3) * 4', 20],
    ['sqrt(16)', 4],
    ['sqrt((1+2)*3)', 3],
    ['sqrt(abs(-4))', 2],
    ['ln(e())', 1],
    ['exp(0) + exp(1) - e()', 1],
    ['log(1000)', 3],
    ['log(10, 100)', 2],
    ['log(2, 8)', 3],
    ['min(5, 3)', 3],
    ['max(1,2,3,4,5)', 5],
    ['abs(-5)', 5],
    ['-17 % 5', -2],
    ['5 > 3', 1],
    ['5 == 3', 0],
    ['5 > 3 && 2 < 1', 0],
    ['5 > 3 || 2 < 1', 1],
    ['!0', 1],
    ['!5', 0],
    ['2^3^2', 512],
    ['2**10', 1024],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['8 / 4 / 2', 1],
    ['10 - 4 - 3', 3],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(0.5, 1.3)', 1.5],
    ['int(-2.7)', -2],
    ['floor(-2.5) + ceil(2.1)', 0],
    ['sign(-3)', -1],
    ['pi', Math.PI],
    ['2 * pi()', 2 * Math.PI],
    ['1.5e3 + .5', 1500.5],
    ['2 + + 3', 5],
    ['2 - -3', 5],
    ['2^200', 2 ** 200],
    ['3.14159265358979323846', Math.PI],
    ['((((1))))', 1],
    ['123456789012345', 123456789012345],
  ])('%s = %d', async (input, value) => {
    expect((await calculate(input)).result).toBe(value);
  });

  it.each([
    ['1 / 0', 'Infinity'],
    ['-1 / 0', '-Infinity'],
    ['0 / 0', 'NaN'],
    ['2^2^10', 'Infinity'],
    ['10^10^3', 'Infinity'],
  ])('%s is the special value %s', async (input, value) => {
    expect(await calculate(input)).toMatchObject({ result: value, result_type: 'special' });
  });

  it.each([
    [`${'1 + '.repeat(300)}1`, 'too long'],
    [`${'('.repeat(25)}1${')'.repeat(25)}`, 'too deep'],
    [`${'1+'.repeat(110)}1`, 'operations'],
    [Array.from({ length: 60 }, (_, i) => `sin(${i})`).join('+'), 'function'],
    ['sqrt(sqrt(sqrt(sqrt(sqrt(sqrt(16))))))', 'Recursive depth'],
    [Array.from({ length: 60 }, (_, i) => `v${i}`).join('+'), 'unique variables'],
    ['exp(exp(10))', 'Banned pattern'],
    ['9999999999999999 ^ 9999999999999999', 'large number'],
    ['2 +++ 3', 'consecutive'],
    ['2 + 3 × 4', "unexpected character '×' at position 7"],
    ['', 'empty'],
    ['   ', 'empty'],
    ['(2 + 3', 'unexpected end'],
    ['2 + 3)', "unexpected ')'"],
    ['5k', "unexpected 'k'"],
    ['factorial(99999)', "Unknown function 'factorial'"],
    ['sum(i,1,999999999,1)', 'Unknown function'],
    ['sin(1, 2)', "'sin' takes 1 argument(s), not 2"],
    ['max()', 'takes 1 to 50'],
    ['constructor', "Undefined variable 'constructor'"],
    ['toString()', 'Unknown function'],
  ])('%s fails softly', async (input, message) => {
    expect(await failure(input)).toContain(message);
  });

  it('takes variables and drops those that are not numbers', async () => {
    expect(await calculate('x^2+y^2', { x: 3, y: 4 })).toMatchObject({ result: 25 });
    expect(await failure('x + 1', { x: 'five' })).toContain("Undefined variable 'x'");
    expect(await calculate('force + e', { force: 1, e: 2 })).toMatchObject({ result: 3 });
  });

  it('refuses a thousand variables in a long sum', async () => {
    const variables = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, i]));
    const sum = Object.keys(variables).slice(0, 100).join('+');
    await expect(callTool(calculator, { input: sum, variables })).resolves.toMatchObject({ success: false });
  });

  it.each([
    ['2 + + 3', true],
    ['x + y', true],
    ['2 +++ 3', false],
    ['(2 + 3', false],
    ['nosuch(1)', false],
    ['1'.repeat(1010), false],
  ])('validates %s as %s', async (input, valid) => {
    const answer = await callTool(calculator, { operation: 'validate', input });
    expect(answer).toMatchObject({ success: true, result: { valid } });
  });

  it('lists its functions', async () => {
    const { result } = await callTool(calculator, { operation: 'functions' });
    expect(result).toMatchObject({ hyperbolic: expect.arrayContaining(['tanh']), note: expect.any(String) });
  });

  it.each([
    ['add', 10],
    ['subtract', 6],
    ['multiply', 16],
    ['divide', 4],
  ])('%s takes two operands', async (operation, value) => {
    const answer = await callTool(calculator, { operation, a: 8, b: 2 });
    expect(answer.result).toMatchObject({ result: value, input: expect.stringContaining('a ') });
  });

  it('takes expression for input', async () => {
    await expect(callTool(calculator, { expression: '1+1' })).resolves.toMatchObject({
      result: { result: 2 },
    });
  });

  it.each([
    [{}, "Missing required parameter 'input'"],
    [{ operation: 'add', a: 1 }, "Missing required parameter 'b'"],
    [{ operation: 'integrate', input: 'x' }, "Unknown operation 'integrate'"],
  ])('answers %j with a failure of evaluate', async (input, message) => {
    const answer = await callTool(calculator, input);
    expect(answer).toMatchObject({ success: false, operation: 'evaluate' });
    expect(answer.error_details).toMatchObject({ code: 'input.invalid' });
    expect(answer.error).toContain(message);
  });

  it('tells models its operations', () => {
    const schema = z.toJSONSchema(calculator.input, { io: 'input' });
    expect(schema.properties?.operation).toMatchObject({ enum: expect.arrayContaining(['evaluate', 'add']) });
  });
});

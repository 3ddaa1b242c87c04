import { z } from 'zod';
import { fail, toLlmspellError } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { evaluate, freeVariables } from './expression/evaluator.js';
import { FUNCTION_CATALOGUE } from './expression/functions.js';
import { parseExpression } from './expression/parser.js';

const ARITHMETIC: Readonly<Record<string, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/' };
const OPERATIONS = ['evaluate', 'validate', 'functions', ...Object.keys(ARITHMETIC)];

const input = z.object({
  operation: z
    .string()
    .default('evaluate')
    .meta({ enum: OPERATIONS })
    .describe('evaluate, validate, functions; or add, subtract, multiply, divide with a and b'),
  input: z.string().optional().describe('The expression, e.g. "sqrt(x^2 + y^2)"; for evaluate and validate'),
  variables: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values of the names in the expression; those that are not numbers are left out'),
  a: z.number().optional().describe('Left operand of add, subtract, multiply and divide'),
  b: z.number().optional().describe('Right operand of add, subtract, multiply and divide'),
});
type Input = z.output<typeof input>;

/** Evaluates arithmetic with variables and the usual functions; a wrong expression is a result, never a raise. */
export default defineTool({
  name: 'calculator',
  category: 'utility',
  level: 'safe',
  description: 'Evaluates arithmetic expressions with variables, comparisons and mathematical functions.',
  capabilities: [],
  input,
  parameterAliases: { expression: 'input' },
  operationAliases: { calculate: 'evaluate', eval: 'evaluate' },
  samples: [
    {
      title: 'Evaluate an expression',
      input: { operation: 'evaluate', input: '2 + 3 * 4' },
      expect: { success: true, result: { result: 14, result_type: 'float' } },
    },
    {
      title: 'Use variables and functions',
      input: { input: 'sqrt(x^2 + y^2)', variables: { x: 3, y: 4 } },
      expect: { result: { result: 5 } },
    },
    {
      title: 'Check an expression without computing it',
      input: { operation: 'validate', input: '(2 + 3' },
      expect: { success: true, result: { valid: false } },
    },
    {
      title: 'Two operands',
      input: { operation: 'divide', a: 1, b: 4 },
      expect: { result: { result: 0.25 } },
    },
    { title: 'A wrong expression', input: { input: '2 + 3 × 4' }, expect: { success: false } },
  ],
  run: async (request) => {
    try {
      return compute(request);
    } catch (thrown) {
      const { message, code } = toLlmspellError(thrown);
      return { operation: 'evaluate', failure: { message, code } };
    }
  },
});

function compute(request: Input): ToolOutcome {
  const operator = ARITHMETIC[request.operation];
  if (operator) return twoOperands(operator, request);
  switch (request.operation) {
    case 'evaluate':
      return evaluated(request.input, request.variables);
    case 'validate':
      return validated(request.input);
    case 'functions':
      return { result: FUNCTION_CATALOGUE, message: 'Available functions' };
    default:
      throw fail(
        'input.invalid',
        `Unknown operation '${request.operation}'. Allowed values: ${OPERATIONS.join(', ')}`,
      );
  }
}

function evaluated(text: string | undefined, given: Record<string, unknown> = {}): ToolOutcome {
  const expression = parseExpression(required('input', text));
  const variables = numbersOf(given);
  const value = evaluate(expression, variables);
  return outcome(text!, value, Object.fromEntries(variables));
}

function validated(text: string | undefined): ToolOutcome {
  const source = required('input', text);
  try {
    const variables = freeVariables(parseExpression(source));
    return { result: { input: source, valid: true, variables }, message: 'The expression is valid' };
  } catch (thrown) {
    const { message } = toLlmspellError(thrown);
    return {
      result: { input: source, valid: false, error: message },
      message: 'The expression is not valid',
    };
  }
}

function twoOperands(operator: string, { a, b }: Input): ToolOutcome {
  const variables = new Map([
    ['a', required('a', a)],
    ['b', required('b', b)],
  ]);
  const value = evaluate(parseExpression(`a ${operator} b`), variables);
  return outcome(`a ${operator} b`, value, Object.fromEntries(variables));
}

function outcome(text: string, value: number, variables: JsonObject): ToolOutcome {
  const special = !Number.isFinite(value);
  const result = special ? String(value) : value;
  return {
    result: { input: text, result, result_type: special ? 'special' : 'float', variables },
    message: `${text} = ${result}`,
  };
}

function numbersOf(variables: Record<string, unknown>): Map<string, number> {
  const entries = Object.entries(variables).filter((entry) => typeof entry[1] === 'number');
  return new Map(entries as [string, number][]);
}

function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${name}'`);
  return value;
}

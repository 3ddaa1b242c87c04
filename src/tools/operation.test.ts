import { expect, it } from 'vitest';
import { operationParameter } from './operation.js';

const schema = operationParameter(['parse', 'format']);
const problem = (value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

it.each([
  ['pars', "Unknown operation 'pars', did you mean 'parse'? Allowed values: parse, format"],
  ['xyz', "Unknown operation 'xyz'. Allowed values: parse, format"],
  [undefined, "Missing required parameter 'operation'. Allowed values: parse, format"],
  [7, "Unknown operation '7'. Allowed values: parse, format"],
  ['parse', undefined],
])('says what is wrong with %j', (value, message) => {
  expect(problem(value)).toBe(message);
});

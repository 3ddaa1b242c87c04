import type { ToolSample } from '../define.js';

/** What the data-validator tool does, by example. */
export const validatorSamples: readonly ToolSample[] = [
  {
    title: 'Every rule that a value breaks',
    input: {
      input: 'ab',
      rules: {
        rules: [
          { type: 'required' },
          { type: 'type', expected: 'string' },
          { type: 'length', min: 3, max: 10 },
          { type: 'pattern', regex: '^[a-z]+$' },
        ],
      },
    },
    expect: { success: true, result: { valid: false, errors: [{ field: 'input', rule: 'length' }] } },
  },
  {
    title: 'An object and what is in it',
    input: {
      input: { name: 'Ada', born: '1815-12-10', tags: ['x', 'x'] },
      rules: [
        {
          type: 'object',
          required: ['name', 'mail'],
          properties: {
            born: [{ type: 'date', format: '%Y-%m-%d' }],
            tags: [{ type: 'array', unique: true }],
          },
        },
      ],
    },
    expect: {
      result: { valid: false, error_count: 2, errors: [{ field: 'input' }, { field: 'input.tags' }] },
    },
  },
  {
    title: 'A JSON Schema',
    input: {
      input: { age: -1 },
      schema: { type: 'object', properties: { age: { type: 'integer', minimum: 0 } }, required: ['age'] },
    },
    expect: { result: { valid: false, errors: [{ field: 'input.age', rule: 'minimum', value: -1 }] } },
  },
  {
    title: 'What is right',
    input: { input: '4532015112830366', rules: [{ type: 'custom', name: 'credit_card' }] },
    expect: { result: { valid: true, errors: [] } },
  },
  {
    title: 'A rule that does not exist',
    input: { input: 1, rules: [{ type: 'rnage', min: 0 }] },
    error: 'input.invalid',
  },
];

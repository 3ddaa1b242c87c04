import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import dataValidator from './data-validator.js';

const call = (input: JsonObject) => callTool(dataValidator, input);
const result = async (input: JsonObject) => (await call(input)).result as JsonObject;
const errors = async (input: JsonValue, ...rules: JsonValue[]) =>
  (await result({ input, rules: { rules } })).errors as JsonObject[];

describe('data-validator', () => {
  itRunsItsSamples(dataValidator);

  it.each<[JsonObject, JsonValue[], JsonValue[]]>([
    [{ type: 'required' }, ['x', 0, false], [null, '']],
    [{ type: 'type', expected: 'string' }, ['x', ''], [1, null, true, ['x']]],
    [{ type: 'type', expected: 'number' }, [1, 1.5], ['1', null]],
    [{ type: 'type', expected: 'integer' }, [1, -3], [1.5, '1']],
    [{ type: 'type', expected: 'array' }, [[1], [], {}], [{ a: 1 }, 'x']],
    [{ type: 'type', expected: 'object' }, [{ a: 1 }, {}, []], [[1], 'x']],
    [{ type: 'type', expected: 'null' }, [null], [0]],
    [{ type: 'length', min: 2, max: 3 }, ['ab', 'äö🦀', [1, 2], 5], ['a', 'abcd', [1]]],
    [{ type: 'range', min: -5, max: 5 }, [-5, 5, 'x'], [-5.1, 6]],
    [{ type: 'pattern', regex: 'b+' }, ['abc', 7], ['xyz', '']],
    [{ type: 'enum', values: ['a', 1, { x: [1] }] }, ['a', 1, { x: [1] }], ['b', '1', { x: [2] }]],
    [{ type: 'email' }, ['a.b+c@example.org', 5], ['a@b', 'a', '@x.org', 'a b@x.org', 'a@x..org']],
    [
      { type: 'url' },
      ['https://example.org/x?y=1', 'ftp://h/x'],
      ['example.org', 'http://', 'http://a b', 'x'],
    ],
    [
      { type: 'date', format: '%Y-%m-%d' },
      ['2023-12-25', '2024-02-29'],
      ['25/12/2023', '2023-02-29', '2023-12-25 10:00:00', '2023-12-25T10:00:00Z', 'x'],
    ],
    [{ type: 'date', format: '%Y-%m-%d %H:%M:%S' }, ['2023-12-25 14:30:00'], ['2023-12-25']],
    [{ type: 'date', format: '%d.%m.%y' }, ['25.12.23'], ['25.13.23']],
    [{ type: 'date' }, ['2023-12-25', '2023-12-25T10:00:00Z'], ['25.12.2023', '2023-02-30', '17']],
    [{ type: 'custom', name: 'phone' }, ['+1234567890', '49301234'], ['0123', '+1 234', 'x']],
    [
      { type: 'custom', name: 'uuid' },
      ['550e8400-e29b-41d4-a716-446655440000'],
      ['550e8400e29b41d4a716446655440000'],
    ],
    [
      { type: 'custom', name: 'credit_card' },
      ['4532015112830366', '4532 0151 1283 0366'],
      ['4532015112830367', '1'],
    ],
    [{ type: 'custom', name: 'ipv6' }, ['::1'], ['1.2.3.4']],
    [
      { type: 'array', min_items: 1, max_items: 2, unique: true },
      [['a'], [{ a: 1, b: 2 }, { b: 2 }], 'x'],
      [
        [],
        [1, 2, 3],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      ],
    ],
    [
      { type: 'array', unique: false, item_rules: { rules: [{ type: 'type', expected: 'number' }] } },
      [[1, 2]],
      [[1, 'x']],
    ],
    [
      {
        type: 'object',
        properties: { a: { rules: [{ type: 'range', max: 3 }] } },
        required: ['a'],
        additional_properties: false,
      },
      [{ a: 1 }, 'x'],
      [{}, { a: 4 }, { a: 1, b: 2 }],
    ],
    [{ type: 'object', properties: { a: [{ type: 'required' }] } }, [{ a: 1 }], [{}, { a: null }]],
  ])('%j', async (rule, right, wrong) => {
    for (const value of right) expect(await errors(value, rule), JSON.stringify(value)).toEqual([]);
    for (const value of wrong) expect(await errors(value, rule), JSON.stringify(value)).toHaveLength(1);
  });

  it.each<[JsonValue, JsonObject, string]>([
    ['ab', { type: 'length', min: 3 }, 'at least 3'],
    [70, { type: 'range', min: 18, max: 65 }, 'at most 65'],
    [['apple', 'banana', 'apple'], { type: 'array', unique: true }, 'unique'],
    ['x', { type: 'custom', name: 'zodiac' }, "Unknown custom validator 'zodiac'"],
  ])('%j by %j says "%s"', async (value, rule, message) => {
    expect((await errors(value, rule))[0]).toMatchObject({
      field: 'input',
      rule: rule.type,
      value,
      message: expect.stringContaining(message),
    });
  });

  it('finds everything that is wrong, wherever it is', async () => {
    const rules = {
      type: 'object',
      required: ['id', 'mail'],
      additional_properties: false,
      properties: {
        name: {
          rules: [
            { type: 'length', min: 2 },
            { type: 'pattern', regex: '^[A-Z]' },
          ],
        },
        items: {
          rules: [
            { type: 'array', item_rules: { rules: [{ type: 'object', properties: { n: ['required'] } }] } },
          ],
        },
      },
    };
    const found = await errors({ name: 'x', items: [{ n: 1 }, { n: '' }], more: 1 }, rules);
    expect(found.map(({ field, rule }) => `${String(field)} ${String(rule)}`)).toEqual([
      'input object',
      'input object',
      'input object',
      'input.name length',
      'input.name pattern',
      'input.items[1].n required',
    ]);
  });

  it('lists a hundred errors, or stops at the first', async () => {
    const rules = [{ type: 'array', item_rules: [{ type: 'range', max: 0 }] }];
    const input = Array.from({ length: 500 }, () => 1);
    expect(await result({ input, rules })).toMatchObject({ error_count: 100, truncated: true });
    expect(await result({ input, rules, fail_fast: true })).toMatchObject({ error_count: 1 });
    expect(await call({ data: input, rules })).toMatchObject({
      success: true,
      metadata: { rule_count: 1, error_count: 100 },
    });
  });

  it.each<JsonValue>([
    'x',
    5,
    [{ type: 'nosuch' }],
    [{}],
    { rules: 5 },
    [{ type: 'type', expected: 'text' }],
    [{ type: 'length', min: -1 }],
    [{ type: 'pattern' }],
    [{ type: 'pattern', regex: '(' }],
    [{ type: 'pattern', regex: '(?=x)' }],
    [{ type: 'date', format: '%Q' }],
    [{ type: 'date', format: '%d'.repeat(40) }],
    [{ type: 'array', item_rules: [{ type: 'rnage' }] }],
    [{ type: 'object', properties: { a: [{ type: 'enum' }] } }],
  ])('refuses the rules %j', async (rules) => {
    await expect(call({ input: 'x', rules })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('needs rules or a schema', async () => {
    await expect(call({ input: 1 })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('takes the same time for every pattern', async () => {
    const found = await errors(
      `${'a'.repeat(50_000)}!`,
      { type: 'pattern', regex: '^(a+)+$' },
      { type: 'pattern', regex: '(x+x+)+y' },
    );
    expect(found).toHaveLength(2);
  });

  it('stops at once in a long list', async () => {
    const { context } = testContext({ signal: AbortSignal.timeout(60) });
    const input = Array.from({ length: 1_000_000 }, (_, index) => `value ${index}`);
    const rules = [{ type: 'array', unique: true, item_rules: [{ type: 'pattern', regex: '^v' }] }];
    const running = invoke(toolComponent(dataValidator), { input, rules }, context);
    await expect(running).rejects.toMatchObject({
      code: expect.stringMatching(/component\.(cancelled|timeout)/),
    });
  });

  describe('with a JSON Schema', () => {
    it.each<[JsonObject, JsonValue, string[]]>([
      [
        { type: 'object', properties: { users: { items: { required: ['name'] } } } },
        { users: [{ name: 'a' }, {}] },
        ['input.users[1] required'],
      ],
      [{ type: 'string', format: 'date' }, '2023-02-30', ['input format']],
      [{ type: 'string', format: 'email' }, 'nobody', ['input format']],
      [
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          prefixItems: [{ type: 'string' }],
          items: false,
        },
        [1, 2],
        ['input[0] type', 'input items'],
      ],
      [{ items: [{ type: 'string' }] }, [1], ['input[0] type']],
      [{ additionalProperties: false }, { x: 1 }, ['input additionalProperties']],
      [{ pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`, ['input pattern']],
      [{ type: 'string' }, 'fine', []],
    ])('%j', async (schema, input, expected) => {
      const found = (await result({ input, schema })).errors as JsonObject[];
      expect(found.map(({ field, rule }) => `${String(field)} ${String(rule)}`)).toEqual(expected);
    });

    it.each<JsonValue>([
      5,
      { type: 'nosuch' },
      { $ref: 'http://example.org/other.json' },
      { pattern: '(' },
      '{',
    ])('refuses the schema %j', async (schema) => {
      await expect(call({ input: 1, schema })).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('ends a schema that takes too long', async () => {
      const schema = {
        $defs: Object.fromEntries(
          Array.from({ length: 30 }, (_, index) => [
            `d${index}`,
            { anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
          ]),
        ),
        $ref: '#/$defs/d0',
      };
      (schema.$defs as JsonObject).d30 = { type: 'string' };
      await expect(call({ input: 1, schema })).rejects.toMatchObject({ code: 'component.timeout' });
    });
  });
});

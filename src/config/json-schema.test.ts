import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from './defaults.js';
import { renderInitFile } from './init-file.js';
import { configJsonSchema } from './json-schema.js';
import { PROFILES } from './profiles.js';
import { parseToml } from './toml.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(configJsonSchema());
const errors = (value: unknown) => (validate(value) ? [] : validate.errors!.map((error) => error.message));

describe('the JSON Schema', () => {
  test('accepts the defaults, an empty file and every profile', () => {
    for (const value of [DEFAULT_CONFIG, {}, ...PROFILES.map(({ values }) => values)])
      expect(errors(value)).toEqual([]);
  });

  test('accepts what `config init` writes', async () => {
    expect(errors(await parseToml(renderInitFile({ schema: 'x' }), 'x'))).toEqual([]);
  });

  test.each([
    { default_engin: 'lua' },
    { engines: { lua: { timout_ms: 1 } } },
    { runtime: { security: { allow_everything: true } } },
    { runtime: { max_concurrent_scripts: 0 } },
    { runtime: { max_concurrent_scripts: '3' } },
    { debug: { level: 'loud' } },
    { debug: { output: { file: {} } } },
    { providers: { x: { base_url: 3 } } },
    { providers: { x: { retry: { retries: 1 } } } },
  ])('refuses %j', (value) => expect(errors(value)).toHaveLength(1));

  test('accepts what is free-form', () => {
    const providers = { default_provider: 'mine', mine: { provider_type: 'x', some_option: [1] } };
    expect(errors({ providers, tools: { own: { a: 1 } }, engines: { other: { b: 2 } } })).toEqual([]);
  });

  test('carries descriptions and defaults', () => {
    const schema = configJsonSchema();
    expect(schema).toMatchObject({
      properties: {
        runtime: {
          properties: { max_concurrent_scripts: { type: 'integer', minimum: 1, default: 10 } },
        },
        debug: { properties: { level: { description: 'The least important entries that are kept.' } } },
      },
    });
    expect(schema).not.toHaveProperty('required');
    const text = JSON.stringify(schema);
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });
});

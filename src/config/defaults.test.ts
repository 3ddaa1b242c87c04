import { expect, expectTypeOf, test } from 'vitest';
import { DEFAULT_CONFIG, LOG_FILE_DEFAULTS, PROVIDER_DEFAULTS } from './defaults.js';
import { getAt } from './paths.js';
import { configSchema, type SchemaOutput } from './schema.js';
import { leaves, nodeAt, schemaTree, type TableNode } from './tree.js';
import type { Config } from './types.js';

test('the defaults are exactly what the schema describes', () => {
  const result = configSchema.safeParse(DEFAULT_CONFIG);
  expect(result.error?.issues).toBeUndefined();
  expect(result.data).toEqual(DEFAULT_CONFIG);
  expectTypeOf(DEFAULT_CONFIG.runtime).toEqualTypeOf<SchemaOutput['runtime']>();
  expectTypeOf<Omit<Config, 'engines' | 'providers'>>().toEqualTypeOf<
    Omit<SchemaOutput, 'engines' | 'providers'>
  >();
});

test('every default is a key of the schema, and no key lacks its sentence', () => {
  const tree = schemaTree();
  const known = new Set([...leaves(tree)].map(([path]) => path.join('.')));
  const undocumented = [...leaves(tree)]
    .filter(([, leaf]) => leaf.about === '')
    .map(([path]) => path.join('.'));
  expect(undocumented).toEqual([]);
  expect(
    [...known].filter((path) => getAt(DEFAULT_CONFIG, path.split('.')) !== undefined).length,
  ).toBeGreaterThan(100);
});

test('the defaults of optional tables fit the schema', () => {
  const tree = schemaTree();
  const provider = nodeAt(tree, ['providers', 'any']) as TableNode;
  expect([...provider.keys.keys()]).toEqual(expect.arrayContaining(Object.keys(PROVIDER_DEFAULTS)));
  const config = structuredClone(DEFAULT_CONFIG) as Config;
  config.providers.mock = { name: 'mock', provider_type: 'mock', ...structuredClone(PROVIDER_DEFAULTS) };
  config.debug.output.file = { path: 'x', ...LOG_FILE_DEFAULTS };
  expect(configSchema.safeParse(config).error?.issues).toBeUndefined();
});

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BuilderDefinition, defineGlobal, member } from '../../src/globals/define.js';
import { handleResult, text } from '../../src/globals/types.js';
import { type ApiFunction, type ApiGlobal, apiOf } from './api.js';
import { readSources } from './sources.js';
import { typeScriptText } from './type-text.js';

describe('the catalogue', () => {
  let api: ApiGlobal[];

  beforeAll(async () => {
    const { globals } = await readSources(fileURLToPath(new URL('../..', import.meta.url)));
    api = apiOf(globals.map(({ definition }) => definition));
  });

  const everything = () =>
    api.flatMap(({ name, functions, classes }) => [
      ...functions.map((fn) => [`${name}.${fn.name}`, fn] as const),
      ...classes.flatMap((each) =>
        each.methods.map((method) => [`${each.name}:${method.name}`, method] as const),
      ),
    ]);

  test('says something about every global, member, method, setter and field', () => {
    const silent = [
      ...api.filter(({ doc }) => !doc).map(({ name }) => name),
      ...everything()
        .filter(([, { doc }]) => !/^\S.*[.…`]$/.test(doc))
        .map(([name]) => name),
      ...api
        .flatMap(({ classes }) => classes)
        .flatMap(({ name, fields }) =>
          fields.filter(({ doc }) => !doc).map((field) => `${name}.${field.name}`),
        ),
    ];
    expect(silent).toEqual([]);
  });

  test('has an example for every global, in both languages', () => {
    for (const { name, functions } of api)
      expect(
        functions.some(({ example }) => example),
        name,
      ).toBe(true);
    for (const [name, { example }] of everything()) {
      if (example)
        expect([example.lua.trim() !== '', example.javascript.trim() !== ''], name).toEqual([true, true]);
    }
  });

  test('mentions only types that it describes', () => {
    const known = new Set(
      api.flatMap(({ types, classes }) => [...types, ...classes]).map(({ name }) => name),
    );
    for (const [name, fn] of everything()) {
      for (const mentioned of JSON.stringify(fn).matchAll(/"kind":"named","name":"(\w+)"/g)) {
        expect(known, `${name} mentions ${mentioned[1]}`).toContain(mentioned[1]);
      }
    }
  });

  test('leaves out what scripts cannot see', () => {
    expect(api.map(({ name }) => name)).not.toContain('@host');
    expect(everything().filter(([name]) => name.includes('@'))).toEqual([]);
  });
});

describe('reading a definition', () => {
  const builder: BuilderDefinition = {
    setters: {
      max_steps: { action: 'set', key: 'max_steps', doc: 'Most steps.', type: z.int() },
      parallel: { action: 'fix', key: 'mode', value: 'parallel', doc: 'All at once.', type: z.boolean() },
    },
    aliases: { limit: 'max_steps' },
    finish: { build: '@build' },
  };
  const shared = z.object({ ok: z.boolean() }).meta({ id: 'BetaResult' });
  const alpha = defineGlobal({
    name: 'Alpha',
    doc: 'First.',
    members: {
      builder: member({ doc: 'Begins.', params: {}, where: 'isolate', builder }),
      loop_builder: member({ doc: 'Begins too.', params: {}, where: 'isolate', builder }),
      '@build': member({ doc: 'Makes it.', params: {}, returns: handleResult('alpha') }),
      find: member({
        doc: 'Finds.',
        params: { scope: text().optional(), key: text(), limit: z.int().optional() },
        returns: shared.optional(),
        aliases: ['seek', 'loop_builder'],
      }),
    },
    handles: [
      { kind: 'alpha', doc: 'One.', fields: {}, methods: { go_on: member({ doc: 'Goes on.', params: {} }) } },
    ],
  });
  const beta = defineGlobal({
    name: 'Beta',
    doc: 'Second.',
    members: { get: member({ doc: 'Gets.', params: {}, returns: shared.nullable(), index: true }) },
  });
  const [a, b] = apiOf([alpha, beta]);
  const named = (name: string): ApiFunction => a!.functions.find((fn) => fn.name === name)!;

  test('builders that share a definition share a class', () => {
    expect(a!.classes.map(({ name }) => name)).toEqual(['AlphaHandle', 'AlphaBuilder']);
    expect(typeScriptText(named('loop_builder').returns)).toBe('AlphaBuilder');
  });

  test('setters give the builder back, the finish method gives the result', () => {
    const methods = a!.classes[1]!.methods.map((fn) => [
      fn.name,
      fn.params.length,
      typeScriptText(fn.returns),
      fn.spellings,
    ]);
    expect(methods).toEqual([
      ['max_steps', 1, 'AlphaBuilder', ['limit', 'maxSteps']],
      ['parallel', 0, 'AlphaBuilder', []],
      ['build', 0, 'AlphaHandle', []],
    ]);
  });

  test('only trailing parameters can be left out', () => {
    const params = named('find').params.map(({ name, optional, type }) => [
      name,
      optional,
      typeScriptText(type),
    ]);
    expect(params).toEqual([
      ['scope', false, 'string | null'],
      ['key', false, 'string'],
      ['limit', true, 'number'],
    ]);
  });

  test('a result that may be missing may be null, an unknown key may not', () => {
    expect(typeScriptText(named('find').returns)).toBe('BetaResult | null');
    expect(typeScriptText(b!.index!)).toBe('BetaResult');
  });

  test('an alias that is a member of its own is none', () => {
    expect(named('find').aliases).toEqual(['seek']);
    expect(named('find').spellings).toEqual(['seek']);
  });

  test('a named type is described where its name says', () => {
    expect([a!.types, b!.types.map(({ name }) => name)]).toEqual([[], ['BetaResult']]);
  });

  test('a builder that ends nowhere is refused', () => {
    const lost = { ...alpha, members: { builder: alpha.members.builder! } };
    expect(() => apiOf([lost])).toThrow("no member '@build'");
  });
});

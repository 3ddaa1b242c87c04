import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type ApiGlobal, apiOf } from '../scripts/generate/api.js';
import { readSources } from '../scripts/generate/sources.js';
import { JAVASCRIPT_ENVIRONMENT } from '../scripts/generate/typescript-environment.js';
import { runCli } from './support/cli.js';

const { globals } = await readSources(resolve(import.meta.dirname, '..'));
const api = apiOf(globals.map(({ definition }) => definition));

interface Case {
  name: string;
  language: 'lua' | 'javascript';
  code: string;
}

/** The examples that the reference and the editors show. */
const examples = api.flatMap(({ name, functions, classes }): Case[] => [
  ...functions.flatMap((fn) => casesOf(`${name}.${fn.name}`, fn.example)),
  ...classes.flatMap((each) =>
    each.methods.flatMap((method) => casesOf(`${each.name}:${method.name}`, method.example)),
  ),
]);

function casesOf(name: string, example: { lua: string; javascript: string } | undefined): Case[] {
  if (!example) return [];
  return (['lua', 'javascript'] as const).map((language) => ({ name, language, code: example[language] }));
}

async function succeeds(language: Case['language'], code: string): Promise<string> {
  const { code: exit, stdout, stderr } = await runCli(['exec', '--engine', language, code]);
  expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout;
}

describe('the examples of the reference run as they stand', () => {
  test.each(examples)('$name in $language', async ({ language, code }) => {
    await succeeds(language, code);
  });
});

/** Globals of which every member, and every method of their handles, has an example. */
const WHOLE = ['State', 'Session', 'Artifact', 'Replay', 'Hook', 'Event', 'Metrics', 'Debug'];

test.each(WHOLE)('no member of %s lacks an example', (name) => {
  const { functions, classes } = api.find((global) => global.name === name)!;
  const handles = classes.filter(({ kind }) => kind !== undefined);
  const all = [...functions, ...handles.flatMap(({ methods }) => methods)];
  expect(all.filter(({ example }) => !example).map((fn) => fn.name)).toEqual([]);
});

describe('what the declarations promise is there', () => {
  const members = (spell: (global: ApiGlobal, name: string) => string) =>
    api.flatMap((global) =>
      global.functions.flatMap((fn) => [fn.name, ...fn.spellings].map((name) => spell(global, name))),
    );

  test('every member in every spelling, in Lua', async () => {
    const checks = members(({ name }, key) => `check(${name}["${key}"], "${name}.${key}")`);
    const check =
      'local missing = {}\nlocal function check(v, n) if v == nil then missing[#missing + 1] = n end end\n';
    expect(await succeeds('lua', `${check}${checks.join('\n')}\nprint(table.concat(missing, " "))`)).toBe(
      '\n',
    );
  });

  test('every member in every spelling, in JavaScript', async () => {
    const checks = members(({ name }, key) => `[typeof ${name}["${key}"], "${name}.${key}"]`);
    const print = 'print(all.filter(([type]) => type !== "function").map(([, name]) => name).join(" "))';
    expect(await succeeds('javascript', `const all = [${checks.join(', ')}];\n${print}`)).toBe('\n');
  });

  test('the environment of a JavaScript spell', async () => {
    const names = declaredNames(JAVASCRIPT_ENVIRONMENT);
    expect(names).toContain('setTimeout');
    const all = JSON.stringify(names);
    const print = `print(${all}.filter((name) => typeof globalThis[name] === "undefined").join(" "))`;
    expect(await succeeds('javascript', print)).toBe('\n');
  });
});

function declaredNames(declarations: string): string[] {
  const source = ts.createSourceFile('environment.d.ts', declarations, ts.ScriptTarget.ES2023);
  return source.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) return [statement.name!.text];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text);
  });
}

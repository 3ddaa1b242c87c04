import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiGlobal, apiOf } from './api.js';
import { readSources } from './sources.js';
import { SpellChecker } from './type-check.case.js';
import { scriptParam, typeScriptLibrary } from './typescript.js';

let api: ApiGlobal[];
let checker: SpellChecker;

beforeAll(async () => {
  const { globals } = await readSources(fileURLToPath(new URL('../..', import.meta.url)));
  api = apiOf(globals.map(({ definition }) => definition));
  checker = new SpellChecker(typeScriptLibrary(api));
});

const GOOD = `
const agent = Agent.builder().name('reader').model('offline/extract').allowTool('calculator').build();
const answer = agent.execute({ text: ARGS.question ?? 'Why?' });
agent.invokeStream('Why?', (chunk) => print(chunk.text.length));
console.log(answer.text, answer.metadata.model);
/** @type {ToolResult} */
const result = Tool.execute('calculator', { input: '1 + 1' });
Tool.calculator.execute({ input: '2' });
Tool.register({ name: 'shout', description: 'x', execute: (params) => ({ text: params.text.toUpperCase() }) });
const text = JSON.encode(JSON.parse('{}'));
State.set(text, null);
print(State.listKeys('global').map((key) => key.trim()), result.error);
try {
  Tool.create('nothing');
} catch (error) {
  if (error.code === 'tool.not_found') exit(1);
}
const timer = setTimeout((n) => print(n + 1), 10, 1);
clearTimeout(timer);
`;

describe('declarations', () => {
  test('they are right themselves', () => {
    expect(checker.declarationProblems()).toEqual([]);
  });

  test('a good spell passes, however strict the settings', () => {
    expect(checker.problems('good.ts', GOOD.replaceAll(/\/\*\* @type.*\n/g, ''), true)).toEqual([]);
    expect(checker.problems('good.js', GOOD)).toEqual([]);
  });

  test.each([
    ['a wrong member', "Tool.exceute('calculator');", 'not callable'],
    [
      'a wrong member of a global without an index',
      "State.laod('a', 'b');",
      "does not exist on type 'StateGlobal'",
    ],
    ['a wrong argument', "State.load('global', { key: 1 });", 'not assignable'],
    ['too few arguments', "State.load('global');", 'Expected 2 arguments'],
    ['a wrong setter', "Agent.builder().modle('x');", "Did you mean 'model'?"],
    ['a missing field', "Tool.register({ name: 'x', description: 'y' });", "'execute' is missing"],
    ['a wrong field of a result', "Tool.execute('x').txet;", "does not exist on type 'ToolResult'"],
    ['a field that is read-only', "Tool.create('x').name = 'y';", 'read-only property'],
    ['what only browsers have', "fetch('http://example.com');", 'Cannot find name'],
  ])('%s is found', (_, spell, message) => {
    expect(checker.problems('wrong.js', spell).join('\n')).toContain(message);
  });

  test('two spells may use the same names', () => {
    expect(checker.problems('same.js', 'const print = 1; const name = print; const agent = name;')).toEqual(
      [],
    );
  });

  test('older spellings are there, marked as such', () => {
    expect(typeScriptLibrary(api)).toContain(
      "/** @deprecated Use `execute`. */\n  chat: AgentHandle['execute'];",
    );
    expect(checker.problems('old.js', "Tool.invoke('calculator', {}); State.list('global');")).toEqual([]);
  });

  test('every example is right', () => {
    const examples = api.flatMap(({ functions, classes }) => [
      ...functions,
      ...classes.flatMap(({ methods }) => methods),
    ]);
    for (const { name, example } of examples) {
      if (example) expect(checker.problems(`${name}.js`, example.javascript), name).toEqual([]);
    }
  });
});

test.each([
  ['context_id', 'contextId'],
  ['default', 'default_'],
  ['name', 'name'],
])('the parameter %s is called %s', (name, expected) => {
  expect(scriptParam(name)).toBe(expected);
});

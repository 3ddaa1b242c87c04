import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initFiles } from '../src/cli/init-files.js';
import { ROOT, Workspace } from './support/workspace.js';

const EXAMPLES = join(ROOT, 'examples');
/** Examples with tests of their own: what they print depends on the documents, the moment, or chance. */
const OWN_TESTS = ['ask-docs', 'record-and-replay'];

const files = readdirSync(EXAMPLES)
  .filter((name) => ['.lua', '.js', '.ts'].includes(extname(name)))
  .sort();
const stem = (file: string) => file.slice(0, -extname(file).length);

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.open();
});
afterAll(() => workspace.close());

/** The commands that an example's comment says to run. */
function commands(file: string): string[] {
  const text = readFileSync(join(EXAMPLES, file), 'utf8');
  return [...text.matchAll(/^(?:--|\/\/) {3}(llmspell .*)$/gm)].map((match) => match[1]!);
}

function expected(file: string): string {
  const own = join(EXAMPLES, 'expected', `${file}.txt`);
  return readFileSync(existsSync(own) ? own : join(EXAMPLES, 'expected', `${stem(file)}.txt`), 'utf8');
}

/** Every example has a state of its own. */
async function fresh(command: string) {
  const own = await Workspace.open();
  try {
    return await own.sh(command);
  } finally {
    await own.close();
  }
}

describe('examples', () => {
  it.each(files)('%s says what it shows, how to run it and what it prints', (file) => {
    const comment = /^((?:--|\/\/).*\n)+/.exec(readFileSync(join(EXAMPLES, file), 'utf8'))?.[0] ?? '';
    expect(commands(file)[0]).toContain(`examples/${file}`);
    expect(comment).toMatch(/prints?/i);
  });

  it.each(files)('%s is in the table', (file) => {
    expect(readFileSync(join(EXAMPLES, 'README.md'), 'utf8')).toContain(`(${file})`);
  });

  it.each(files.filter((file) => !OWN_TESTS.includes(stem(file))))('%s', async (file) => {
    const text = readFileSync(join(EXAMPLES, file), 'utf8');
    const { code, stdout, stderr } = await fresh(commands(file)[0]!);
    expect(stdout, stderr).toBe(expected(file));
    expect(code, stderr).toBe(Number(/[Ee]nds with exit code (\d+)/.exec(text)?.[1] ?? 0));
  });

  it('are without type errors for an editor that llmspell init has set up', () => {
    const settings = JSON.parse(initFiles({ typesDir: join(ROOT, 'types') })['jsconfig.json']!);
    const { fileNames, options } = ts.parseJsonConfigFileContent(
      settings,
      ts.sys,
      EXAMPLES,
      undefined,
      'jsconfig.json',
    );
    expect(fileNames.length).toBeGreaterThan(10);
    const found = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));
    const host = {
      getCanonicalFileName: (name: string) => name,
      getCurrentDirectory: () => ROOT,
      getNewLine: () => '\n',
    };
    expect(ts.formatDiagnostics(found, host)).toBe('');
  });

  it.each(['state-counter.lua', 'state-counter.js'])('%s counts on', async (file) => {
    const run = `llmspell run examples/${file}`;
    const { stdout } = await fresh(`${run}; ${run}; ${run} --reset`);
    expect(stdout).toMatch(/run 1 time\.\n.*run 2 times\.\n.*run 1 time\.\n/);
  });

  it.each(['record-and-replay.lua', 'record-and-replay.js'])('%s', async (file) => {
    const [record, replay] = commands(file);
    const { code, stdout, stderr } = await fresh(`${record}; echo ---; ${replay}`);
    const [live, again] = stdout.split('---\n');
    expect(code, stderr).toBe(0);
    expect(live).toMatch(/^dice: [1-6 ]+\ntime: [\d:]+\nid: {3}[-0-9a-f]{36}\n$/);
    expect(again).toBe(live);
  });
});

describe('ask-docs', () => {
  const ask = (ending: string, args: string) =>
    workspace.sh(`llmspell run examples/ask-docs.${ending} ${args}`);
  const question = 'docs "How do I grant a spell access to a host?"';

  it('answers with citations that lead to what is quoted', async () => {
    const { code, stdout, stderr } = await ask('lua', question);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('--allow-net');
    const citations = [...stdout.matchAll(/\[(docs\/[^\]]+\.md):(\d+)\]$/gm)];
    expect(citations.length).toBeGreaterThan(0);
    for (const [, path, line] of citations) {
      const lines = readFileSync(join(workspace.directory, path!), 'utf8').split('\n');
      expect(lines[Number(line) - 1]).toMatch(/\S/);
    }
    expect(stderr).toMatch(/^\d+ files, \d+ bytes, \d+ ms\n$/);
  });

  it('says the same in Lua, JavaScript and TypeScript', async () => {
    const [lua, js, typescript] = [
      await ask('lua', question),
      await ask('js', question),
      await ask('ts', question),
    ];
    expect(js.stdout, js.stderr).toBe(lua.stdout);
    expect(typescript.stdout, typescript.stderr).toBe(lua.stdout);
  });

  it('remembers the questions', async () => {
    const each = (args: string) => `for e in lua js ts; do llmspell run examples/ask-docs.$e ${args}; done`;
    const { stdout, stderr } = await fresh(`${each('docs Question $e?')} >&2; ${each('--history')}`);
    expect(stdout, stderr).toBe('1. Question lua?\n2. Question js?\n3. Question ts?\n'.repeat(3));
  });

  it('asks the model that is named', async () => {
    const { stdout } = await ask('lua', 'examples "Which?" --model mock/echo');
    expect(stdout).toMatch(/^Which\?\n\n<document path="examples\/README\.md">\n/);
  });
});

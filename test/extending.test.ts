import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A copy of the source tree in which one file of each kind is added; nothing else is touched by hand. */
const root = new URL('..', import.meta.url).pathname;
let copy: string;

const ADDED = {
  'src/globals/greeting.ts': `import { z } from 'zod';
import { defineGlobal, member } from './define.js';
import { text } from './types.js';

/** Greets. */
export default defineGlobal({
  name: 'Greeting',
  doc: 'Greets people.',
  members: {
    say_hello: member({
      doc: 'A greeting.',
      params: { name: text().describe('Whom to greet.') },
      returns: z.string(),
      run: (_call, { name }) => \`Hello, \${name}!\`,
    }),
  },
});
`,
  'src/tools/utility/doubler.ts': `import { z } from 'zod';
import { defineTool } from '../define.js';

/** Doubles. */
export default defineTool({
  name: 'doubler',
  category: 'utility',
  level: 'safe',
  description: 'Doubles a number.',
  capabilities: [],
  input: z.object({ value: z.number().describe('The number.') }),
  samples: [{ title: 'doubles', input: { value: 2 }, expect: { result: 4 } }],
  run: async ({ value }) => ({ result: value * 2 }),
});
`,
  'src/cli/commands/ping.ts': `import { defineCommand } from '../command.js';

/** Answers. */
export default defineCommand({
  name: 'ping',
  summary: 'Answer pong',
  run: async ({ terminal }) => {
    terminal.out('pong\\n');
    return 0;
  },
});
`,
};

function run(command: string, ...args: string[]) {
  const env = { ...process.env, HOME: copy, LLMSPELL_HOME: join(copy, 'home') };
  const result = spawnSync(command, args, { cwd: copy, encoding: 'utf8', env });
  return { ...result, all: result.stdout + result.stderr };
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'llmspell-'));
  for (const name of [
    'src',
    'scripts',
    'docs',
    'types',
    'schema',
    'package.json',
    'tsconfig.json',
    'rolldown.config.ts',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [name, code] of Object.entries(ADDED)) writeFileSync(join(copy, name), code);
  for (const script of ['scripts/generate.ts', 'scripts/build.ts']) {
    const built = run(process.execPath, '--import', 'tsx', script);
    expect(built.status, built.all).toBe(0);
  }
}, 120_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const llmspell = (...args: string[]) => run(process.execPath, 'dist/bin.cjs', ...args);

test('a global is one file, in both languages and all spellings', () => {
  expect(llmspell('exec', 'Greeting.say_hello("Ada")').stdout).toBe('Hello, Ada!\n');
  expect(llmspell('exec', '--engine', 'js', 'Greeting.sayHello("Ada")').stdout).toBe('Hello, Ada!\n');
  expect(readFileSync(join(copy, 'types/llmspell.d.ts'), 'utf8')).toContain('sayHello(');
  expect(readFileSync(join(copy, 'types/llmspell.lua'), 'utf8')).toContain('Greeting.say_hello');
});

test('a tool is one file: script, command line and its own samples', () => {
  expect(llmspell('exec', 'Tool.execute("doubler", { value = 4 }).result').stdout).toBe('8\n');
  expect(llmspell('tool', 'list').stdout).toContain('doubler');
  const tested = llmspell('tool', 'test', 'doubler');
  expect(tested.status, tested.all).toBe(0);
});

test('a command is one file', () => {
  expect(llmspell('ping').stdout).toBe('pong\n');
  expect(llmspell('--help').stdout).toContain('Answer pong');
});

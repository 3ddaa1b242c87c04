import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_TOOLS } from '../src/tools/index.generated.js';
import { runCli } from './support/cli.js';

const TOOLS = BUILT_IN_TOOLS.map(({ name }) => name).sort();
const hasBash = spawnSync('bash', ['--version']).status === 0;

/** Completes what stands in `COMP_WORDS`; the words are divided as readline divides them, also at `=`. */
const DRIVER = `
source "$1"; shift
COMP_WORDS=("$@")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_llmspell 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  await writeFile(join(folder, 'script'), (await runCli(['completion', 'bash'])).stdout);
  await mkdir(join(folder, 'work/spells'), { recursive: true });
  for (const name of ['a spell.lua', 'own.toml']) await writeFile(join(folder, 'work', name), '');
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash offers behind a line. */
async function offers(line: string): Promise<string[]> {
  const words = line
    .split(' ')
    .flatMap((word) => word.split(/(=)/).filter((part, at) => at === 0 || part !== ''));
  const { stdout } = await promisify(execFile)(
    'bash',
    ['--norc', '-c', DRIVER, 'bash', join(folder, 'script'), ...words],
    { cwd: join(folder, 'work') },
  );
  return stdout.split('\n').filter((word) => word !== '');
}

describe.skipIf(!hasBash)('in bash', () => {
  it('offers commands and their subcommands', async () => {
    expect(await offers('llmspell ')).toEqual(
      expect.arrayContaining(['run', 'exec', 'repl', 'tool', 'config']),
    );
    expect(await offers('llmspell co')).toEqual(['completion', 'config']);
    expect(await offers('llmspell tool ')).toEqual(['list', 'info', 'invoke', 'search', 'test']);
    expect(await offers('llmspell --trace debug -p state config ')).toContain('list-profiles');
  });

  it('offers the options of the command, its own and the global ones', async () => {
    expect(await offers('llmspell config show --')).toEqual(
      expect.arrayContaining(['--format', '--origin', '--profile', '--help']),
    );
    expect(await offers('llmspell config show --or')).toEqual(['--origin']);
    expect(await offers('llmspell tool list --or')).toEqual([]);
    expect(await offers('llmspell run --rec')).toEqual(['--record']);
  });

  it.each([
    ['llmspell --output ', ['text', 'json', 'jsonl', 'pretty']],
    ['llmspell --output=js', ['json', 'jsonl']],
    ['llmspell tool list --output=', ['text', 'json', 'jsonl', 'pretty']],
    ['llmspell config show --format ', ['toml', 'json']],
    ['llmspell run --engine t', ['typescript', 'ts']],
    ['llmspell run -p rag', ['rag-dev', 'rag-prod', 'rag-perf']],
    ['llmspell completion ', ['bash', 'zsh', 'fish', 'pwsh']],
    ['llmspell config show rag', ['rag']],
    ['llmspell tool info ', TOOLS],
    ['llmspell tool info calc', ['calculator']],
    ['llmspell tool test calculator hash', ['hash-calculator']],
    ['llmspell tool info calculator ', []],
    ['llmspell tool invoke --params list ', TOOLS],
    ['llmspell tool list --category f', ['filesystem']],
    ['llmspell tool invoke --timeout ', []],
  ])('behind "%s"', async (line, words) => {
    expect(await offers(line)).toEqual(words);
  });

  it('offers files and folders where they belong', async () => {
    const all = ['a spell.lua', 'own.toml', 'spells'];
    expect((await offers('llmspell run ')).sort()).toEqual(all);
    expect(await offers('llmspell run a')).toEqual(['a spell.lua']);
    expect(await offers('llmspell run -c own')).toEqual(['own.toml']);
    expect(await offers('llmspell run --config=own')).toEqual(['own.toml']);
    expect((await offers('llmspell run --allow-read=')).sort()).toEqual(all);
    expect((await offers('llmspell run spell.lua --allow-read ')).sort()).toEqual(all);
    expect(await offers('llmspell config init -o ')).toEqual(expect.arrayContaining(['own.toml']));
    expect(await offers('llmspell init ')).toEqual(['spells']);
    expect((await offers('llmspell run -- ')).sort()).toEqual(all);
  });

  it('is a script that bash accepts without complaint', () => {
    const { status, stderr } = spawnSync('bash', ['-n', join(folder, 'script')], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('in other shells', () => {
  const script = async (shell: string) => (await runCli(['completion', shell])).stdout;

  it('zsh: a function for each command, quotes and brackets balanced', async () => {
    const text = await script('zsh');
    expect(text).toMatch(/^#compdef llmspell\n/);
    for (const name of ['', '_run', '_tool', '_tool_invoke', '_config_list_profiles'])
      expect(text).toContain(`_llmspell${name}() {`);
    expect(text).toContain(`'(-c --config)'{-c+,--config=}'[Configuration file`);
    expect(text).toContain(`'1:NAME\\: Name or alias:(${TOOLS.join(' ')})'`);
    expect(text).toContain("'*'--allow-read=-'[Grant");
    for (const line of text.split('\n').filter((each) => !each.startsWith('#')))
      expect([line, line.replaceAll("'\\''", '').split("'").length % 2]).toEqual([line, 1]);
  });

  it('fish: a line for each thing, with the command it belongs to', async () => {
    const text = await script('fish');
    expect(text).toContain("complete -c llmspell -n '__llmspell_at tool' -a info -d 'Show what a tool does");
    expect(text).toContain("complete -c llmspell -n '__llmspell_at config show' -l format -r -a 'toml json'");
    expect(text).toContain("complete -c llmspell -n '__llmspell_at run' -l allow-read -F -d");
    expect(text).toContain(
      "complete -c llmspell -n '__llmspell_at config init' -s f -s o -l file -l output -r -F",
    );
    for (const line of text.split('\n').filter((each) => each.startsWith('complete ')))
      expect([line, line.replaceAll("\\'", '').split("'").length % 2]).toEqual([line, 1]);
  });

  it.each(['pwsh', 'powershell'])('%s: a table of commands', async (shell) => {
    const text = await script(shell);
    expect(text).toContain("Register-ArgumentCompleter -Native -CommandName 'llmspell'");
    expect(text).toContain("        'config show' = @{");
    expect(text).toContain("'--format' = @('toml', 'json')");
    const count = (char: string) => text.split(char).length;
    expect([count('{'), count('(')]).toEqual([count('}'), count(')')]);
  });
});

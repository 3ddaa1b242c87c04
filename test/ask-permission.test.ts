import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './support/cli.js';
import { TerminalProgram, terminalAvailable } from './support/terminal.js';

/** A file that every machine has and nothing grants. */
const FILE = '/etc/passwd';
const read = `Tool.execute("file-operations", { operation = "read", path = "${FILE}" })`;

let folder: string;
const open: TerminalProgram[] = [];
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterEach(async () => {
  for (const program of open.splice(0)) await program.dispose();
  await rm(folder, { recursive: true });
});

const spell = (code: string) => writeFile(join(folder, 'spell.lua'), code);
const cli = (args: string[]) => runCli(args, { cwd: folder, env: { LLMSPELL_HOME: join(folder, 'data') } });

async function onTerminal(...args: string[]): Promise<TerminalProgram> {
  const env = { LLMSPELL_HOME: join(folder, 'data') };
  const program = await TerminalProgram.start(args, { cwd: folder, env });
  open.push(program);
  return program;
}

describe.skipIf(!terminalAvailable())('what is not granted, on a terminal', () => {
  it('is asked for: once is for one call, run for all of them', async () => {
    await spell(`print(#${read}.text) print(#${read}.text) print(#${read}.text) print("end")`);
    const program = await onTerminal('run', 'spell.lua');
    await program.see(`The tool file-operations wants to read ${FILE}`);
    await program.see('[n]o? ');
    program.type('what?\n');
    await program.see('[n]o? ');
    program.type('o\n');
    await program.see('wants to read');
    program.type('r\n');
    expect(await program.see('end')).not.toContain('wants');
    expect(await program.exit).toBe(0);
  });

  it('is refused on no, and not asked for again', async () => {
    await spell(
      `print(pcall(Tool.execute, "file-operations", { operation = "read", path = "${FILE}" })) ${read}`,
    );
    const program = await onTerminal('run', 'spell.lua');
    await program.see('[n]o? ');
    program.type('n\n');
    await program.see('false');
    await program.see('[permission.read]');
    expect(await program.exit).toBe(5);
  });

  it('is remembered on always, for this spell as it is now', async () => {
    await spell(`print(#${read}.text)`);
    const program = await onTerminal('run', 'spell.lua');
    await program.see('[n]o? ');
    program.type('always\n');
    expect(await program.exit).toBe(0);

    expect((await cli(['run', 'spell.lua'])).code).toBe(0);
    expect((await cli(['grants', 'list'])).stdout).toBe(
      `${join(folder, 'spell.lua')}\n  --allow-read=${FILE}\n`,
    );
    await spell(`print(#${read}.text) -- changed`);
    expect((await cli(['run', 'spell.lua'])).code).toBe(5);
    await spell(`print(#${read}.text)`);
    expect((await cli(['grants', 'revoke', 'spell.lua'])).code).toBe(0);
    expect((await cli(['run', 'spell.lua'])).code).toBe(5);
    expect((await cli(['grants', 'revoke', 'spell.lua'])).code).toBe(1);
  });

  it('stops every clock while a person thinks', async () => {
    await spell(`print(#${read}.text, "done")`);
    const program = await onTerminal('run', '--timeout', '1', 'spell.lua');
    await program.see('[n]o? ');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    program.type('o\n');
    await program.see('done');
    expect(await program.exit).toBe(0);
  });

  it('shares the keyboard with a script that reads lines', async () => {
    await spell(`print("first " .. io.read("l")) print(#${read}.text) print("second " .. io.read("l"))`);
    const program = await onTerminal('run', 'spell.lua');
    program.type('one\n');
    await program.see('first one');
    await program.see('[n]o? ');
    program.type('o\n');
    program.type('two\n');
    await program.see('second two');
    expect(await program.exit).toBe(0);
  });

  it('shows what a script chose as what it is', async () => {
    await spell(
      `print(pcall(Tool.execute, "file-operations", { operation = "read", path = "/etc/\\27[2Kx\\u{202e}y" }))`,
    );
    const program = await onTerminal('run', 'spell.lua');
    await program.see('wants to read /etc/\\u001b[2Kx\\u202ey');
    program.type('n\n');
    expect(await program.exit).toBe(0);
  });

  it('is not asked for with --no-prompt', async () => {
    await spell(read);
    const program = await onTerminal('run', '--no-prompt', 'spell.lua');
    expect(await program.exit).toBe(5);
    expect(program.shown).not.toContain('wants');
  });

  it('is asked for in the REPL and by tool invoke', async () => {
    const repl = await onTerminal('repl');
    await repl.see('> ');
    repl.type(`#${read}.text\r`);
    await repl.see('[n]o? ');
    repl.type('o\r');
    await repl.see('> ');
    expect(repl.shown).not.toContain('permission.read');

    const params = JSON.stringify({ operation: 'read', path: FILE });
    const invoke = await onTerminal('tool', 'invoke', 'file-operations', '--params', params);
    await invoke.see('[n]o? ');
    invoke.type('o\n');
    await invoke.see('root:');
    expect(await invoke.exit).toBe(0);
  });
});

describe('the manifest of a spell', () => {
  const manifest = `-- llmspell: allow-read=${FILE} description="Reads the licence"\n`;

  it('is shown and refused where nobody is there to accept it', async () => {
    await spell(`${manifest}print("ran")`);
    const { code, stdout, stderr } = await cli(['run', 'spell.lua']);
    expect(code).toBe(5);
    expect(stdout).toBe('');
    expect(stderr).toContain(`spell.lua asks for:\n  read  ${FILE}\nIt says of itself: Reads the licence\n`);
    expect(stderr).toContain(`--accept-manifest, or grant it: --allow-read=${FILE}`);
  });

  it('grants what it says once it is accepted', async () => {
    await spell(`${manifest}print(#${read}.text > 100)`);
    expect(await cli(['run', '--accept-manifest', 'spell.lua'])).toMatchObject({ code: 0, stdout: 'true\n' });
    expect(await cli(['run', `--allow-read=${FILE}`, 'spell.lua'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('may stand in spell.toml', async () => {
    await spell(`print(#${read}.text > 100)`);
    const toml = `[spell]\nentry = "spell.lua"\n[permissions]\nread = [${JSON.stringify(FILE)}]\n`;
    await writeFile(join(folder, 'spell.toml'), toml);
    expect((await cli(['run', 'spell.lua'])).code).toBe(5);
    expect((await cli(['run', '--accept-manifest', 'spell.lua'])).stdout).toBe('true\n');
    await writeFile(join(folder, 'other.lua'), 'print("no manifest of mine")');
    expect((await cli(['run', 'other.lua'])).code).toBe(0);
  });

  it.each([
    ['-- llmspell: allow-raed=./docs', "did you mean 'allow-read'"],
    ['-- llmspell: everything', "'everything' is not key=value"],
  ])('that says %s is refused', async (line, reason) => {
    await spell(`${line}\nprint("ran")`);
    const { code, stdout, stderr } = await cli(['run', 'spell.lua']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
  });

  it.skipIf(!terminalAvailable())('is accepted for good by a person', async () => {
    await spell(`${manifest}print(#${read}.text > 100)`);
    const program = await onTerminal('run', 'spell.lua');
    await program.see('Allow all of it');
    program.type('a\n');
    await program.see('true');
    expect(await program.exit).toBe(0);
    expect(await cli(['run', 'spell.lua'])).toMatchObject({ code: 0, stderr: '' });
  });
});

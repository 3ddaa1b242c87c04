import { describe, expect, it } from 'vitest';
import type { Command } from '../src/cli/command.js';
import { allCommands } from '../src/cli/command-table.js';
import { runCli } from './support/cli.js';

const COMMANDS = await allCommands();

const paths = (commands: readonly Command[], above: string[] = []): string[][] =>
  commands.flatMap((command) => {
    const path = [...above, command.name];
    return [path, ...paths(command.subcommands ?? [], path)];
  });

const runnable = (commands: readonly Command[]): Command[] =>
  commands.flatMap((command) => [...(command.run ? [command] : []), ...runnable(command.subcommands ?? [])]);

describe('the command table', () => {
  it.each(runnable(COMMANDS).map((command) => [command.name, command] as const))(
    '%s has a summary and examples, its options a text',
    (_name, command) => {
      expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(command.examples ?? []).not.toHaveLength(0);
      for (const { doc } of Object.values(command.options ?? {})) expect(doc).toMatch(/^[A-Z]/);
    },
  );
});

describe('help', () => {
  it.each([['--help'], ['-h'], []])('of the program: %s', async (...args) => {
    const { code, stdout, stderr } = await runCli(args.filter(Boolean) as string[]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}`, 'm'));
  });

  it.each(paths(COMMANDS).map((path) => [path.join(' ')]))('of %s', async (path) => {
    const { code, stdout, stderr } = await runCli([...path.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: llmspell ${path}`);
    expect(stdout).toContain('Global options:');
  });

  it('is also a command', async () => {
    const [asCommand, asOption] = await Promise.all([
      runCli(['help', 'tool', 'info']),
      runCli(['tool', 'info', '--help']),
    ]);
    expect(asCommand).toEqual(asOption);
  });

  it('stands in for a missing command, as an error', async () => {
    const { code, stdout, stderr } = await runCli(['config']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('list-profiles');
  });
});

describe('wrong command lines', () => {
  it.each([
    [['conifg'], "Unknown command 'conifg'", "Did you mean 'config'?"],
    [['config', 'shwo'], "Unknown command 'shwo'", "Did you mean 'show'?"],
    [['tool', 'list', '--categroy', 'web'], 'Unknown option --categroy', 'Did you mean --category?'],
    [
      ['tool', 'list', '--category', 'utilty'],
      "There is no tool category 'utilty'",
      "Did you mean 'utility'?",
    ],
    [['tool', 'search'], 'llmspell tool search needs WORDS', 'See: llmspell tool search --help'],
    [['completion', 'zhs'], "There is no completion for the shell 'zhs'", "Did you mean 'zsh'?"],
    [['provider', 'test', '--timeout', 'soon'], "--timeout needs a positive number, not 'soon'", undefined],
  ])('%j', async (args, message, hint) => {
    const [text, json] = await Promise.all([runCli(args), runCli([...args, '--output', 'json'])]);
    expect(text).toMatchObject({ code: 2, stdout: '' });
    expect(text.stderr).toBe(`Error [usage.invalid]: ${message}\n${hint ? `Hint: ${hint}\n` : ''}`);
    expect(json).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({
      status: 'error',
      error: { code: 'usage.invalid', message, ...(hint && { hint }) },
    });
  });

  it('says what commands there are, as JSON too', async () => {
    const { code, stdout } = await runCli(['tool', '--output', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.hint).toBe('Commands: list, info, invoke, search, test');
  });
});

describe('version', () => {
  it.each([[['version']], [['--version']], [['-V']], [['run', '--version']], [['tool', 'list', '-V']]])(
    '%j',
    async (args) => {
      expect(await runCli(args)).toMatchObject({ code: 0, stdout: 'llmspell 0.1.0\n', stderr: '' });
    },
  );

  it('is the one of the package', async () => {
    const { default: manifest } = await import('../package.json');
    expect((await runCli(['--version', '--short'])).stdout).toBe(`${manifest.version}\n`);
  });

  it('says what it runs on', async () => {
    const { stdout } = await runCli(['version', '--verbose']);
    expect(stdout).toContain(`node: ${process.versions.node}\n`);
    expect(stdout).toContain(`platform: ${process.platform}-${process.arch}\n`);
    expect(stdout).toContain('engines: Lua 5.4, QuickJS\n');
  });

  it('is one JSON document in each form', async () => {
    const [plain, client] = await Promise.all([
      runCli(['version', '--output', 'json']),
      runCli(['version', '--client', '--output', 'json']),
    ]);
    expect(JSON.parse(plain.stdout)).toMatchObject({
      version: '0.1.0',
      runtime: { node: process.versions.node },
      engines: { lua: 'Lua 5.4', javascript: 'QuickJS' },
    });
    expect(JSON.parse(client.stdout)).toMatchObject({
      clientVersion: { version: '0.1.0', platform: `${process.platform}/${process.arch}` },
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import { parseLine } from './parse.js';

const COMMANDS: Command[] = [
  {
    name: 'write',
    summary: 'Writes',
    options: {
      file: { short: 'f', also: ['o', 'output'], value: 'FILE', doc: '' },
      quiet: { short: 'q', doc: '' },
      all: { short: 'A', doc: '' },
      profile: { short: 'x', value: 'ITS OWN', doc: '' },
      port: { short: 'p', value: 'N', doc: '' },
    },
    run: async () => 0,
  },
  {
    name: 'go',
    summary: 'Goes',
    args: [{ name: 'SCRIPT', doc: '' }],
    passThrough: true,
    options: {
      quiet: { short: 'q', doc: '' },
      grant: { value: 'X', optionalValue: true, repeat: true, doc: '' },
    },
    run: async () => 0,
  },
  {
    name: 'group',
    summary: 'Holds',
    subcommands: [
      { name: 'find', summary: 'Finds', args: [{ name: 'WORDS', doc: '', rest: true }], run: async () => 0 },
      {
        name: 'test',
        summary: 'Tests',
        args: [{ name: 'NAMES', doc: '', rest: true, optional: true }],
        run: async () => 0,
      },
    ],
  },
];

const parse = (line: string) => parseLine(line.split(' '), COMMANDS);
const refusal = (line: string) => {
  try {
    parse(line);
  } catch (error) {
    return error;
  }
  throw new Error(`accepted: ${line}`);
};

describe('options', () => {
  it.each([
    ['-f a', 'a'],
    ['-fa', 'a'],
    ['-f=a', 'a'],
    ['--file a', 'a'],
    ['--file=a', 'a'],
    ['-o a', 'a'],
    ['--output a', 'a'],
    ['--output=a=b', 'a=b'],
  ])('write %s', (given, file) => {
    expect(parse(`write ${given}`).options).toEqual({ file: [file] });
  });

  it('takes switches in one word, the last of them with its value', () => {
    expect(parse('write -qA').options).toEqual({ quiet: [''], all: [''] });
    expect(parse('write -qAfname').options).toEqual({ quiet: [''], all: [''], file: ['name'] });
    expect(refusal('write -qZ')).toMatchObject({ code: 'usage.invalid', message: 'Unknown option -qZ' });
  });

  it('lets a command hide global options of the same name or letter', () => {
    expect(parse('write -p 9').options).toEqual({ port: ['9'] });
    expect(parse('write --profile mine').options).toEqual({ profile: ['mine'] });
    expect(parse('go x -p state').options).toEqual({ profile: ['state'] });
  });

  it('keeps the global meaning before the command, and for words that only it has', () => {
    expect(parse('--output json write -o a').options).toEqual({ output: ['json'], file: ['a'] });
    expect(parse('write --output json').options).toEqual({ output: ['json'] });
    expect(parse('write -o json').options).toEqual({ file: ['json'] });
  });

  it('takes an optional value only behind =', () => {
    expect(parse('go --grant x --grant=y').options).toEqual({ grant: ['', 'y'] });
    expect(parse('go --grant x').args).toEqual({ SCRIPT: 'x' });
  });

  it.each([
    ['write --qiet', 'Unknown option --qiet', 'Did you mean --quiet?'],
    ['write -quiet', 'Unknown option -quiet', 'Did you mean --quiet?'],
    ['write --quiet=1', '--quiet takes no value', undefined],
    ['write --file', '--file needs a value (FILE)', undefined],
    ['go x --trace loud', "--trace cannot be 'loud'", 'One of: off, error, warn, info, debug, trace'],
    ['wrtie', "Unknown command 'wrtie'", "Did you mean 'write'?"],
    ['group fnid', "Unknown command 'fnid'", "Did you mean 'find'?"],
    ['write more', "Unexpected argument 'more'", 'See: llmspell write --help'],
    ['go', 'llmspell go needs SCRIPT', 'See: llmspell go --help'],
    ['group find', 'llmspell group find needs WORDS', 'See: llmspell group find --help'],
  ])('refuses: %s', (line, message, hint) => {
    expect(refusal(line)).toMatchObject({ code: 'usage.invalid', message, hint });
  });
});

describe('arguments', () => {
  it('gives the script what is unknown behind its name', () => {
    const { args, rest, options } = parse('go -q a.lua b --name c -vx --version -- -q');
    expect(args).toEqual({ SCRIPT: 'a.lua' });
    expect(rest).toEqual(['b', '--name', 'c', '-vx', '--version', '-q']);
    expect(options).toEqual({ quiet: [''] });
  });

  it('gathers the rest, also behind --', () => {
    expect(parse('group find a b').rest).toEqual(['a', 'b']);
    expect(parse('group find -- -a').rest).toEqual(['-a']);
    expect(parse('group test').rest).toEqual([]);
  });

  it('asks for nothing else when help or the version is wanted', () => {
    expect(parse('go --help').options).toEqual({ help: [''] });
    expect(parse('group find -V').options).toEqual({ version: [''] });
  });
});

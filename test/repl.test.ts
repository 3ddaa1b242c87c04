import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';
import { TerminalProgram, terminalAvailable } from './support/terminal.js';

const UP = '\x1b[A';
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const ENTER = '\r';

describe('llmspell repl without a terminal', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'llmspell-'));
  });
  afterEach(() => rm(cwd, { recursive: true, force: true }));

  const repl = (lines: string[], args: string[] = []) =>
    runCli(['repl', ...args], { input: lines.map((line) => `${line}\n`).join(''), cwd });

  test('prints values and nothing else', async () => {
    expect(await repl(['1+1'])).toMatchObject({ code: 0, stdout: '2\n', stderr: '' });
  });

  test('globals and unfinished code go from line to line; empty lines are just that', async () => {
    const result = await repl(['x = 20', 'function f()', '', '  return x + 1', 'end', '', 'f()']);
    expect(result).toMatchObject({ code: 0, stdout: '21\n', stderr: '' });
  });

  test('an error is shown, the rest still runs, the exit code tells', async () => {
    const result = await repl(['error("no")', '"after"']);
    expect(result).toMatchObject({ code: 1, stdout: 'after\n' });
    expect(result.stderr).toContain('Error [script.error]: repl:1: no');
  });

  test('code that is unfinished at the end of the input is an error', async () => {
    const result = await repl(['1', 'if true then']);
    expect(result).toMatchObject({ code: 1, stdout: '1\n' });
    expect(result.stderr).toContain('script.syntax');
  });

  test('a script reads the lines that follow it', async () => {
    const result = await repl([
      'print("[" .. io.read() .. "]")',
      'not code',
      '"code"',
      'io.read("a")',
      'a',
      'b',
    ]);
    expect(result).toMatchObject({ code: 0, stdout: '[not code]\ncode\na\nb\n\n' });
  });

  test('os.exit and .quit end it with their code', async () => {
    expect(await repl(['os.exit(7)', '"never"'])).toMatchObject({ code: 7, stdout: '' });
    expect(await repl(['error("x")', '.quit 9', '"never"'])).toMatchObject({ code: 9, stdout: '' });
    expect(await repl(['.q', '"never"'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('--output json gives a document for each entry', async () => {
    const { stdout, code } = await repl(['6 * 7', 'print("hi")'], ['--output', 'json']);
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(documents.map(({ value, stdout: printed }) => [value, printed])).toEqual([
      [42, ''],
      [null, 'hi\n'],
    ]);
  });

  test('limits hold for each entry, and globals survive them', async () => {
    const result = await repl(['kept = 1', 'while true do pcall(error) end', 'kept'], ['--timeout', '0.5']);
    expect(result).toMatchObject({ code: 1, stdout: '1\n' });
    expect(result.stderr).toContain('execution.timeout');
  });

  test('says so when the engine and its globals are gone', async () => {
    const never = '(("a"):rep(30)):find((".-"):rep(14) .. "b")';
    const result = await repl(['lost = 1', never, 'type(lost)'], ['--timeout', '0.3']);
    expect(result).toMatchObject({ code: 1, stdout: 'nil\n' });
    expect(result.stderr).toContain('globals are lost');
  });

  test('.globals lists what was defined, in both languages', async () => {
    const lines = ['x = 1', 'function f() end', 't = {}', 'a = Agent.builder():model("mock/echo"):build()'];
    const lua = await repl([...lines, '.globals', '.engine js', 'let n = 1', 'var s = ""', '.globals']);
    expect(lua.stderr).toBe('');
    expect(lua.stdout).toBe('a  agent\nf  function\nt  table\nx  number\njavascript\nn  number\ns  string\n');
    expect((await repl(['.globals'])).stdout).toBe('No globals defined\n');
  });

  test('.reset forgets the globals', async () => {
    const { stdout } = await repl(['x = 1', '.reset', 'type(x)', '.globals']);
    expect(stdout).toBe('New session: all globals are gone\nnil\nNo globals defined\n');
  });

  test('.time shows the duration', async () => {
    const { stdout } = await repl(['.time 1 + 1', '3', '.time on', '4', '.time off', '5']);
    expect(stdout).toMatch(/^2\n\(\d+ ms\)\n3\nTiming is on\n4\n\(\d+ ms\)\nTiming is off\n5\n$/);
  });

  test('.save writes a spell of what succeeded; .load and llmspell run take it', async () => {
    const entered = [
      'total = 0',
      'for i = 1, 4 do',
      '  total = total + i',
      'end',
      'total * 2 -- shown',
      'error("left out")',
      'syntax error here',
      'return total',
      '(function() print("parenthesis " .. total) end)()',
      '.save spell',
      '.reset',
      '.load spell',
      'total',
    ];
    const result = await repl(entered);
    expect(result.stdout).toBe(
      '20\n10\nparenthesis 10\nSaved 5 entries to spell.lua\nNew session: all globals are gone\nparenthesis 10\n10\n',
    );
    expect(await readFile(join(cwd, 'spell.lua'), 'utf8')).not.toContain('left out');
    const run = await runCli(['run', 'spell.lua'], { cwd });
    expect(run).toMatchObject({ code: 0, stdout: 'parenthesis 10\n' });
  });

  test('.save of JavaScript runs too', async () => {
    const lines = ['let a = [1, 2]', '{x: 1, y: 2}', '[3].concat(a)', 'console.log(a.length)', '.save s'];
    const result = await repl(lines, ['--engine', 'js']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(await runCli(['run', 's.js'], { cwd })).toMatchObject({ code: 0, stdout: '2\n' });
  });

  test('.save never overwrites a file of somebody else', async () => {
    await writeFile(join(cwd, 'mine.lua'), 'print("mine")\n');
    const refused = await repl(['x = 1', '.save mine.lua']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('config.exists');
    expect(await readFile(join(cwd, 'mine.lua'), 'utf8')).toBe('print("mine")\n');
    expect((await repl(['x = 1', '.save --force mine.lua', '.save mine.lua'])).code).toBe(0);
    expect(await readFile(join(cwd, 'mine.lua'), 'utf8')).toContain('x = 1');
  });

  test('.run gives a spell its arguments; the ending may be left out', async () => {
    await writeFile(join(cwd, 'greet.lua'), 'name = ARGS.name print("hello " .. name, ARGS[1])\n');
    const result = await repl(['.run greet "a b" --name Ada', 'name']);
    expect(result).toMatchObject({ code: 0, stdout: 'hello Ada\ta b\nAda\n', stderr: '' });
    const missing = await repl(['.run nothing.lua', '.load']);
    expect(missing.stderr).toContain('script.not_found');
    expect(missing.stderr).toContain('.load needs a file');
  });

  test('.help explains commands and names; unknown ones get a suggestion', async () => {
    const { stdout } = await repl(['.help', '.help .save', '.help Tool.execute', '.help State']);
    for (const text of ['.globals', '--force', 'Tool.execute(', 'State.save('])
      expect(stdout).toContain(text);
    const { stderr, code } = await repl(['.histry', '.help Tool.excute', '.history x', '.quit z']);
    expect(code).toBe(1);
    for (const text of [
      'Did you mean .history?',
      'Did you mean Tool.execute?',
      'needs a count',
      'no exit code',
    ])
      expect(stderr).toContain(text);
  });

  test('.type and .info', async () => {
    const { stdout } = await repl(['.type 1.5', '.engine ts', '.type null', '.info']);
    expect(stdout).toMatch(/^number\ntypescript\nobject\nlanguage {2}typescript\nsession {3}session_/);
  });

  test('text in other scripts survives, wherever the pipe cuts it', async () => {
    const word = 'žluťoučký 🐎 '.repeat(9000);
    expect((await repl([`#("${word}")`])).stdout).toBe(`${Buffer.byteLength(word)}\n`);
    expect((await repl([`"${word}" == ("žluťoučký 🐎 "):rep(9000)`])).stdout).toBe('true\n');
  });
});

describe.skipIf(!terminalAvailable())('llmspell repl on a terminal', () => {
  const open: TerminalProgram[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((program) => program.dispose()));
  });

  async function start(args: string[] = [], home?: string): Promise<TerminalProgram> {
    const program = await TerminalProgram.start(['repl', ...args], home === undefined ? {} : { home });
    open.push(program);
    await program.see('> ');
    return program;
  }

  /** Types a line and gives what is shown until the next prompt. */
  async function enter(program: TerminalProgram, line: string): Promise<string> {
    program.type(line + ENTER);
    await program.see('\n');
    return (await program.see('> ')).replaceAll('\r', '');
  }

  test('prompts, shows values, and Ctrl-D leaves', async () => {
    const program = await start();
    expect(await enter(program, '1 + 1')).toMatch(/^2\n/);
    program.type(CTRL_D);
    expect(await program.exit).toBe(0);
  });

  test('unfinished code goes on after "... "; an empty line executes it; Ctrl-C drops it', async () => {
    const program = await start();
    program.type(`function f()${ENTER}`);
    await program.see('... ');
    program.type(`return 7 end${ENTER}`);
    await program.see('> ');
    expect(await enter(program, 'f()')).toMatch(/^7\n/);
    program.type(`if true then${ENTER}`);
    await program.see('... ');
    program.type(ENTER);
    expect(await program.see('> ')).toContain('script.syntax');
    program.type(`x = [[abc${ENTER}`);
    await program.see('... ');
    program.type(CTRL_C);
    await program.see('^C');
    await program.see('> ');
    expect(await enter(program, 'type(x)')).toMatch(/^nil\n/);
  });

  test('Tab completes members, commands and own names', async () => {
    const program = await start();
    program.type('Tool.exec\t');
    await program.see('Tool.execute');
    program.type(CTRL_C);
    await program.see('> ');
    await enter(program, 'my_own_name = { inner_field = 5 }');
    program.type('my_own_name.inn\t');
    await program.see('inner_field');
    program.type(ENTER);
    await program.see('5');
    await program.see('> ');
    program.type('.clear-h\t');
    await program.see('.clear-history');
  });

  test('the history survives the session, entries of several lines as one', async () => {
    const first = await start();
    await enter(first, 'first_entry = 1');
    first.type(`function g()${ENTER}return 99 end${ENTER}`);
    await first.see('... ');
    await first.see('> ');
    await enter(first, ' hidden_entry = 1');
    first.type(CTRL_D);
    expect(await first.exit).toBe(0);
    const second = await start([], first.home);
    second.type(UP);
    await second.see('return 99 end');
    second.type(ENTER);
    await second.see('> ');
    expect(await enter(second, 'g()')).toMatch(/^99\n/);
    // Within an entry of several lines, newer versions of Node move by line.
    second.type(UP.repeat(5));
    await second.see('first_entry = 1');
    expect(second.shown).not.toContain('hidden_entry');
  });

  test('Ctrl-C ends a loop that swallows errors, and the globals survive', async () => {
    const program = await start();
    await enter(program, 'kept = 42');
    program.type(`print("be" .. "gun") while true do pcall(function() while true do end end) end${ENTER}`);
    await program.see('begun');
    program.type(CTRL_C);
    await program.see('execution.interrupted');
    await program.see('> ');
    expect(await enter(program, 'kept')).toMatch(/^42\n/);
  });

  test('Ctrl-C ends what never yields, and says that the globals are gone', async () => {
    const program = await start();
    await enter(program, 'lost = 42');
    program.type(`print("be" .. "gun") local x = (("a"):rep(30)):find((".-"):rep(14) .. "b")${ENTER}`);
    await program.see('begun');
    // The print is over before the search begins.
    await setTimeout(150);
    program.type(CTRL_C);
    await program.see('globals are lost');
    await program.see('> ');
    expect(await enter(program, 'type(lost)')).toMatch(/^nil\n/);
  });

  test('a script can ask; its question stays on the line; Ctrl-C there interrupts it', async () => {
    const program = await start();
    program.type(`io.write("your " .. "name? ") print("hi " .. io.read())${ENTER}`);
    await program.see('your name? ');
    program.type(`Ada${ENTER}`);
    await program.see('hi Ada');
    await program.see('> ');
    program.type(`io.write("once " .. "more? ") pcall(io.read) print("not " .. "reached")${ENTER}`);
    await program.see('once more? ');
    program.type(CTRL_C);
    await program.see('execution.interrupted');
    await program.see('> ');
    expect(program.shown).not.toContain('not reached');
    expect(await enter(program, '"still " .. "here"')).toMatch(/^still here\n/);
  });

  test('what is pasted runs line by line, and output without a newline is not drawn over', async () => {
    const program = await start();
    program.type(`a = 1${ENTER}io.write("un" .. "ended")${ENTER}a + 1${ENTER}`);
    await program.see('unended');
    await program.see('\n');
    await program.see('a + 1');
    expect((await program.see('> ')).replaceAll('\r', '')).toMatch(/^\n2\n/);
  });
});

import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import { scriptLanguage } from '../language.js';
import type { DotCommand, ReplControl } from './dot-command.js';

const SHOWN_ENTRIES = 50;

/** Commands about the session and the terminal. */
export const SESSION_COMMANDS: readonly DotCommand[] = [
  {
    name: 'globals',
    aliases: ['variables', 'vars'],
    doc: 'List the globals that you have defined, with their types',
    run: listGlobals,
  },
  {
    name: 'type',
    argument: 'EXPRESSION',
    doc: 'Show the type of a value',
    complete: 'code',
    run: (repl, argument) =>
      repl.evaluate(repl.language.language === 'lua' ? `type(${argument})` : `typeof (${argument})`),
  },
  {
    name: 'engine',
    argument: '[LANGUAGE]',
    doc: 'Show or change the language; the globals of each are kept',
    complete: ['lua', 'javascript', 'typescript'],
    run: chooseEngine,
  },
  {
    name: 'time',
    aliases: ['perf'],
    argument: '[on|off|CODE]',
    doc: 'Show how long each entry takes, or how long this code does',
    complete: 'code',
    run: time,
  },
  {
    name: 'history',
    aliases: ['hist'],
    argument: '[COUNT]',
    doc: `List the last entries (${SHOWN_ENTRIES} unless told)`,
    run: listHistory,
  },
  { name: 'clear-history', doc: 'Forget the history', run: (repl) => repl.history.clear() },
  { name: 'info', doc: 'Show what this session is', run: showInfo },
  { name: 'clear', aliases: ['cls'], doc: 'Clear the screen', run: clearScreen },
  { name: 'reset', doc: 'Begin a new session; all globals are gone', run: (repl) => repl.reset() },
  {
    name: 'quit',
    aliases: ['exit', 'q'],
    argument: '[CODE]',
    doc: 'Leave, with this exit code if given (Ctrl-D leaves too)',
    run: quit,
  },
];

async function listGlobals(repl: ReplControl): Promise<void> {
  const globals = await repl.session.globals(repl.language.language);
  const width = Math.min(32, Math.max(0, ...globals.map(({ name }) => name.length)));
  for (const { name, type } of globals) repl.print(`${name.padEnd(width)}  ${type}`);
  if (globals.length === 0) repl.print('No globals defined');
}

function chooseEngine(repl: ReplControl, name: string): void {
  if (name !== '') repl.language = scriptLanguage(name, undefined, name);
  repl.print(engineName(repl));
}

async function time(repl: ReplControl, argument: string): Promise<void> {
  if (argument === 'on' || argument === 'off') repl.timing = argument === 'on';
  if (argument === '' || argument === 'on' || argument === 'off')
    return repl.print(`Timing is ${repl.timing ? 'on' : 'off'}`);
  const before = repl.timing;
  repl.timing = true;
  await repl.evaluate(argument);
  repl.timing = before;
}

function listHistory(repl: ReplControl, argument: string): void {
  const count = argument === '' ? SHOWN_ENTRIES : Number(argument);
  if (!Number.isInteger(count) || count < 1)
    throw fail('usage.invalid', `.history needs a count, not '${argument}'`);
  const entries = repl.history.list();
  const first = Math.max(0, entries.length - count);
  const indent = ' '.repeat(7);
  entries.slice(first).forEach((entry, index) => {
    repl.print(`${String(first + index + 1).padStart(5)}  ${entry.replaceAll('\n', `\n${indent}`)}`);
  });
}

function showInfo(repl: ReplControl): void {
  repl.print(`language  ${engineName(repl)}`);
  repl.print(`session   ${repl.session.id}`);
  repl.print(`directory ${repl.terminal.cwd}`);
  repl.print(`history   ${repl.history.file ?? 'not kept'} (${repl.history.list().length} entries)`);
  repl.print(`timing    ${repl.timing ? 'on' : 'off'}`);
  repl.print(`handles   ${repl.session.heldHandles}`);
}

function engineName({ language: { language, typescript } }: ReplControl): string {
  return typescript ? 'typescript' : language;
}

/** Home, then the screen and what has scrolled off it. */
function clearScreen({ terminal }: ReplControl): void {
  if (terminal.stdoutIsTTY) terminal.out('\x1b[H\x1b[2J\x1b[3J');
}

function quit(repl: ReplControl, argument: string): void {
  const code = argument === '' ? EXIT.ok : Number(argument);
  if (!Number.isInteger(code) || code < 0 || code > 255)
    throw fail('usage.invalid', `'${argument}' is no exit code`, { hint: 'A number from 0 to 255.' });
  repl.leave(code);
}

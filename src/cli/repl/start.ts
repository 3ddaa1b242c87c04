import { resolve } from 'node:path';
import type { Kernel } from '../../kernel/kernel.js';
import { type Invocation, option } from '../command.js';
import { scriptLanguage } from '../language.js';
import { startKernel } from '../setup.js';
import { makeCompleter } from './completer.js';
import type { DotCommand } from './dot-command.js';
import { FILE_COMMANDS } from './file-commands.js';
import { helpCommand } from './help-command.js';
import { History, historyFile } from './history.js';
import type { Lines } from './lines.js';
import { OutputColumn } from './output-column.js';
import { PipedLines } from './piped-lines.js';
import { Repl, type ReplParts } from './repl.js';
import { SESSION_COMMANDS } from './session-commands.js';
import { TerminalLines } from './terminal-lines.js';

/** Runs the REPL on the process's own terminal or pipe; returns the exit code. */
export async function startRepl(invocation: Invocation): Promise<number> {
  const typed: Typed = {};
  const { kernel, config } = await startKernel(invocation, {
    subject: { name: `folder:${invocation.terminal.cwd}` },
    readLine: async () => typed.lines?.input(false),
  });
  const language = scriptLanguage(option(invocation, 'engine'), undefined, config.config.default_engine);
  const interactive = process.stdin.isTTY && (process.stdout.isTTY || process.stderr.isTTY);
  try {
    const start = interactive ? onTerminal : onPipe;
    return await start({ invocation, kernel, config, language }, typed);
  } finally {
    await kernel.shutdown();
  }
}

type Parts = Omit<ReplParts, 'history' | 'commands'> & { kernel: Kernel };

/** Where questions find the lines that a person types, once there are such. */
type Typed = { lines?: Lines };

function onPipe(parts: Parts, _typed: Typed): Promise<number> {
  const repl = new Repl({ ...parts, history: History.inMemory(), commands: allCommands() });
  return repl.run(new PipedLines(process.stdin));
}

async function onTerminal(parts: Parts, typed: Typed): Promise<number> {
  const column = new OutputColumn(parts.invocation.terminal);
  const invocation = { ...parts.invocation, terminal: column.terminal };
  const history = openHistory(invocation);
  const repl = new Repl({ ...parts, invocation, history, commands: allCommands() });
  const lines = terminalLines(repl, column, history);
  typed.lines = lines;
  const end = () => repl.leave(128 + 15);
  process.once('SIGTERM', end);
  column.terminal.err('llmspell REPL. Type .help for help, .quit or Ctrl-D to leave.\n');
  try {
    return await repl.run(lines);
  } finally {
    process.off('SIGTERM', end);
  }
}

function terminalLines(repl: Repl, column: OutputColumn, history: History): Lines {
  return new TerminalLines({
    input: process.stdin,
    output: process.stdout.isTTY ? process.stdout : process.stderr,
    history,
    column,
    interrupt: () => repl.session.interrupt(),
    complete: makeCompleter({
      commands: allCommands(),
      terminal: repl.terminal,
      atStart: () => repl.begun.length === 0,
      completeCode: (code) => repl.session.complete(repl.language.language, code),
    }),
  });
}

function openHistory(invocation: Invocation): History {
  const { terminal } = invocation;
  const named = option(invocation, 'history');
  const path = named === undefined ? historyFile(terminal) : resolve(terminal.cwd, named);
  return new History(path, (message) => terminal.err(`Warning: ${message}\n`));
}

function allCommands(): readonly DotCommand[] {
  const others = [...SESSION_COMMANDS, ...FILE_COMMANDS];
  return [helpCommand(others), ...others];
}

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Terminal } from '../terminal.js';
import { type DotCommand, findCommand } from './dot-command.js';
import { userPath } from './file-names.js';
import type { Completer } from './terminal-lines.js';

/** What completion needs to know of the REPL. */
export interface CompleterParts {
  commands: readonly DotCommand[];
  terminal: Pick<Terminal, 'cwd' | 'home'>;
  /** Names that could continue code. */
  completeCode(code: string): Promise<string[]>;
  /** Whether the line begins an entry, so that a dot begins a command. */
  atStart(): boolean;
}

const INDENT = '  ';

/** Completion of code, of the REPL's commands and of file names. */
export function makeCompleter(parts: CompleterParts): Completer {
  return async (line) => {
    if (line.trim() === '') return [[line + INDENT], line];
    const command = parts.atStart() ? /^\s*\.(\S*)(\s+)?(.*)$/.exec(line) : null;
    if (!command) return complete(line, parts);
    const [, name, space, argument] = command;
    return space === undefined
      ? matching(commandNames(parts.commands), `.${name}`)
      : completeArgument(findCommand(parts.commands, name!), argument!, parts);
  };
}

function completeArgument(
  command: DotCommand | undefined,
  argument: string,
  parts: CompleterParts,
): ReturnType<Completer> | Awaited<ReturnType<Completer>> {
  if (command?.complete === 'file') return matching(fileNames(argument, parts.terminal), lastWord(argument));
  if (command?.complete === 'code') return complete(argument, parts);
  return matching(command?.complete ?? [], argument);
}

async function complete(code: string, parts: CompleterParts): ReturnType<Completer> {
  const candidates = await parts.completeCode(code);
  return [candidates, replacedPart(code, candidates)];
}

/** The longest end of the code that every candidate begins with. */
function replacedPart(code: string, candidates: readonly string[]): string {
  const word = /[\w$.:]*$/.exec(code)![0];
  for (let from = 0; from < word.length; from++) {
    const end = word.slice(from);
    if (candidates.every((candidate) => candidate.startsWith(end))) return end;
  }
  return '';
}

function matching(candidates: readonly string[], typed: string): [string[], string] {
  return [candidates.filter((candidate) => candidate.startsWith(typed)), typed];
}

function commandNames(commands: readonly DotCommand[]): string[] {
  return commands.map(({ name }) => `.${name}`).sort();
}

function lastWord(argument: string): string {
  return /\S*$/.exec(argument)![0];
}

/** The files and folders in the folder of the last word, spelled as they were begun. */
function fileNames(argument: string, terminal: CompleterParts['terminal']): string[] {
  const typed = lastWord(argument);
  const folder = /^.*[/\\]|/.exec(typed)![0];
  const hidden = typed.slice(folder.length).startsWith('.');
  try {
    return readdirSync(dirname(userPath(`${folder}x`, terminal)), { withFileTypes: true })
      .filter(({ name }) => hidden || !name.startsWith('.'))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort();
  } catch {
    return [];
  }
}

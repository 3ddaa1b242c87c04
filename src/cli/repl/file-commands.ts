import { relative } from 'node:path';
import { type ScriptLanguage, scriptLanguage } from '../language.js';
import { scriptArgs } from '../script-args.js';
import { readScriptFile } from '../script-file.js';
import { writeNewFile } from '../write-file.js';
import type { DotCommand, ReplControl } from './dot-command.js';
import { onlyFile, scriptName, splitWords, userPath, withEnding } from './file-names.js';

const FORCE = /^--force\s+|\s+--force$/;

/** Commands that read and write files. They are the user's own doing and need no grant. */
export const FILE_COMMANDS: readonly DotCommand[] = [
  {
    name: 'load',
    argument: 'FILE',
    doc: 'Execute a file as if it had been entered here',
    complete: 'file',
    run: load,
  },
  {
    name: 'run',
    argument: 'FILE [ARGUMENTS…]',
    doc: 'Run a spell in this session, with its own arguments',
    complete: 'file',
    run: runSpell,
  },
  {
    name: 'save',
    argument: '[--force] FILE',
    doc: 'Write what you have entered, without what failed, as a spell',
    complete: 'file',
    run: save,
  },
];

async function load(repl: ReplControl, argument: string): Promise<void> {
  const path = scriptName(onlyFile('load', argument), repl.language, repl.terminal);
  const language = languageOf(path, repl);
  const source = readScriptFile(repl.terminal.cwd, path);
  repl.ownFiles.add(path);
  if (await repl.execute(withLanguage(source, language), language))
    repl.transcript.add(language, source.code.trimEnd());
}

async function runSpell(repl: ReplControl, argument: string): Promise<void> {
  const [name, ...rest] = splitWords(argument);
  const path = scriptName(onlyFile('run', name ?? ''), repl.language, repl.terminal);
  const language = languageOf(path, repl);
  const source = readScriptFile(repl.terminal.cwd, path);
  await repl.execute({ ...withLanguage(source, language), args: scriptArgs(path, rest) }, language);
}

async function save(repl: ReplControl, argument: string): Promise<void> {
  const { language, session, transcript, terminal, ownFiles } = repl;
  const name = onlyFile('save', argument.replace(FORCE, ''));
  const path = withEnding(userPath(name, terminal), language);
  const spell = await transcript.spell(language, (code) => session.isComplete(language.language, code));
  await writeNewFile(path, spell, ownFiles.has(path) || FORCE.test(argument));
  ownFiles.add(path);
  repl.print(`Saved ${transcript.count(language)} entries to ${relative(terminal.cwd, path)}`);
}

function languageOf(path: string, { language }: ReplControl): ScriptLanguage {
  return scriptLanguage(undefined, path, language.typescript ? 'typescript' : language.language);
}

function withLanguage<T extends object>(source: T, { typescript }: ScriptLanguage): T {
  return typescript ? { ...source, typescript } : source;
}

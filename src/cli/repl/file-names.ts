import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import type { ScriptLanguage } from '../language.js';
import type { Terminal } from '../terminal.js';

/** Words separated by spaces; quotes keep spaces. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => {
    return double ?? single ?? bare!;
  });
}

/** The one file name that a command was given, with or without quotes. @throws `usage.invalid` */
export function onlyFile(command: string, argument: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(argument)?.[2];
  const name = quoted ?? argument;
  if (name === '') throw fail('usage.invalid', `.${command} needs a file`, { hint: `.${command} FILE` });
  return name;
}

/** The absolute path of a name as the user wrote it; `~/` is the home directory. */
export function userPath(name: string, { cwd, home }: Pick<Terminal, 'cwd' | 'home'>): string {
  return resolve(cwd, /^~(?=$|[/\\])/.test(name) ? home + name.slice(1) : name);
}

/** The script that a name means: the file itself, or with the language's ending when that is left out. */
export function scriptName(name: string, language: ScriptLanguage, terminal: Terminal): string {
  const path = userPath(name, terminal);
  if (isFile(path)) return path;
  const completed = withEnding(path, language);
  return isFile(completed) ? completed : path;
}

/** The name with the language's ending, unless it has one. */
export function withEnding(path: string, { language, typescript }: ScriptLanguage): string {
  if (extname(path) !== '') return path;
  return `${path}.${language === 'lua' ? 'lua' : typescript ? 'ts' : 'js'}`;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

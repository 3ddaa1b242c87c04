import { resolve } from 'node:path';
import { findProjectFile, findUserFile, userFileCandidates } from '../config/files.js';
import { type Invocation, option } from './command.js';

/** The file that `config validate` means: as named, else the project's own, else the user's; undefined without any. */
export function chosenConfigFile(invocation: Invocation): string | undefined {
  const { cwd, home, env } = invocation.terminal;
  const named =
    invocation.args.FILE ?? option(invocation, 'file') ?? option(invocation, 'config') ?? env.LLMSPELL_CONFIG;
  if (named) return resolve(cwd, named);
  return findProjectFile(cwd, userFileCandidates(home, env))?.path ?? findUserFile(home, env);
}

import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { errorFromData, fail, type LlmspellError } from '../core/errors.js';
import type { Language, Source } from '../script/protocol.js';
import type { Outcome } from './messages.js';

const LANGUAGES: Readonly<Record<string, Language>> = {
  '.lua': 'lua',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.ts': 'javascript',
  '.mts': 'javascript',
};

/**
 * Runs a spell.
 * Contract: as `Session.execute`.
 */
export type RunSpell = (language: Language, source: Source) => Promise<Outcome>;

/**
 * Runs the spells of `hooks.files`, one after the other. The first that fails ends it: work that hooks were to
 * watch must not go on without them.
 * @param resolve finds a file that the configuration names.
 */
export async function runHookFiles(
  files: readonly string[],
  resolve: (path: string) => string,
  run: RunSpell,
): Promise<void> {
  for (const file of files) {
    const path = resolve(file);
    const extension = extname(path).toLowerCase();
    const language = LANGUAGES[extension];
    if (!language)
      throw fail('script.unsupported', `No script engine runs the hook file ${file}`, {
        hint: 'The spells in hooks.files end in .lua, .js or .ts.',
      });
    const code = await readHookFile(file, path);
    const typescript = extension === '.ts' || extension === '.mts';
    const outcome = await run(language, { code, name: file, typescript, directory: dirname(path) });
    if (!outcome.ok) throw failed(file, outcome);
  }
}

async function readHookFile(file: string, path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw fail('script.not_found', `The hook file ${file} cannot be read: ${(cause as Error).message}`, {
      hint: 'Correct hooks.files in llmspell.toml.',
      cause,
    });
  }
}

function failed(file: string, { error, exitCode }: Outcome): LlmspellError {
  if (!error) return fail('script.error', `The hook file ${file} ended itself with ${exitCode}`);
  return errorFromData({ ...error, message: `The hook file ${file} failed: ${error.message}` });
}

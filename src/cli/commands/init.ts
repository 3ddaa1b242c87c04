import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import { defineCommand, flagged } from '../command.js';
import { printResult } from '../render/print.js';

/** `llmspell init`: a folder to write spells in. */
export default defineCommand({
  name: 'init',
  summary: 'Set up a folder for spells: configuration, editor settings and a first spell',
  description: `Writes llmspell.toml, .luarc.json and jsconfig.json, with which an editor completes and checks spells in Lua,
JavaScript and TypeScript, and spell.lua. Where llmspell is not installed in the project, the types that the
editor reads are copied to .llmspell/types/. Nothing is overwritten without --force.`,
  args: [{ name: 'DIR', doc: 'The folder; this one when absent', optional: true, complete: 'directory' }],
  options: { force: { doc: 'Replace files that are there' } },
  examples: ['llmspell init', 'llmspell init my-spells && cd my-spells && llmspell run spell.lua'],
  async run(invocation) {
    const { cwd } = invocation.terminal;
    const directory = resolve(cwd, invocation.args.DIR ?? '.');
    const { files, copies } = await contents(directory);
    const force = flagged(invocation, 'force');
    if (!force) refuseToReplace(directory, Object.keys(files));
    await writeAll(directory, files, force);
    await writeAll(directory, copies, true);
    const written = [...Object.keys(files), ...Object.keys(copies)];
    printResult(invocation, {
      json: { status: 'success', directory, files: written },
      text: () => summary(relative(cwd, directory), written),
    });
    return 0;
  },
});

async function contents(directory: string) {
  const [{ projectFiles }, { renderInitFile }] = await Promise.all([
    import('../init-files.js'),
    import('../../config/init-file.js'),
  ]);
  const { files, copies, schema } = await projectFiles(directory);
  return { files: { 'llmspell.toml': renderInitFile({ schema }), ...files }, copies };
}

/** All or nothing: a folder is not left half set up. */
function refuseToReplace(directory: string, names: readonly string[]): void {
  const present = names.filter((name) => existsSync(join(directory, name)));
  if (present.length === 0) return;
  throw fail('config.exists', `${directory} already has ${present.join(', ')}; nothing was written`, {
    hint: 'Use another folder, or --force to replace them.',
    details: { directory, files: present },
  });
}

async function writeAll(directory: string, files: Record<string, string>, force: boolean): Promise<void> {
  const { writeNewFile } = await import('../write-file.js');
  for (const [name, text] of Object.entries(files)) await writeNewFile(join(directory, name), text, force);
}

function summary(place: string, written: readonly string[]): string {
  const spell = place === '' ? 'spell.lua' : join(place, 'spell.lua');
  return `${written.map((name) => `Wrote ${join(place, name)}`).join('\n')}\n\nTry it: llmspell run ${spell}\n`;
}

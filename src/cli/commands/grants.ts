import { EXIT } from '../../core/exit-codes.js';
import { defineCommand, type Invocation } from '../command.js';
import { printable } from '../printable.js';
import { printResult } from '../render/print.js';

const list = defineCommand({
  name: 'list',
  summary: 'Show what was granted for good, and to whom',
  examples: ['llmspell grants list', 'llmspell grants list --output json'],
  async run(invocation) {
    const [{ SavedGrants }, { grantFlags }] = await Promise.all([
      import('../ask/saved-grants.js'),
      import('../../security/grants.js'),
    ]);
    const all = new SavedGrants(invocation.terminal).all();
    const lines = () =>
      Object.entries(all).map(
        ([name, { grants }]) => `${printable(name)}\n  ${printable(grantFlags(grants))}`,
      );
    printResult(invocation, { json: all, text: () => lines().join('\n') || 'Nothing was granted for good.' });
    return EXIT.ok;
  },
});

const revoke = defineCommand({
  name: 'revoke',
  summary: 'Take back what was granted for good',
  args: [{ name: 'NAME', doc: 'A spell, tool:NAME or folder:PATH, as the list shows it' }],
  examples: ['llmspell grants revoke ./report.lua', 'llmspell grants revoke tool:http-requester'],
  async run(invocation) {
    const removed = await revokeOne(invocation);
    printResult(invocation, {
      json: { revoked: removed ?? null },
      text: () => (removed ? `Revoked: ${printable(removed)}` : 'Nothing was granted to it.'),
    });
    return removed ? EXIT.ok : EXIT.failure;
  },
});

/** The name under which something was revoked: as it was given, or as the path of a spell. */
async function revokeOne({ terminal, args }: Invocation): Promise<string | undefined> {
  const [{ SavedGrants }, { resolve }] = await Promise.all([
    import('../ask/saved-grants.js'),
    import('node:path'),
  ]);
  const saved = new SavedGrants(terminal);
  return [args.NAME!, resolve(terminal.cwd, args.NAME!)].find((name) => saved.revoke(name));
}

/** `llmspell grants`: the lasting answers to questions about permissions. */
export default defineCommand({
  name: 'grants',
  summary: 'Show and take back what was granted for good',
  subcommands: [list, revoke],
});

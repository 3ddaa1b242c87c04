import { EXIT } from '../../core/exit-codes.js';
import { defineCommand } from '../command.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';

/** `llmspell features`: the optional parts. */
export default defineCommand({
  name: 'features',
  summary: 'Show which optional parts are installed and what each adds',
  examples: ['llmspell features', 'llmspell features --output json'],
  async run(invocation) {
    const [{ FEATURES }, { isInstalled }] = await Promise.all([
      import('../../tools/features.js'),
      import('../installed.js'),
    ]);
    const path = invocation.terminal.env.PATH ?? '';
    const features = FEATURES.map((feature) => ({ ...feature, installed: isInstalled(feature, path) }));
    const rows = () =>
      features.map(({ name, installed, adds, install }) => [
        name,
        installed ? 'installed' : 'missing',
        installed ? adds : `${adds} Install it with: ${install}`,
      ]);
    printResult(invocation, { json: features, text: () => alignColumns(rows()) });
    return EXIT.ok;
  },
});

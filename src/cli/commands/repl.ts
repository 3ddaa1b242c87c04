import { defineCommand } from '../command.js';
import { EXECUTION_OPTIONS } from '../run-options.js';

/** `llmspell repl`: an interactive session. */
export default defineCommand({
  name: 'repl',
  summary: 'Enter code and see what comes of it, line by line',
  description: `All entries share one session: its globals stay until .reset or the end. The options that limit an
execution hold for each entry. When standard input is no terminal its lines are executed without prompts, and
the exit code is 1 if any of them failed. Type .help for the commands of the REPL itself.`,
  options: {
    ...EXECUTION_OPTIONS,
    history: { value: 'FILE', doc: 'Where the history is kept', complete: 'file' },
  },
  examples: [
    'llmspell repl',
    'llmspell repl --engine js --allow-net=api.example.com',
    "printf '6 * 7\\n' | llmspell repl",
  ],
  run: async (invocation) => (await import('../repl/start.js')).startRepl(invocation),
});

import { defineCommand, flagged, option } from '../command.js';
import { executeAndReport } from '../execute.js';
import { scriptLanguage } from '../language.js';
import { EXECUTION_OPTIONS } from '../run-options.js';
import { startKernel } from '../setup.js';

/** `llmspell exec`: code from the command line. */
export default defineCommand({
  name: 'exec',
  summary: 'Run code given on the command line and print its value',
  args: [{ name: 'CODE', doc: 'Code, or an expression whose value is printed' }],
  options: { ...EXECUTION_OPTIONS, quiet: { short: 'q', doc: 'Do not print the value' } },
  examples: ["llmspell exec '1 + 1'", 'llmspell exec --engine js "[1, 2, 3].map((n) => n * n)"'],
  async run(invocation) {
    const { kernel, config } = await startKernel(invocation);
    const language = scriptLanguage(option(invocation, 'engine'), undefined, config.config.default_engine);
    const { cwd } = invocation.terminal;
    const session = kernel.createSession();
    session.warmUp(language.language);
    const source = {
      code: invocation.args.CODE!,
      name: 'exec',
      directory: cwd,
      interactive: true,
      ...(language.typescript && { typescript: true }),
    };
    try {
      return await executeAndReport(invocation, config, session, language, source, {
        printValue: !flagged(invocation, 'quiet'),
      });
    } finally {
      await kernel.shutdown();
    }
  },
});

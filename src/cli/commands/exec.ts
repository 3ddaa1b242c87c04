import { defineCommand, flagged, option } from '../command.js';
import { executeAndReport } from '../execute.js';
import { scriptLanguage } from '../language.js';
import { EXECUTION_OPTIONS } from '../run-options.js';
import { startKernel } from '../setup.js';
import { standardInput } from '../standard-input.js';

/** `llmspell exec`: code from the command line. */
export default defineCommand({
  name: 'exec',
  summary: 'Run code given on the command line and print its value',
  args: [{ name: 'CODE', doc: 'Code, or an expression whose value is printed' }],
  options: { ...EXECUTION_OPTIONS, quiet: { short: 'q', doc: 'Do not print the value' } },
  examples: ["llmspell exec '1 + 1'", 'llmspell exec --engine js "[1, 2, 3].map((n) => n * n)"'],
  async run(invocation) {
    const onInput = standardInput();
    const { cwd } = invocation.terminal;
    const { kernel, config } = await startKernel(invocation, {
      subject: { name: `folder:${cwd}` },
      readLine: () => onInput(false),
    });
    const language = scriptLanguage(option(invocation, 'engine'), undefined, config.config.default_engine);
    const session = kernel.createSession({ session: option(invocation, 'session') });
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
        onInput,
      });
    } finally {
      await kernel.shutdown();
    }
  },
});

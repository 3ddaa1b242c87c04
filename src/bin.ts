/** The `llmspell` program. */
import { homedir } from 'node:os';
import { type IsolateThread, startThread } from './script/isolate-thread.js';

/** Starts the engine's thread before anything else is loaded, when the command line plainly needs one. */
function startEarly(argv: readonly string[]): IsolateThread | undefined {
  if (argv.includes('--help') || argv.includes('-h')) return undefined;
  if (argv[0] === 'run' && argv.some((token) => token.endsWith('.lua'))) return startThread('lua');
  if (argv[0] === 'run' && argv.some((token) => /\.[jt]s$/.test(token))) return startThread('javascript');
  if (argv[0] === 'exec' && !argv.some((token) => token.startsWith('--engine'))) return startThread('lua');
  return undefined;
}

async function start(argv: readonly string[]): Promise<void> {
  const thread = startEarly(argv);
  const [{ main }, { processTerminal }] = await Promise.all([
    import('./cli/main.js'),
    import('./cli/terminal.js'),
  ]);
  const code = await main(argv, processTerminal(homedir()), thread);
  await thread?.worker.terminate();
  // Everything is written and closed by now; an unanswered read of standard input would keep the process alive.
  process.exit(code);
}

void start(process.argv.slice(2));

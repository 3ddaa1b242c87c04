import { errorFromData, fail, type LlmspellError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import { toJson } from '../../core/values.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Session } from '../../kernel/session.js';
import { REPLAY_MODES } from '../../replay/modes.js';
import type { Command, Invocation, OptionDefinitions } from '../command.js';
import { defineCommand, option } from '../command.js';
import { scriptLanguage } from '../language.js';
import { printable } from '../printable.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { readScriptFile } from '../script-file.js';
import { startKernel } from '../setup.js';
import { findSession, TENANT_OPTIONS, withSessions } from './with-sessions.js';

/** What `Session.replay` gives, as far as it is shown. */
interface Replayed {
  readonly mode: string;
  readonly hooks_replayed: number;
  readonly failed_replays: number;
  readonly differences: readonly {
    index: number;
    point: string;
    hook: string;
    path: string;
    description: string;
  }[];
  readonly hooks?: readonly { point: string; path: string; hook: string; recorded: unknown; ok: boolean }[];
}

const OPTIONS: OptionDefinitions = {
  ...TENANT_OPTIONS,
  mode: {
    value: 'MODE',
    choices: REPLAY_MODES,
    doc: 'Whether to compare: exact compares, debug shows each hook too, simulate only shows what was answered; simulate without --hooks',
  },
  hooks: { value: 'SCRIPT', complete: 'file', doc: 'A spell that registers the hooks that are asked' },
  timeout: { value: 'SECONDS', doc: 'Time limit of the replay' },
};

/** `llmspell session replay`: asks hooks of today what those of a session were asked. */
export const sessionReplay: Command = defineCommand({
  name: 'replay',
  summary: 'Ask hooks again what they were asked in a session, and compare the answers',
  description: `The hooks that are asked are those of the configuration (hooks.files) and those that the spell given with --hooks
registers. The exit code is 1 when one answers otherwise than it once did.`,
  args: [{ name: 'SESSION', doc: 'The id of a session, the beginning of it, or its name' }],
  options: OPTIONS,
  examples: [
    'llmspell session replay notes',
    'llmspell session replay notes --hooks guards.lua --mode debug',
  ],
  async run(invocation) {
    const id = await withSessions(
      invocation,
      undefined,
      async ({ sessions, context }) => (await findSession(sessions, invocation.args.SESSION!, context)).id,
    );
    const { kernel } = await startKernel(invocation);
    try {
      const result = await replay(invocation, kernel, id);
      printResult(invocation, { json: result, text: () => replayText(result) });
      // What is only shown has not failed now.
      return result.failed_replays === 0 || result.mode === 'simulate' ? EXIT.ok : EXIT.failure;
    } finally {
      await kernel.shutdown();
    }
  },
});

async function replay(invocation: Invocation, kernel: Kernel, id: string): Promise<Replayed> {
  const session = kernel.createSession({ tenant: option(invocation, 'tenant') });
  const hooks = option(invocation, 'hooks');
  if (hooks !== undefined) await registerHooks(invocation, session, hooks);
  const mode = option(invocation, 'mode') ?? (hooks === undefined ? 'simulate' : 'exact');
  const config = { mode, ...timeoutOf(invocation) };
  const code = `Session.replay(${JSON.stringify(id)}, ${JSON.stringify(config)})`;
  return (await execute(session, 'javascript', { code, name: 'replay', interactive: true }).catch(
    withoutPlace,
  )) as Replayed;
}

function timeoutOf(invocation: Invocation): { timeout_seconds?: number } {
  const seconds = numberOption(invocation, 'timeout');
  return seconds === undefined ? {} : { timeout_seconds: seconds };
}

async function registerHooks(invocation: Invocation, session: Session, script: string): Promise<void> {
  const source = readScriptFile(invocation.terminal.cwd, script);
  const { language, typescript } = scriptLanguage(undefined, script, 'lua');
  await execute(session, language, { ...source, ...(typescript && { typescript }) });
}

/** Whoever asks for a replay wrote no line in which it could fail. */
function withoutPlace(error: LlmspellError): never {
  error.traceback = undefined;
  throw error;
}

async function execute(
  session: Session,
  language: 'lua' | 'javascript',
  source: Parameters<Session['execute']>[0]['source'],
): Promise<unknown> {
  const { error, value, exitCode } = await session.execute({ language, source });
  if (error) throw errorFromData(error);
  if (exitCode !== undefined && exitCode !== 0)
    throw fail('script.error', `${source.name} ended with exit code ${exitCode}`);
  return toJson(value);
}

function replayText({ hooks_replayed, failed_replays, differences, hooks = [] }: Replayed): string {
  const head = `${hooks_replayed} hooks, ${failed_replays} failed`;
  const shown = hooks.map(
    ({ point, path, hook, recorded, ok }) =>
      `${ok ? 'ok  ' : 'FAIL'}  ${point}  ${path}  ${hook}  ${JSON.stringify(recorded)}`,
  );
  const found = differences.map(
    ({ index, point, hook, path, description }) =>
      `difference in ${index} (${point}, ${hook}): ${path}: ${description}`,
  );
  return [...shown, ...found, head].map(printable).join('\n');
}

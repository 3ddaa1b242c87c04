import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import type { Kernel } from '../../kernel/kernel.js';
import { dataDirectory } from '../../kernel/paths.js';
import type { Session } from '../../kernel/session.js';
import type { Source } from '../../script/protocol.js';
import type { Grants } from '../../security/grants.js';
import type { SpellFile } from '../ask/spell-manifest.js';
import { defineCommand, type Invocation, option } from '../command.js';
import { executeAndReport } from '../execute.js';
import { type ScriptLanguage, scriptLanguage } from '../language.js';
import { EXECUTION_OPTIONS } from '../run-options.js';
import { scriptArgs } from '../script-args.js';
import { readScriptFile } from '../script-file.js';
import { mayAsk, type StartOptions, startKernel } from '../setup.js';
import { standardInput } from '../standard-input.js';

/** `llmspell run`: spells, live, recorded and replayed. */
export default defineCommand({
  name: 'run',
  summary: 'Run a spell',
  description: `What follows the script belongs to it: unknown options, and everything after --.
In a Lua spell they are ARGS and arg, in JavaScript and TypeScript ARGS.

A recording (--record) holds everything that crossed between the spell and the outside, so that --replay
runs it again, byte for byte, with no network, no clock and no model.`,
  args: [
    {
      name: 'SCRIPT',
      doc: 'A .lua, .js or .ts file, or - for standard input',
      complete: 'file',
      optional: true,
    },
  ],
  passThrough: true,
  options: {
    ...EXECUTION_OPTIONS,
    'accept-manifest': { doc: 'Grant what the spell says that it needs, without asking' },
    metrics: {
      value: 'FILE',
      complete: 'file',
      doc: 'Write what was counted, as Prometheus text, at the end',
    },
    record: { value: 'FILE', complete: 'file', doc: 'Write a recording of the run' },
    replay: {
      value: 'FILE',
      complete: 'file',
      doc: 'Run again what was recorded; the script may be left out',
    },
    'fork-at': {
      value: 'STEP',
      doc: 'Replay up to this step (run/tool:calculator[2], or a number), then go on live',
    },
  },
  examples: [
    'llmspell run hello.lua',
    'llmspell run report.lua --topic rivers notes/',
    'llmspell run fetch.ts --allow-net=api.example.com -- --verbose',
    'llmspell run --record run.jsonl spell.lua && llmspell run --replay run.jsonl',
    'llmspell run --replay run.jsonl --fork-at run/agent:writer --record other.jsonl',
  ],
  run: async (invocation) => {
    if (option(invocation, 'replay') !== undefined) return replay(invocation);
    if (option(invocation, 'fork-at') === undefined) return runLive(invocation);
    throw fail('usage.invalid', '--fork-at needs a recording', { hint: 'Give it with --replay FILE.' });
  },
});

async function runLive(invocation: Invocation): Promise<number> {
  const script = invocation.args.SCRIPT;
  if (script === undefined)
    throw fail('usage.invalid', 'llmspell run needs SCRIPT', { hint: 'See: llmspell run --help' });
  const onInput = standardInput();
  const file = { script, ...readScriptFile(invocation.terminal.cwd, script) };
  const metrics = option(invocation, 'metrics');
  const { kernel, config } = await startKernel(invocation, {
    ...(await spellStart(invocation, file, onInput)),
    ...(metrics !== undefined && { overrides: { metrics: { enabled: true } } }),
  });
  const language = scriptLanguage(
    option(invocation, 'engine'),
    script === '-' ? undefined : script,
    config.config.default_engine,
  );
  const session = await openSession(invocation, kernel, language);
  try {
    const source = withArgs(invocation, file, language);
    const code = await executeAndReport(invocation, config, session, language, source, { onInput });
    if (metrics !== undefined) {
      const { writeMetrics } = await import('../write-metrics.js');
      await writeMetrics(kernel, invocation, metrics);
    }
    return code;
  } finally {
    await kernel.shutdown();
  }
}

/** What a spell says that it needs is settled before it runs, and what it then asks for is granted to this very code. */
async function spellStart(
  invocation: Invocation,
  file: SpellFile,
  onInput: (all: boolean) => Promise<string | undefined>,
): Promise<StartOptions> {
  const ask = mayAsk(invocation) && file.script !== '-';
  const readLine = ask ? () => onInput(false) : undefined;
  const declares = file.code.includes('llmspell:') || existsSync(join(file.directory, 'spell.toml'));
  const lasting = ask || existsSync(join(dataDirectory(invocation.terminal.env), 'grants.json'));
  if (!declares && !lasting) return {};
  const { consentToManifest, readManifest, spellSubject } = await import('../ask/spell-manifest.js');
  const { SavedGrants } = await import('../ask/saved-grants.js');
  const [subject, manifest] = [spellSubject(file, invocation.terminal.cwd), await readManifest(file)];
  const saved = new SavedGrants(invocation.terminal);
  const consent = manifest && {
    consent: (granted: Grants) =>
      consentToManifest(manifest, { invocation, granted, saved, subject, readLine }),
  };
  return { subject, readLine, ...consent };
}

async function openSession(
  invocation: Invocation,
  kernel: Kernel,
  { language }: ScriptLanguage,
): Promise<Session> {
  const file = option(invocation, 'record');
  if (file === undefined) {
    const session = kernel.createSession({ session: option(invocation, 'session') });
    session.warmUp(language);
    return session;
  }
  const { recorderFor } = await import('../replay/recording.js');
  return kernel.createSession({
    session: option(invocation, 'session'),
    tape: recorderFor(resolve(invocation.terminal.cwd, file)),
  });
}

async function replay(invocation: Invocation): Promise<number> {
  const { replayRun } = await import('../replay/replay-run.js');
  return replayRun(invocation, option(invocation, 'replay')!);
}

function withArgs(
  invocation: Invocation,
  { script, ...source }: SpellFile & Source,
  { typescript }: ScriptLanguage,
): Source {
  return {
    ...source,
    args: scriptArgs(script, invocation.rest),
    ...(typescript && { typescript }),
  };
}

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The built program. */
export const BIN = resolve(import.meta.dirname, '../../dist/bin.cjs');

/** How {@link runCli} starts the program. */
export interface CliOptions {
  /** Standard input; empty when absent. */
  input?: string | Uint8Array;
  /** On top of the clean environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Milliseconds after which the program is killed; 20 000 when absent. */
  timeoutMs?: number;
}

/** How the program ended and what it said. */
export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the built program as a user would, with an environment of its own: an empty home, no keys, no colours.
 * Never rejects because of what the program does.
 */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const home = await mkdtemp(join(tmpdir(), 'llmspell-'));
  try {
    return await start(args, options, cleanEnvironment(home, options.env));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The environment of a user who has just installed the program. */
export function cleanEnvironment(home: string, more: CliOptions['env'] = {}): Record<string, string> {
  const kept = Object.fromEntries(
    ['PATH', 'LANG', 'TMPDIR', 'SystemRoot'].map((name) => [name, process.env[name]]),
  );
  const all = {
    ...kept,
    HOME: home,
    USERPROFILE: home,
    LLMSPELL_HOME: join(home, 'data'),
    NO_COLOR: '1',
    ...more,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function start(
  args: readonly string[],
  options: CliOptions,
  env: Record<string, string>,
): Promise<CliResult> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: options.cwd,
      env,
      timeout: options.timeoutMs ?? 20_000,
      killSignal: 'SIGKILL',
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (chunk: string) => {
        text[name] += chunk;
      });
    }
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, ...text }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

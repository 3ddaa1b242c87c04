import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionContext } from '../core/context.js';
import { fail, type LlmspellError } from '../core/errors.js';
import { type Directory, openDirectory, refuseEarly } from './handles.js';
import { realPath, resolvePath, workingDirectory } from './paths.js';
import { cleanEnvironment, searchPathOf } from './process-environment.js';
import { outputsEnded, ProcessOutput } from './process-outputs.js';
import { endTree, endTreeAtExit, PROCESS_MARK } from './process-tree.js';
import { isTrusted, refuseReplaceable } from './program-trust.js';
import { findPrograms } from './programs.js';

/** Milliseconds that an ended program is waited for; one that runs as another user cannot be ended. */
const MOST_WAIT_MS = 1000;

/** How to start a program. */
export interface ProcessOptions {
  /** A granted folder; the run's working directory when absent. */
  cwd?: string | undefined;
  /** Its variables, besides a clean `PATH`, `HOME` and `LANG`. Names that load code into programs are refused. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Open files that the program gets as descriptors 3, 4, … */
  files?: readonly number[] | undefined;
}

/** How a program ended. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program that runs in a session of its own, without a terminal. */
export interface GuardedProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * How it ended; rejects with the context's reason when that aborted first, after the whole tree is gone.
   *
   * A program has ended when its first process has: whatever that left running is ended then, and what had been
   * printed up to there can still be read.
   */
  readonly ended: Promise<ProcessEnd>;
  /** Ends the program and everything it started. What was printed before can still be read. */
  end(): Promise<void>;
}

/**
 * Starts a granted program with an argument vector: no shell reads it. Its environment is clean, its folder must be
 * readable to the run, and when the context aborts the whole process tree is ended, also what has left its group.
 * @throws `permission.run`, `permission.read` for the folder, `input.invalid`, `tool.failed` when there is no such program
 */
export async function startGuarded(
  program: string,
  args: readonly string[],
  context: ExecutionContext,
  options: ProcessOptions = {},
): Promise<GuardedProcess> {
  refuseBytes(program, args);
  const path = await grantedProgram(program, context);
  const env = cleanEnvironment(options.env ?? {}, context);
  context.signal.throwIfAborted();
  return withFolder(options.cwd, context, async (cwd) => {
    const mark = context.effects.uuid();
    const child = await spawned(program, path, args, {
      cwd,
      env: { ...env, [PROCESS_MARK]: marks(mark) },
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe', ...(options.files ?? [])],
    });
    return supervise(child, mark, context);
  });
}

/**
 * The path of a program, if it may be started. A grant by name covers what lies in the search path, where the run
 * itself cannot have put it; a program elsewhere has to be granted by its path.
 */
export async function grantedProgram(program: string, context: ExecutionContext): Promise<string> {
  const found = findPrograms(program, searchPathOf(context), workingDirectory(context));
  const path = found.find((candidate) => isTrusted(candidate, context)) ?? found[0];
  if (path !== undefined) {
    refuseReplaceable(path, context);
    await context.permissions.require('run', path, context);
    return path;
  }
  if (!context.permissions.allows('run', program)) await context.permissions.require('run', program, context);
  throw fail('tool.failed', `The program '${program}' was not found`, {
    hint: 'Name a program in the search path, or give its absolute path.',
    details: { program },
  });
}

/** When llmspell itself was started by another, whatever it starts belongs to that one's tree as well. */
function marks(own: string): string {
  const outer = process.env[PROCESS_MARK];
  return outer === undefined ? own : `${outer}:${own}`;
}

async function withFolder<T>(
  path: string | undefined,
  context: ExecutionContext,
  work: (cwd: string) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(workingDirectory(context));
  const real = await realPath(resolvePath(path, workingDirectory(context)));
  await refuseEarly('read', real, context);
  const directory = await openDirectory(real);
  try {
    await context.permissions.require('read', directory.path, context);
    return await work(startFolder(directory));
  } finally {
    await directory.handle.close();
  }
}

/** The new process resolves `/proc/self` as itself; it has the handle until it becomes the program. */
function startFolder(directory: Directory): string {
  return directory.at('.');
}

/** Some failures are thrown by `spawn`, others are events. */
async function spawned(
  program: string,
  path: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  try {
    const child = spawn(path, args, options);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.on('error', () => {}); // a signal that did not reach it
    return child;
  } catch (error) {
    throw notStarted(program, error as NodeJS.ErrnoException);
  }
}

function notStarted(program: string, error: NodeJS.ErrnoException): LlmspellError {
  const why = error.code === 'E2BIG' ? 'its arguments and variables are too long' : error.message;
  return fail('tool.failed', `'${basename(program)}' could not be started: ${why}`, {
    details: { program, errno: error.code ?? 'UNKNOWN' },
    cause: error,
  });
}

function supervise(child: ChildProcess, mark: string, context: ExecutionContext): GuardedProcess {
  const pid = child.pid!;
  const { signal } = context;
  const stdin = child.stdin!;
  const [stdout, stderr] = [new ProcessOutput(child.stdout!), new ProcessOutput(child.stderr!)];
  const gone = exit(child);
  const dismiss = endTreeAtExit(pid, mark);
  stdin.on('error', () => {}); // it does not read what it is given
  const end = async () => {
    await endTree(pid, mark, gone.known());
    gone.giveUpAfter(MOST_WAIT_MS);
  };
  const stop = () => {
    void end();
    for (const output of [stdout, stderr]) output.cut();
  };
  setMaxListeners(0, signal); // as many as there are processes
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const ended = gone.promise.then(async (how) => {
    await endTree(pid, mark, true);
    dismiss();
    if (!gone.known()) for (const output of [stdout, stderr]) output.cut(); // it could not be ended
    await outputsEnded(child, [stdout, stderr]);
    signal.removeEventListener('abort', stop);
    if (signal.aborted) throw signal.reason;
    return how;
  });
  ended.catch(() => {});
  return { pid, stdin, stdout: stdout.stream, stderr: stderr.stream, ended, end };
}

/** The end of a first process, whether or not anything still holds its outputs open. */
function exit(child: ChildProcess) {
  let over = false;
  let resolveEnd: (how: ProcessEnd) => void = () => {};
  const promise = new Promise<ProcessEnd>((resolve) => {
    resolveEnd = resolve;
    child.once('exit', (code, signal) => {
      over = true;
      resolve({ code, signal });
    });
  });
  return {
    promise,
    known: () => over,
    giveUpAfter(ms: number) {
      if (!over) setTimeout(() => resolveEnd({ code: null, signal: null }), ms).unref();
    },
  };
}

function refuseBytes(program: string, args: readonly string[]): void {
  if (program.trim() === '') throw fail('input.invalid', 'The name of the program is empty');
  for (const text of [program, ...args])
    if (text.includes('\0')) throw fail('input.invalid', 'A program and its arguments may hold no zero byte');
}

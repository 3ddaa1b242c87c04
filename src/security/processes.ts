import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { openDirectory, refuseEarly } from './handles.js';
import { resolvePath, workingDirectory } from './paths.js';
import { endTree, PROCESS_MARK } from './process-tree.js';
import { findProgram } from './programs.js';

/** How to start a program. */
export interface ProcessOptions {
  /** A granted folder; the run's working directory when absent. */
  cwd?: string | undefined;
  /** Its variables, besides a clean `PATH`, `HOME` and `LANG`. Names that load code into programs are refused. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Open files that the program gets as descriptors 3, 4, … */
  files?: readonly number[] | undefined;
}

/** A program that runs in a process group of its own. */
export interface GuardedProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended; rejects with the context's reason when that aborted first, after the whole tree is gone. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends the program and everything it started. */
  end(): Promise<void>;
}

/** Variables through which a caller could make a granted program run other code. */
const LOADS_CODE =
  /^(LD_|DYLD_|GLIBC_|NODE_|npm_|PYTHON|PERL|RUBY|JAVA_|JDK_|CLASSPATH|BASH_|GIT_|SSH_ASKPASS|PAGER|EDITOR|VISUAL|BROWSER|PS4|IFS|ENV|SHELLOPTS|PROMPT_COMMAND|LESSOPEN|LESSCLOSE|MANPAGER|TERMINFO|OPENSSL_CONF|PATH)/i;

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
    const child = spawn(path, args, {
      cwd,
      env: { ...env, [PROCESS_MARK]: mark },
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe', ...(options.files ?? [])],
    });
    await started(child, program);
    return supervise(child, mark, context);
  });
}

/** The path of a program, if it may be started. */
export async function grantedProgram(program: string, context: ExecutionContext): Promise<string> {
  const { searchPath = process.env.PATH ?? '' } = context.permissions as { searchPath?: string };
  const path = findProgram(program, searchPath, workingDirectory(context));
  if (path !== undefined) {
    await context.permissions.require('run', path, context);
    return path;
  }
  if (!context.permissions.allows('run', program)) await context.permissions.require('run', program, context);
  throw fail('tool.failed', `The program '${program}' was not found`, {
    hint: 'Name a program in the search path, or give its absolute path.',
    details: { program },
  });
}

/** Environment for a program: what every program needs, and what the caller gives. @throws `input.invalid` */
function cleanEnvironment(
  given: Readonly<Record<string, string>>,
  context: ExecutionContext,
): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
      throw fail('input.invalid', `${JSON.stringify(name)} is not a variable that a program can be given`);
    if (LOADS_CODE.test(name))
      throw fail(
        'input.invalid',
        `The variable '${name}' could make a program run other code and is refused`,
      );
  }
  const { searchPath = process.env.PATH ?? '' } = context.permissions as { searchPath?: string };
  const { HOME = '/', LANG = 'C.UTF-8', SystemRoot } = process.env;
  return { PATH: searchPath, HOME, LANG, ...(SystemRoot !== undefined && { SystemRoot }), ...given };
}

async function withFolder<T>(
  path: string | undefined,
  context: ExecutionContext,
  work: (cwd: string) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work(workingDirectory(context));
  const directory = await openDirectory(resolvePath(path, workingDirectory(context)));
  try {
    await refuseEarly('read', directory.path, context);
    return await work(directory.at('.'));
  } finally {
    await directory.handle.close();
  }
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        fail('tool.failed', `'${basename(program)}' could not be started: ${error.message}`, {
          details: { program, errno: error.code ?? 'UNKNOWN' },
          cause: error,
        }),
      ),
    );
  });
}

function supervise(child: ChildProcess, mark: string, context: ExecutionContext): GuardedProcess {
  const closed = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const end = async () => {
    await endTree(child.pid!, mark);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  };
  const lastResort = () => void endTree(child.pid!, mark);
  process.once('exit', lastResort);
  const { signal } = context;
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = end();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.stdin?.on('error', () => {});
  const ended = closed.then(async (how) => {
    signal.removeEventListener('abort', stop);
    process.removeListener('exit', lastResort);
    await (stopping ?? endTree(child.pid!, mark));
    if (signal.aborted) throw signal.reason;
    return how;
  });
  ended.catch(() => {});
  return { pid: child.pid!, stdin: child.stdin!, stdout: child.stdout!, stderr: child.stderr!, ended, end };
}

function refuseBytes(program: string, args: readonly string[]): void {
  if (program.trim() === '') throw fail('input.invalid', 'The name of the program is empty');
  for (const text of [program, ...args])
    if (text.includes('\0')) throw fail('input.invalid', 'A program and its arguments may hold no zero byte');
}

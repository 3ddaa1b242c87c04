import type { ExecutionContext } from '../../../core/context.js';
import { type ProcessOptions, startGuarded } from '../../../security/processes.js';
import type { RunLimits } from './limits.js';
import { type Captured, capture } from './output.js';

/** What to run. */
export interface ProgramCall {
  program: string;
  args: readonly string[];
  options: ProcessOptions;
  /** Its standard input; empty when absent. */
  input: Uint8Array | undefined;
}

/** How it went. */
export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Captured;
  stderr: Captured;
  timedOut: boolean;
  durationMs: number;
}

/**
 * Runs a program to its end, or to its time limit: then it and everything it started is ended, and what it has
 * printed so far is the result. What it leaves running in the background is ended with it.
 */
export async function runProgram(
  call: ProgramCall,
  limits: RunLimits,
  context: ExecutionContext,
): Promise<ProgramEnd> {
  const { effects } = context;
  const child = await startGuarded(call.program, call.args, context, call.options);
  const started = effects.now();
  const stdout = capture(child.stdout, limits.outputBytes);
  const stderr = capture(child.stderr, limits.outputBytes);
  child.stdin.end(call.input);
  const timer = new AbortController();
  const late = effects.sleep(limits.timeoutMs, timer.signal).then(
    () => true,
    () => false,
  );
  const ended = child.ended.then(() => false);
  try {
    const timedOut = await Promise.race([ended, late]);
    if (timedOut) await child.end();
    const how = await child.ended;
    return { ...how, stdout: stdout(), stderr: stderr(), timedOut, durationMs: effects.now() - started };
  } finally {
    timer.abort();
  }
}

import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import { type Captured, decodeOutput } from './output.js';
import type { ProgramEnd } from './run-program.js';

/** What of the request shows in the report. */
export interface ReportOptions {
  executable: string;
  arguments: readonly string[];
  encoding: 'utf8' | 'base64';
  /** Whether a program that fails makes the call fail. */
  check: boolean;
  /** Hides what must not be seen in text. */
  mask(text: string): string;
}

/** The outcome of a call: the program's own success is in the result, the call's is whether it could be run. */
export function report(end: ProgramEnd, options: ReportOptions): ToolOutcome {
  const success = end.code === 0 && !end.timedOut;
  const message = describeEnd(end, options.executable);
  const stdout = outputText(end.stdout, options);
  const stderr = outputText(end.stderr, options);
  const result: JsonObject = {
    executable: options.executable,
    arguments: [...options.arguments],
    exit_code: end.code,
    signal: end.signal,
    success,
    stdout,
    stderr,
    encoding: options.encoding,
    stdout_bytes: end.stdout.bytes,
    stderr_bytes: end.stderr.bytes,
    stdout_truncated: end.stdout.truncated,
    stderr_truncated: end.stderr.truncated,
    execution_time_ms: end.durationMs,
    timed_out: end.timedOut,
  };
  return {
    operation: 'execute',
    result,
    message,
    text: success ? stdout : [stdout, stderr, `[${message}]`].filter(Boolean).join('\n'),
    metadata: { duration_ms: end.durationMs },
    ...(options.check && !success && { failure: failure(message, end, stderr) }),
  };
}

function describeEnd({ code, signal, timedOut, durationMs }: ProgramEnd, executable: string): string {
  if (timedOut) return `'${executable}' was ended after ${durationMs} ms (timeout)`;
  return code === null
    ? `'${executable}' was ended by ${signal ?? 'an unknown signal'}`
    : `'${executable}' ended with exit code ${code}`;
}

function outputText(output: Captured, { encoding, mask }: ReportOptions): string {
  return encoding === 'base64' ? output.kept.toString('base64') : mask(decodeOutput(output));
}

function failure(message: string, end: ProgramEnd, stderr: string) {
  const last = stderr.trim().slice(-500);
  return {
    message: last === '' ? message : `${message}: ${last}`,
    code: end.timedOut ? 'component.timeout' : 'tool.failed',
    details: { exit_code: end.code, signal: end.signal, timed_out: end.timedOut },
  };
}

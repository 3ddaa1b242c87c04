import type { LoadedConfig } from '../config/options.js';
import type { ErrorCode } from '../core/error-codes.js';
import { EXIT, exitCodeOf } from '../core/exit-codes.js';
import type { Outcome } from '../kernel/messages.js';
import type { Session } from '../kernel/session.js';
import type { Source } from '../script/protocol.js';
import type { Invocation } from './command.js';
import { onInterrupt } from './interrupts.js';
import type { ScriptLanguage } from './language.js';
import { makeReporter, type ReportOptions } from './report.js';
import { budgetOf, numberOption } from './run-options.js';
import { standardInput } from './standard-input.js';

/** How an execution is shown and where its input comes from. */
export interface ExecuteOptions extends ReportOptions {
  /** Answers the script's own reading of input; standard input when absent. */
  onInput?: ((all: boolean) => Promise<string | undefined>) | undefined;
}

/** Executes code as a command: reports what happens as it happens and returns the exit code. */
export async function executeAndReport(...args: Parameters<typeof executeReported>): Promise<number> {
  return exitCode(await executeReported(...args));
}

/** Executes code under the limits of the command line, reports what happens as it happens; Ctrl-C interrupts it. */
export async function executeReported(
  invocation: Invocation,
  config: LoadedConfig,
  session: Session,
  { language }: ScriptLanguage,
  source: Source,
  options: ExecuteOptions = {},
): Promise<Outcome> {
  const reporter = makeReporter(invocation, { tracing: config.config.tracing, ...options });
  const release = onInterrupt(session);
  try {
    const outcome = await session.execute({
      language,
      source,
      timeoutMs: timeoutMs(invocation, config, language),
      budget: budgetOf(invocation, config.config.runtime.budget),
      onMessage: reporter.message,
      onEvent: reporter.event,
      onInput: options.onInput ?? standardInput(),
    });
    reporter.outcome(outcome);
    return outcome;
  } finally {
    release();
  }
}

/** The time limit: flag, then the engine's own setting, then the runtime's. */
function timeoutMs(invocation: Invocation, { config }: LoadedConfig, language: 'lua' | 'javascript'): number {
  const flag = numberOption(invocation, 'timeout');
  if (flag !== undefined) return flag * 1000;
  return config.engines[language].timeout_ms ?? config.runtime.script_timeout_seconds * 1000;
}

/** The exit code of a process that ends with this outcome. */
export function exitCode(outcome: Outcome): number {
  if (outcome.exitCode !== undefined) return outcome.exitCode;
  if (!outcome.error) return EXIT.ok;
  if (outcome.cancelled) return EXIT.interrupted;
  if (outcome.budgetExceeded) return EXIT.budget;
  return exitCodeOf(outcome.error.code as ErrorCode);
}

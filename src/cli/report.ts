import type { Config } from '../config/types.js';
import { type ErrorData, errorFromData } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import { toTagged } from '../core/tagged-json.js';
import { toJson } from '../core/values.js';
import type { KernelMessage, Outcome } from '../kernel/messages.js';
import { parseTraceFilter } from '../observability/trace-filter.js';
import { type Invocation, option } from './command.js';
import { logLine } from './log-line.js';
import { printError } from './print-error.js';
import { ProgressBar } from './progress-bar.js';
import { useColor } from './terminal.js';

/** Shows an execution: while it runs, and when it has ended. */
export interface Reporter {
  message(message: KernelMessage): void;
  event(event: JournalEvent): void;
  outcome(outcome: Outcome): void;
}

/** How an execution is shown. */
export interface ReportOptions {
  /** Print the value that the code returned, as `exec` and the REPL do. */
  printValue?: boolean;
  /** `[tracing]` of the configuration. */
  tracing?: TracingConfig | undefined;
}

/** What the configuration says about the log. */
export type TracingConfig = Pick<Config['tracing'], 'filter' | 'format'>;

/** The reporter for the output format that was asked for. */
export function makeReporter(invocation: Invocation, options: ReportOptions = {}): Reporter {
  switch (option(invocation, 'output')) {
    case 'json':
      return jsonReporter(invocation, 0, options);
    case 'pretty':
      return jsonReporter(invocation, 2, options);
    case 'jsonl':
      return jsonLinesReporter(invocation);
    default:
      return textReporter(invocation, options);
  }
}

/** What the script prints goes where it prints it; logs and errors go to stderr. */
function textReporter(given: Invocation, { printValue, tracing }: ReportOptions): Reporter {
  const bar = progressBar(given);
  const { terminal } = bar;
  const invocation = { ...given, terminal };
  const log = logReporter(invocation, tracing);
  return {
    message(message) {
      if (message.type === 'stream') terminal[message.name === 'stdout' ? 'out' : 'err'](message.text);
      if (message.type === 'execute_result' && printValue) terminal.out(`${message.text}\n`);
      if (message.type === 'error') printError(errorFromData(message.error), invocation);
    },
    event(event) {
      bar.event(event);
      log(event);
    },
    outcome() {},
  };
}

/** Progress is shown to people, unless they asked for silence. */
export function progressBar({ terminal, options }: Invocation): ProgressBar {
  return new ProgressBar(terminal, options.trace?.at(-1) === 'off');
}

/** One document at the end; what the script prints is part of it, so stdout stays parseable. */
function jsonReporter(invocation: Invocation, indent: number, { tracing }: ReportOptions): Reporter {
  const printed = { stdout: '', stderr: '' };
  return {
    message(message) {
      if (message.type === 'stream') printed[message.name] += message.text;
    },
    event: logReporter(invocation, tracing),
    outcome(outcome) {
      invocation.terminal.out(`${JSON.stringify(document(outcome, printed), null, indent)}\n`);
    },
  };
}

/** Every event of the journal as it happens, one a line; the last one is `run.finished`. */
function jsonLinesReporter({ terminal }: Invocation): Reporter {
  return {
    message() {},
    event: (event) => terminal.out(`${JSON.stringify(toTagged(event as never))}\n`),
    outcome(outcome) {
      const result = {
        type: 'result',
        run: outcome.run,
        value: toJson(outcome.value),
        exit_code: outcome.exitCode ?? null,
      };
      terminal.out(`${JSON.stringify(result)}\n`);
    },
  };
}

function document(outcome: Outcome, printed: { stdout: string; stderr: string }): object {
  return {
    status: outcome.ok ? 'success' : 'error',
    mode: 'embedded',
    run: outcome.run,
    result: printed.stdout + (outcome.value === null ? '' : JSON.stringify(toJson(outcome.value))),
    value: toJson(outcome.value),
    stdout: printed.stdout,
    stderr: printed.stderr,
    ...(outcome.error && { error: outcome.error satisfies ErrorData }),
    ...(outcome.exitCode !== undefined && { exit_code: outcome.exitCode }),
    cancelled: outcome.cancelled,
    timed_out: outcome.timedOut,
    budget_exceeded: outcome.budgetExceeded,
    duration_ms: outcome.durationMs,
    calls: outcome.calls,
    usage: {
      input_tokens: outcome.usage.inputTokens,
      output_tokens: outcome.usage.outputTokens,
      cost_usd: outcome.usage.costUsd,
      source: outcome.usage.source,
    },
  };
}

/** Log entries that are severe enough, on stderr. `Debug.info` of a script shows without asking for it. */
export function logReporter(
  { terminal, options }: Invocation,
  tracing: TracingConfig = { format: 'text' },
): (event: JournalEvent) => void {
  const filter = parseTraceFilter(options.trace?.at(-1) ?? tracing.filter);
  const shown = { filter, format: tracing.format };
  const color = () => useColor(terminal.env, terminal.stderrIsTTY);
  return (event) => {
    const line = logLine(event, shown);
    if (line) terminal.err(`${color() ? line.colored : line.plain}\n`);
  };
}

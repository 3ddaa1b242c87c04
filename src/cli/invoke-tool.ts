import { errorToData, fail, isErrorCode, type LlmspellError } from '../core/errors.js';
import type { JournalEvent } from '../core/events.js';
import { EXIT, exitCodeOf } from '../core/exit-codes.js';
import { invoke } from '../core/invoke.js';
import { toTagged } from '../core/tagged-json.js';
import { isRecord } from '../core/values.js';
import { type DirectOutcome, runDirectly } from '../kernel/direct-run.js';
import type { Kernel } from '../kernel/kernel.js';
import { normalizeToolInput, toolComponent } from '../tools/component.js';
import type { ToolDefinition } from '../tools/define.js';
import type { Tools } from '../tools/registry.js';
import type { ToolResult } from '../tools/result.js';
import { type Invocation, option } from './command.js';
import { untilInterrupt } from './interrupts.js';
import { printError } from './print-error.js';
import { printResult } from './render/print.js';
import { logReporter, progressBar, type TracingConfig } from './report.js';
import { budgetOf, numberOption } from './run-options.js';
import { startKernel } from './setup.js';
import { standardInput } from './standard-input.js';
import { toolParams } from './tool-params.js';

/** Runs a tool as a command: prints its result and returns the exit code. */
export async function invokeTool(invocation: Invocation): Promise<number> {
  const input = standardInput();
  const { kernel, config } = await startKernel(invocation, {
    subject: { name: `tool:${invocation.args.NAME}` },
    readLine: () => input(false),
  });
  try {
    const { tools } = kernel.servicesFor();
    const definition = await findTool(kernel, tools, invocation.args.NAME!);
    const params = await toolParams(invocation, definition);
    const outcome = await untilInterrupt((signal) =>
      runDirectly(
        kernel.surroundings(),
        {
          name: definition.name,
          signal,
          budget: budgetOf(invocation, config.config.runtime.budget),
          onEvent: eventReporter(invocation, config.config.tracing),
        },
        (context) =>
          invoke(
            toolComponent(limited(definition, invocation), tools.host),
            normalizeToolInput(definition, params),
            context,
          ),
      ),
    );
    return report(invocation, definition.name, outcome);
  } finally {
    await kernel.shutdown();
  }
}

/** The definition; other servers are asked for it where the name could be theirs. */
async function findTool(kernel: Kernel, tools: Tools, name: string): Promise<ToolDefinition> {
  if (!tools.find(name))
    await untilInterrupt((signal) =>
      runDirectly(kernel.surroundings(), { name, signal }, (context) => tools.lookup(name, context)),
    );
  return tools.get(name);
}

function limited(definition: ToolDefinition, invocation: Invocation): ToolDefinition {
  const seconds = numberOption(invocation, 'timeout');
  return seconds === undefined ? definition : { ...definition, timeoutMs: seconds * 1000 };
}

function eventReporter(invocation: Invocation, tracing: TracingConfig): (event: JournalEvent) => void {
  if (option(invocation, 'output') !== 'jsonl') return peopleReporter(invocation, tracing);
  return (event) => invocation.terminal.out(`${JSON.stringify(toTagged(event as never))}\n`);
}

function peopleReporter(invocation: Invocation, tracing: TracingConfig): (event: JournalEvent) => void {
  const bar = progressBar(invocation);
  const log = logReporter({ ...invocation, terminal: bar.terminal }, tracing);
  return (event) => {
    bar.event(event);
    log(event);
  };
}

function report(invocation: Invocation, tool: string, outcome: DirectOutcome<ToolResult>): number {
  const { value, error = softFailure(tool, value) } = outcome;
  const code = error ? exitCode(error) : EXIT.ok;
  const format = option(invocation, 'output');
  if (format === 'json' || format === 'pretty')
    printResult(invocation, { json: document(tool, outcome, error), text: () => '' });
  else if (format === 'jsonl')
    printResult(invocation, {
      json: { type: 'result', run: outcome.run, value: value ?? null, exit_code: code },
      text: () => '',
    });
  else if (error) printError(error, invocation);
  else printResult(invocation, { json: null, text: () => value!.text });
  return code;
}

function document(
  tool: string,
  outcome: DirectOutcome<ToolResult>,
  error: LlmspellError | undefined,
): object {
  return {
    status: error ? 'error' : 'success',
    tool,
    run: outcome.run,
    ...(outcome.value && { result: outcome.value }),
    ...(error && { error: errorToData(error) }),
    duration_ms: outcome.durationMs,
  };
}

/** A tool that worked, where what was asked did not succeed: a failure for a shell, with the tool's own code for it. */
function softFailure(tool: string, result: ToolResult | undefined): LlmspellError | undefined {
  if (!result || result.success) return undefined;
  const { error_details: details } = result;
  const code = isRecord(details) && isErrorCode(details.code) ? details.code : 'tool.failed';
  return fail(code, result.error ?? `${tool} did not succeed`);
}

function exitCode(error: LlmspellError): number {
  return error.code === 'execution.interrupted' ? EXIT.interrupted : exitCodeOf(error.code);
}

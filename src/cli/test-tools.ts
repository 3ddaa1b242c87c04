import type { Permissions } from '../core/context.js';
import { EXIT } from '../core/exit-codes.js';
import { invoke } from '../core/invoke.js';
import { runDirectly } from '../kernel/direct-run.js';
import type { Kernel } from '../kernel/kernel.js';
import { normalizeToolInput, toolComponent } from '../tools/component.js';
import type { ToolDefinition } from '../tools/define.js';
import { bareHost } from '../tools/host.js';
import type { Tools } from '../tools/registry.js';
import type { ToolResult } from '../tools/result.js';
import { runSample, type SampleResult } from '../tools/samples.js';
import { flagged, type Invocation } from './command.js';
import { untilInterrupt } from './interrupts.js';
import { printResult } from './render/print.js';
import { type ToolTestResult, testReportText } from './render/tool-tests.js';
import { startKernel } from './setup.js';

/** Runs the samples of the named tools, or of all; prints how they went and returns the exit code. */
export async function testTools(invocation: Invocation): Promise<number> {
  const { kernel } = await startKernel(invocation);
  try {
    const { tools } = kernel.servicesFor();
    const definitions = await chosen(tools, invocation.rest);
    const results = await untilInterrupt((signal) => testAll(kernel, tools, definitions, signal));
    const failed = results.flatMap(({ samples }) => samples.filter((sample) => !sample.passed)).length;
    const passed = results.flatMap(({ samples }) => samples).length - failed;
    printResult(invocation, {
      json: { status: failed === 0 ? 'success' : 'error', passed, failed, tools: results },
      text: () => testReportText(results, flagged(invocation, 'verbose')),
    });
    return failed === 0 ? EXIT.ok : EXIT.failure;
  } finally {
    await kernel.shutdown();
  }
}

/** The definitions, loaded; unknown names are refused before anything runs. */
function chosen(tools: Tools, names: readonly string[]): Promise<ToolDefinition[]> {
  const wanted = names.length > 0 ? names : tools.list().map(({ name }) => name);
  return Promise.all(wanted.map((name) => tools.get(name)));
}

async function testAll(
  kernel: Kernel,
  tools: Tools,
  definitions: readonly ToolDefinition[],
  signal: AbortSignal,
): Promise<ToolTestResult[]> {
  const results: ToolTestResult[] = [];
  for (const { name, samples } of definitions) {
    const done: SampleResult[] = [];
    for (const sample of samples) {
      signal.throwIfAborted();
      done.push(
        await runSample(sample, (input, permissions) =>
          call(kernel, tools, { name, input, permissions, signal }),
        ),
      );
    }
    results.push({ tool: name, samples: done });
  }
  return results;
}

interface SampleRun {
  name: string;
  input: unknown;
  permissions: Permissions;
  signal: AbortSignal;
}

/** One call with the sample's own permissions instead of those of the command line, and a state of its own. */
async function call(
  kernel: Kernel,
  tools: Tools,
  { name, input, permissions, signal }: SampleRun,
): Promise<ToolResult> {
  const surroundings = { ...kernel.surroundings(), permissions };
  const definition = await tools.get(name);
  const component = toolComponent(definition, bareHost({ config: tools.host.config }));
  const { value, error } = await runDirectly(surroundings, { name, signal }, (context) =>
    invoke(component, normalizeToolInput(definition, input), context),
  );
  if (error) throw error;
  return value!;
}

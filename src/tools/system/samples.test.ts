import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ToolDefinition } from '../define.js';
import { callTool } from '../run-tool.case.js';
import { runSample } from '../samples.js';
import environmentManager from './environment-manager.js';
import environmentReader from './environment-reader.js';
import processExecutor from './process-executor.js';
import serviceChecker from './service-checker.js';
import systemMonitor from './system-monitor.js';

const TOOLS: ToolDefinition[] = [
  environmentManager,
  environmentReader,
  processExecutor,
  serviceChecker,
  systemMonitor,
] as never;

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  it.each(tool.samples.map((sample) => [sample.title, sample] as const))('%s', async (_title, sample) => {
    const { problem } = await runSample(sample, (input, permissions) =>
      callTool(tool, input, { permissions }),
    );
    expect(problem).toBeUndefined();
  });

  it('describes every parameter', () => {
    const { shape } = tool.input as unknown as { shape: Record<string, { description?: string }> };
    const undescribed = Object.keys(shape).filter((name) => !shape[name]!.description);
    expect(undescribed).toEqual([]);
  });

  it('has a JSON Schema for models', () => {
    expect(z.toJSONSchema(tool.input, { io: 'input' })).toMatchObject({ type: 'object' });
  });
});

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { invoke } from '../core/invoke.js';
import { type TestContextOptions, testContext } from '../core/testing.js';
import { noGrants } from '../security/grants.js';
import { createPermissions } from '../security/permissions.js';
import { normalizeToolInput, toolComponent } from './component.js';
import type { ToolDefinition, ToolSample } from './define.js';
import { toolJsonSchema } from './describe.js';
import { bareHost, type ToolHost } from './host.js';
import type { ToolResult } from './result.js';

/** Calls a tool as a script would: aliases, schema, result shape. For tests. */
export function callTool(
  definition: ToolDefinition,
  input: unknown,
  options: TestContextOptions & { host?: Partial<ToolHost> } = {},
): Promise<ToolResult> {
  const { context } = testContext(options);
  return invoke(
    toolComponent(definition, bareHost(options.host)),
    normalizeToolInput(definition, input),
    context,
  );
}

/** One test per sample of a tool, and that its schema describes every field. For tests. */
export function itRunsItsSamples(definition: ToolDefinition): void {
  it('describes every parameter', () => {
    const { properties = {} } = toolJsonSchema(definition) as { properties?: Fields };
    const bare = Object.entries(properties).filter(([, field]) => !field.description);
    expect(bare.map(([name]) => name)).toEqual([]);
  });
  it('has a JSON Schema for models', () => {
    const schema = z.toJSONSchema(definition.input, { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', properties: expect.any(Object) });
  });
  it.each(definition.samples.map((sample) => [sample.title, sample] as const))(
    'sample: %s',
    (_title, sample) => runSample(definition, sample),
  );
}

type Fields = Record<string, { description?: string }>;

async function runSample(definition: ToolDefinition, sample: ToolSample): Promise<void> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
  // A sample that shows a refusal must be refused here too: it may name hosts that are there.
  const grants = { ...noGrants(), read: [directory], write: [directory] };
  const permissions = createPermissions(grants, { cwd: directory });
  try {
    for (const [name, text] of Object.entries(sample.files ?? {}))
      await writeFile(join(directory, name), text);
    const input = JSON.parse(JSON.stringify(sample.input).replaceAll('{{dir}}', directory)) as unknown;
    const call = callTool(definition, input, { permissions });
    if (sample.error) await expect(call).rejects.toMatchObject({ code: sample.error });
    else await expect(call).resolves.toMatchObject(sample.expect ?? {});
  } finally {
    await rm(directory, { recursive: true });
  }
}

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import type { ToolDefinition, ToolSample } from '../define.js';
import httpRequester from '../web/http-requester.js';
import fileOperations from './file-operations.js';
import fileSearch from './file-search.js';

const TOOLS: ToolDefinition[] = [fileOperations, fileSearch, httpRequester];

async function runSample(definition: ToolDefinition, sample: ToolSample, dir: string): Promise<unknown> {
  for (const [name, text] of Object.entries(sample.files ?? {})) await writeFile(join(dir, name), text);
  const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
  const input = JSON.parse(JSON.stringify(sample.input).replaceAll('{{dir}}', dir));
  return invoke(
    toolComponent(definition),
    normalizeToolInput(definition, input),
    testContext({ permissions }).context,
  );
}

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  it.each(tool.samples.map((sample) => [sample.title, sample] as const))('%s', async (_title, sample) => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
    try {
      const run = runSample(tool, sample, dir);
      if (sample.error) await expect(run).rejects.toThrow(expect.objectContaining({ code: sample.error }));
      else expect(await run).toMatchObject(sample.expect ?? {});
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('describes every parameter to models', () => {
    const schema = z.toJSONSchema(tool.input, { io: 'input' }) as { properties: Record<string, object> };
    for (const [name, property] of Object.entries(schema.properties))
      expect([name, property]).toEqual([name, expect.objectContaining({ description: expect.any(String) })]);
  });
});

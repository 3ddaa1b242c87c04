import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as library from '../src/index.js';

/** A kernel of the built library with a store of its own. */
export async function benchKernel() {
  const { Kernel, createPermissions, loadConfig } = (await import(
    new URL('../dist/index.mjs', import.meta.url).href
  )) as typeof library;
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const config = await loadConfig({ cwd: folder, home: folder, env: {} });
  const permissions = createPermissions(
    { read: ['*'], write: ['*'], net: [], run: [], env: [], db: [] },
    { cwd: folder },
  );
  const kernel = new Kernel({ config, permissions, cwd: folder, environment: { LLMSPELL_HOME: folder } });
  const session = kernel.createSession();
  return {
    kernel,
    session,
    /** Runs Lua and gives the number it returns. */
    async run(code: string): Promise<number> {
      const outcome = await session.execute({ language: 'lua', source: { code, name: 'bench' } });
      if (!outcome.ok) throw new Error(outcome.error?.message);
      return Number(outcome.value);
    },
    async close() {
      await kernel.shutdown();
      rmSync(folder, { recursive: true });
    },
  };
}

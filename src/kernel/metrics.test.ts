import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { Config, DeepPartial } from '../config/types.js';
import type { Language } from '../script/protocol.js';
import { createPermissions } from '../security/permissions.js';
import { Kernel } from './kernel.js';

let directory: string;
const kernels: Kernel[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterEach(async () => {
  for (const kernel of kernels.splice(0)) await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function makeKernel(overrides: DeepPartial<Config> = {}): Promise<Kernel> {
  const env = { LLMSPELL_HOME: directory };
  const config = await loadConfig({ cwd: directory, home: directory, env, overrides });
  const grants = { read: [], write: [], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: directory });
  const kernel = new Kernel({ config, permissions, cwd: directory, environment: env });
  kernels.push(kernel);
  return kernel;
}

function run(kernel: Kernel, language: Language, code: string, tenant?: string) {
  return kernel.createSession({ tenant }).execute({ language, source: { code, name: 'spell' } });
}

const USES: Record<Language, string> = {
  lua: `
    for _ = 1, 3 do Tool.execute("uuid-generator", {}) end
    pcall(Tool.execute, "file-operations", { operation = "read", path = "/nowhere" })
    local c = Metrics.counter("jobs.done", 2, { q = "a" })
    c:inc(0.5, { q = "a" })
    local ok, problem = pcall(function() c:set(1) end)
    local g = Metrics.gauge("depth", 4)
    g:dec()
    local t = Metrics.timer("work_seconds")
    local ms, again = t:stop(), t:stop()
    local tools = Metrics.get("llmspell_components_total").series
    local own = pcall(Metrics.inc, "llmspell_runs_total")
    return { c:value({ q = "a" }), ok, Debug.last_error().code, g:value(), ms >= 0, again == nil, tools[1].labels.name, tools[1].value,
      tools[2].labels.outcome, c.name, c.kind, own, Metrics.get("llmspell_runs_active").series[1].value }`,
  javascript: `
    for (let i = 0; i < 3; i++) Tool.execute("uuid-generator", {});
    try { Tool.execute("file-operations", { operation: "read", path: "/nowhere" }); } catch {}
    const c = Metrics.counter("jobs.done", 2, { q: "a" });
    c.inc(0.5, { q: "a" });
    let ok = true, own = true, code;
    try { c.set(1); } catch (e) { ok = false; code = e.code; }
    const g = Metrics.gauge("depth", 4);
    g.dec();
    const t = Metrics.timer("work_seconds");
    const ms = t.stop(), again = t.stop();
    const tools = Metrics.get("llmspell_components_total").series;
    try { Metrics.inc("llmspell_runs_total"); } catch { own = false; }
    return [c.value({ q: "a" }), ok, code, g.value(), ms >= 0, again == null, tools[0].labels.name, tools[0].value,
      tools[1].labels.outcome, c.name, c.kind, own, Metrics.get("llmspell_runs_active").series[0].value];`,
};

describe.each(['lua', 'javascript'] as const)('metrics in %s', (language) => {
  test('own figures, and those of the calls that the spell made before it asked', async () => {
    const { value, error } = await run(await makeKernel(), language, USES[language]);
    expect(error).toBeUndefined();
    const seen = (value as unknown[]).map((one) => (typeof one === 'bigint' ? Number(one) : one));
    const numbers = seen.map((one) => (typeof one === 'object' && one !== null ? Number(one) : one));
    expect(numbers).toEqual([
      2.5,
      false,
      'metric.invalid',
      3,
      true,
      true,
      'uuid-generator',
      3,
      'error',
      'jobs_done',
      'counter',
      false,
      1,
    ]);
  });
});

test('tenants do not see each other’s figures', async () => {
  const kernel = await makeKernel();
  await run(kernel, 'lua', 'Metrics.inc("secret")', 'a');
  const { value } = await run(kernel, 'lua', 'return Metrics.get("secret") == nil', 'b');
  expect(value).toBe(true);
});

test('with metrics.enabled runs count that never name them', async () => {
  const kernel = await makeKernel({ metrics: { enabled: true } });
  await run(kernel, 'lua', 'Tool.execute("uuid-generator", {})');
  const metrics = await kernel.servicesFor().metrics();
  expect(metrics.find('llmspell_runs_total')?.all()).toMatchObject([{ labels: { outcome: 'ok' }, value: 1 }]);
});

test('nothing is counted where nobody asks', async () => {
  const kernel = await makeKernel();
  await run(kernel, 'lua', 'return 1');
  const metrics = await kernel.servicesFor().metrics();
  expect(metrics.find('llmspell_runs_total')).toBeUndefined();
});

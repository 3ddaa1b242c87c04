import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { Config } from '../config/types.js';
import type { JournalEvent } from '../core/events.js';
import type { Language } from '../script/protocol.js';
import { createPermissions } from '../security/permissions.js';
import { Kernel } from './kernel.js';

let directory: string;
const kernels: Kernel[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterAll(async () => {
  for (const kernel of kernels) await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function makeKernel(level: Config['debug']['level'] = 'info'): Promise<Kernel> {
  const environment = { LLMSPELL_HOME: directory };
  const config = await loadConfig({
    cwd: directory,
    home: directory,
    env: environment,
    overrides: { debug: { level } },
  });
  const grants = { read: [], write: [], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: directory });
  const kernel = new Kernel({ config, permissions, cwd: directory, environment });
  kernels.push(kernel);
  return kernel;
}

async function value(
  kernel: Kernel,
  language: Language,
  code: string,
  onEvent?: (event: JournalEvent) => void,
) {
  const outcome = await kernel
    .createSession()
    .execute({ language, source: { code, name: 'spell' }, onEvent });
  expect(outcome.error).toBeUndefined();
  return outcome.value;
}

/** The same use in both languages, and what it gives. */
const CASES: readonly [string, lua: string, javascript: string, expected: unknown][] = [
  [
    'filters of each kind, the exact before the longest prefix before patterns',
    `Debug.addModuleFilter("app.*", true); Debug.addModuleFilter("app.db.*", false); Debug.addModuleFilter("app.db.pool", true)
     Debug.addAdvancedFilter("^net", "regex", true); Debug.addAdvancedFilter("ui?", "wildcard", true)
     for _, m in ipairs({ "app.x", "app.db.x", "app.db.pool", "network", "ui1", "ui", "other" }) do Debug.info(m, m) end
     Debug.info("no module")
     local seen = {}; for i, e in ipairs(Debug.getCapturedEntries()) do seen[i] = e.message end; return table.concat(seen, " ")`,
    `Debug.addModuleFilter("app.*", true); Debug.addModuleFilter("app.db.*", false); Debug.addModuleFilter("app.db.pool", true);
     Debug.addAdvancedFilter("^net", "regex", true); Debug.addAdvancedFilter("ui?", "wildcard", true);
     for (const m of ["app.x", "app.db.x", "app.db.pool", "network", "ui1", "ui", "other"]) Debug.info(m, m);
     Debug.info("no module");
     return Debug.getCapturedEntries().map((e) => e.message).join(" ");`,
    'app.x app.db.pool network ui1 no module',
  ],
  [
    'levels by words and numbers, in any case',
    `Debug.setLevel("5"); local five = Debug.getLevel(); Debug.setLevel("WARNING"); Debug.info("no"); Debug.warn("yes"); Debug.setLevel("none"); Debug.error("no")
     return five .. " " .. Debug.getLevel() .. " " .. #Debug.getCapturedEntries() .. " " .. tostring(Debug.setLevel("loud"))`,
    `Debug.setLevel("5"); const five = Debug.getLevel(); Debug.setLevel("WARNING"); Debug.info("no"); Debug.warn("yes"); Debug.setLevel("none"); Debug.error("no");
     return five + " " + Debug.getLevel() + " " + Debug.getCapturedEntries().length + " " + Debug.setLevel("loud");`,
    'TRACE OFF 1 false',
  ],
  [
    'a timer with laps is in the reports when it has stopped',
    `local t = Debug.timer("work"); local lap = t:lap("half"); local event = Debug.recordEvent(t.id, "e", { n = 1 }); t:stop()
     local report = JSON.parse(Debug.jsonReport())
     return tostring(lap) .. tostring(event) .. tostring(t:lap("late")) .. tostring(t:elapsed() == nil) .. report.timings.work.count ..
       tostring(report.timings.work.p99_ms >= report.timings.work.p50_ms) .. tostring(Debug.performanceReport():find("work: 1×", 1, true) ~= nil)`,
    `const t = Debug.timer("work"); const lap = t.lap("half"); const event = Debug.recordEvent(t.id, "e", { n: 1 }); t.stop();
     const report = JSON.parse(Debug.jsonReport());
     return "" + lap + event + t.lap("late") + (t.elapsed() == null) + report.timings.work.count +
       (report.timings.work.p99_ms >= report.timings.work.p50_ms) + Debug.performanceReport().includes("work: 1×");`,
    'truetruefalsetrue1truetrue',
  ],
  [
    'a flame graph has one line for each path',
    `local a = Debug.timer("a"); local b = Debug.timer("b"); b:stop(); a:stop()
     return (Debug.flameGraph():gsub("%d+", "n"))`,
    `const a = Debug.timer("a"), b = Debug.timer("b"); b.stop(); a.stop();
     return Debug.flameGraph().replace(/\\d+/g, "n");`,
    'a n\na;b n',
  ],
  [
    'memory is that of the engine, and grows with what a timer sees',
    `local t = Debug.timer("grow"); local kept = {}; for i = 1, 20000 do kept[i] = { i } end
     local shot = Debug.memorySnapshot(); return tostring(Debug.memoryStats().used_bytes > 1000) .. shot.active_trackers .. tostring(shot.tracker_memory_usage.grow > 1000)`,
    `const t = Debug.timer("grow"); const kept = []; for (let i = 0; i < 300000; i++) kept.push({ i });
     const shot = Debug.memorySnapshot(); return "" + (Debug.memoryStats().used_bytes > 1000) + shot.active_trackers + (shot.tracker_memory_usage.grow > 1000);`,
    'true1true',
  ],
  [
    'a stack trace names the functions and stops at max_depth',
    `local function inner() return Debug.stackTraceJson({ max_depth = 1 }) end
     local trace = JSON.parse((function() local t = inner() return t end)()); return #trace.frames .. tostring(trace.truncated) .. trace.max_depth`,
    `function inner() { return Debug.stackTraceJson({ max_depth: 1 }); }
     const trace = JSON.parse((() => { const t = inner(); return t; })()); return "" + trace.frames.length + trace.truncated + trace.max_depth;`,
    '1true1',
  ],
  [
    'a dump stops at circles, at depths and at lengths',
    `local t = { 1, 2, 3 }; local c = {}; c.c = c
     return Debug.dumpWithOptions(t, { max_array_elements = 1, compact_mode = true, show_types = false }) .. Debug.dumpCompact(c) ..
       Debug.dumpCompact(("x"):rep(60)):sub(-4) .. Debug.dump(nil, "none")`,
    `const t = [1, 2, 3]; const c = {}; c.c = c;
     return Debug.dumpWithOptions(t, { max_array_elements: 1, compact_mode: true, show_types: false }) + Debug.dumpCompact(c) +
       Debug.dumpCompact("x".repeat(60)).slice(-4) + Debug.dump(null, "none").replace("null", "nil");`,
    '[1, ... 2 more]{c = <circular reference to depth 0>}..."none:\nnil',
  ],
];

describe.each(['lua', 'javascript'] as const)('Debug in %s', (language) => {
  test.each(CASES)('%s', async (_name, lua, javascript, expected) => {
    expect(await value(await makeKernel(), language, language === 'lua' ? lua : javascript)).toBe(expected);
  });

  test('begins at the level of the configuration', async () => {
    const code = 'Debug.debug("fine"); return Debug.getLevel()';
    const seen: JournalEvent[] = [];
    const level = await value(await makeKernel('debug'), language, code, (event) => seen.push(event));
    expect(level).toBe('DEBUG');
    expect(seen).toContainEqual(expect.objectContaining({ type: 'log', level: 'debug', message: 'fine' }));
  });
});

test('a stack trace in Lua holds the locals when they are asked for', async () => {
  const code = `
    local function work(given)
      local answer = given + 1
      local text = Debug.stackTraceJson({ capture_locals = true })
      return text, answer
    end
    local text = work(41)
    for _, frame in ipairs(JSON.parse(text).frames) do if frame.locals and frame.locals.answer then return frame.locals.answer end end`;
  expect(await value(await makeKernel(), 'lua', code)).toMatch(/^42/);
});

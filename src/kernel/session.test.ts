import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { JournalEvent } from '../core/events.js';
import { createPermissions } from '../security/permissions.js';
import type { ExecuteRequest } from './execution.js';
import { Kernel } from './kernel.js';
import type { KernelMessage } from './messages.js';
import type { Session } from './session.js';

let directory: string;
let kernel: Kernel;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  kernel = await makeKernel();
});
afterEach(async () => {
  await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function makeKernel(): Promise<Kernel> {
  const env = { LLMSPELL_HOME: directory };
  const overrides = { runtime: { state_persistence: { backend_type: 'memory' as const } } };
  const config = await loadConfig({ cwd: directory, home: directory, env, overrides });
  const grants = { read: [directory], write: [directory], net: [], run: [], env: [], db: [] };
  return new Kernel({
    config,
    permissions: createPermissions(grants, { cwd: directory }),
    cwd: directory,
    environment: env,
  });
}

const execute = (session: Session, code: string, request: Partial<ExecuteRequest> = {}) =>
  session.execute({ language: 'lua', source: { code, name: 'cell', interactive: true }, ...request });

describe('an execution', () => {
  test('gives one outcome, whatever happens', async () => {
    const session = kernel.createSession();
    expect(await execute(session, '1 + 1')).toMatchObject({ ok: true, value: 2, text: '2', calls: 0 });
    expect(await execute(session, 'error("no")')).toMatchObject({
      ok: false,
      error: { code: 'script.error' },
    });
    expect(await execute(session, 'os.exit(3)')).toMatchObject({ ok: false, exitCode: 3 });
    expect(await execute(session, 'while true do end', { timeoutMs: 200 })).toMatchObject({
      ok: false,
      timedOut: true,
    });
    expect(await execute(session, 'Tool.execute("calculator", { expression = "1" })')).toMatchObject({
      ok: true,
      calls: 1,
    });
  });

  test('says what it prints in order, then its result', async () => {
    const messages: KernelMessage[] = [];
    await execute(kernel.createSession(), 'print("a") io.stderr:write("b") return 1', {
      onMessage: (message) => messages.push(message),
    });
    expect(messages).toEqual([
      { type: 'stream', name: 'stdout', text: 'a\n' },
      { type: 'stream', name: 'stderr', text: 'b' },
      { type: 'execute_result', value: 1, text: '1' },
    ]);
  });

  test('keeps a journal without gaps', async () => {
    const events: JournalEvent[] = [];
    const outcome = await execute(
      kernel.createSession(),
      'Tool.execute("calculator", { expression = "1" })',
      {
        onEvent: (event) => events.push(event),
      },
    );
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'component.started',
      'component.finished',
      'run.finished',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(new Set(events.map(({ run }) => run))).toEqual(new Set([outcome.run]));
  });

  test('ends when its budget is used up, even if the script swallows that', async () => {
    const code = 'while true do pcall(Tool.execute, "calculator", { expression = "1" }) end';
    const outcome = await execute(kernel.createSession(), code, { budget: { calls: 5 } });
    expect(outcome).toMatchObject({
      ok: false,
      budgetExceeded: true,
      calls: 5,
      error: { code: 'budget.calls' },
    });
  });

  test('ends at its wall time', async () => {
    const outcome = await execute(kernel.createSession(), 'while true do pcall(error) end', {
      budget: { seconds: 0.2 },
    });
    expect(outcome).toMatchObject({ budgetExceeded: true, error: { code: 'budget.time' } });
  });

  test('asks for input, and gets nil at its end', async () => {
    const lines = ['one\n'];
    const outcome = await execute(kernel.createSession(), 'return { io.read(), io.read() == nil }', {
      onInput: async () => lines.shift(),
    });
    expect(outcome.value).toEqual(['one', true]);
  });
});

describe('a session', () => {
  test('keeps its globals, and has none of another', async () => {
    const [one, two] = [kernel.createSession(), kernel.createSession()];
    await execute(one, 'x = 1');
    expect((await execute(one, 'x')).value).toBe(1);
    expect((await execute(two, 'x')).value).toBeNull();
  });

  test('keeps its globals through an interrupt', async () => {
    const session = kernel.createSession();
    await execute(session, 'x = 1');
    const running = execute(session, 'print("on") while true do pcall(error) end', {
      onMessage: () => session.interrupt(),
    });
    expect(await running).toMatchObject({ cancelled: true, error: { code: 'execution.interrupted' } });
    expect((await execute(session, 'x')).value).toBe(1);
    expect(session.alive('lua')).toBe(true);
  });

  test('goes on with a new engine when the old one had to be ended', async () => {
    const session = kernel.createSession();
    await execute(session, 'agent = Agent.create { name = "a", model = "mock/echo" }');
    const killed = await execute(session, 'return (("a"):rep(30)):find((".-"):rep(14) .. "b")', {
      timeoutMs: 200,
    });
    expect(killed).toMatchObject({ timedOut: true, error: { code: 'execution.killed' } });
    expect(session.alive('lua')).toBe(false);
    expect((await execute(session, 'agent')).value).toBeNull();
    expect(session.heldHandles).toBe(0);
  });

  test('speaks both languages over one state', async () => {
    const session = kernel.createSession();
    await execute(session, 'State.save("global", "k", { n = 1 })');
    const outcome = await execute(session, 'State.load("global", "k").n + 1', { language: 'javascript' });
    expect(outcome.value).toBe(2);
  });

  test('refuses a second execution at the same time, and any after its end', async () => {
    const session = kernel.createSession();
    const first = execute(session, 'return 1');
    await expect(execute(session, 'return 2')).rejects.toMatchObject({ code: 'execution.busy' });
    expect(await first).toMatchObject({ value: 1 });
    await session.close();
    await expect(execute(session, 'return 3')).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('gives back handles that scripts have forgotten', async () => {
    const session = kernel.createSession();
    await execute(session, 'for i = 1, 20 do Agent.create { name = "a" .. i, model = "mock/echo" } end');
    await execute(session, 'collectgarbage() collectgarbage()');
    expect(session.heldHandles).toBe(0);
  });

  test('ends what runs when it is closed', async () => {
    const session = kernel.createSession();
    const running = execute(session, 'while true do end');
    await session.close();
    expect(await running).toMatchObject({ ok: false, error: { code: 'session.closed' } });
  });
});

test('tenants do not see each other', async () => {
  const [a, b] = ['a', 'b'].map((tenant) => kernel.createSession({ tenant }));
  await execute(a!, 'State.save("global", "k", "secret")');
  expect((await execute(b!, 'State.load("global", "k")')).value).toBeNull();
  expect((await execute(b!, '#State.list_keys("global")')).value).toBe(0);
  expect((await execute(a!, 'State.load("global", "k")')).value).toBe('secret');
});

test('many sessions run at once', async () => {
  const sessions = Array.from({ length: 6 }, () => kernel.createSession());
  const code = (n: number) =>
    `local sum = 0 for i = 1, 200 do sum = sum + Tool.execute("calculator", { expression = "${n}" }).result.result end return sum`;
  const outcomes = await Promise.all(sessions.map((session, n) => execute(session, code(n))));
  expect(outcomes.map(({ value }) => Number(value))).toEqual(sessions.map((_, n) => 200 * n));
});

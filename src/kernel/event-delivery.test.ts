import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { Config, DeepPartial } from '../config/types.js';
import type { JournalEvent } from '../core/events.js';
import type { Language } from '../script/protocol.js';
import { createPermissions } from '../security/permissions.js';
import type { ExecuteRequest } from './execution.js';
import { Kernel } from './kernel.js';
import type { Session } from './session.js';

let directory: string;
const kernels: Kernel[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterEach(async () => {
  for (const kernel of kernels.splice(0)) await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function makeKernel(events: DeepPartial<Config['events']> = {}): Promise<Kernel> {
  const env = { LLMSPELL_HOME: directory };
  const overrides = { events, runtime: { state_persistence: { backend_type: 'memory' as const } } };
  const config = await loadConfig({ cwd: directory, home: directory, env, overrides });
  const grants = { read: [directory], write: [directory], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: directory });
  const kernel = new Kernel({ config, permissions, cwd: directory, environment: env });
  kernels.push(kernel);
  return kernel;
}

/** Runs a script; what it printed, and how it ended. */
async function run(
  session: Session,
  language: Language,
  code: string,
  request: Partial<ExecuteRequest> = {},
) {
  let printed = '';
  const outcome = await session.execute({
    language,
    source: { code, name: 'cell' },
    onMessage: (message) => {
      if (message.type === 'stream') printed += message.text;
    },
    ...request,
  });
  return { ...outcome, printed };
}

const LANGUAGES = [
  ['lua', (body: string) => `function(e) ${body} end`],
  ['javascript', (body: string) => `(e) => { ${body} }`],
] as const;

describe.each(LANGUAGES)('handlers in %s', (language, fn) => {
  const each = (code: string) => (language === 'lua' ? code.replaceAll(';', ' ') : code);

  test('are done before the run is reported finished', async () => {
    const session = (await makeKernel()).createSession();
    const handler = fn('print(e.data)');
    const { ok, printed } = await run(
      session,
      language,
      each(`Event.on("n", ${handler}); Event.publish("n", 1); Event.publish("n", 2)`),
    );
    expect([ok, printed]).toEqual([true, '1\n2\n']);
  });

  test('that hang are cut off, and what is around them goes on', async () => {
    const session = (await makeKernel({ handler_timeout_ms: 100 })).createSession();
    const endless = fn(language === 'lua' ? 'while true do end' : 'while (true);');
    const code = `Event.on("n", ${endless}); Event.publish("n"); Event.drain(); print(Event.dead_letters()[${language === 'lua' ? 1 : 0}].error.code)`;
    const { ok, printed } = await run(session, language, each(code));
    expect([ok, printed]).toEqual([true, 'component.timeout\n']);
    expect(session.alive(language)).toBe(true);
  });

  test('that wait for something for ever are cut off as well', async () => {
    const session = (await makeKernel({ handler_timeout_ms: 100 })).createSession();
    const waiting = fn(
      language === 'lua'
        ? 'pcall(Event.wait_for, "x", 1e6) print("on")'
        : 'try { Event.waitFor("x", 1e6) } catch {}; print("on")',
    );
    const { ok, printed } = await run(
      session,
      language,
      each(`Event.on("n", ${waiting}); Event.publish("n")`),
    );
    expect([ok, printed]).toEqual([true, '']);
  });

  test('end with the time limit of the run', async () => {
    const session = (await makeKernel()).createSession();
    const endless = fn(language === 'lua' ? 'while true do end' : 'while (true);');
    const code = each(`Event.on("n", ${endless}); Event.publish("n")`);
    expect(await run(session, language, code, { timeoutMs: 300 })).toMatchObject({
      ok: false,
      timedOut: true,
    });
    expect(await run(session, language, each('print("again")'))).toMatchObject({
      ok: true,
      printed: 'again\n',
    });
  });

  test('that fail are reported, and the others go on', async () => {
    const events: JournalEvent[] = [];
    const session = (await makeKernel()).createSession();
    const raise = fn(language === 'lua' ? 'error("boom")' : 'throw new Error("boom")');
    const code = each(`Event.on("n", ${raise}); Event.on("n", ${fn('print("fine")')}); Event.publish("n")`);
    const { ok, printed } = await run(session, language, code, { onEvent: (event) => events.push(event) });
    expect([ok, printed]).toEqual([true, 'fine\n']);
    const failed = events.find(({ type }) => type === 'event.failed');
    expect(failed).toMatchObject({
      path: 'run/event:n',
      error: { message: expect.stringContaining('boom') },
    });
  });

  test('are released with their subscription', async () => {
    const session = (await makeKernel()).createSession();
    const loop =
      language === 'lua'
        ? 'for i = 1, 2000 do Event.unsubscribe(Event.subscribe("n", function() end)) end'
        : 'for (let i = 0; i < 2000; i++) Event.unsubscribe(Event.subscribe("n", () => {}))';
    const { ok, printed } = await run(
      session,
      language,
      `${loop}\nprint(Event.get_stats().bridge_stats.active_subscriptions)`,
    );
    expect([ok, printed]).toEqual([true, '0\n']);
  });
});

describe('the languages of a session', () => {
  test('hear each other', async () => {
    const session = (await makeKernel()).createSession();
    await run(
      session,
      'javascript',
      'Event.on("from.lua", (e) => Event.publish("from.js", { got: e.data.list.length, language: e.language }))',
    );
    const { printed } = await run(
      session,
      'lua',
      `local s = Event.subscribe("from.js")
       Event.publish("from.lua", { list = { 1, 2, 3 } })
       local e = Event.receive(s, 2000)
       print(e.data.got, e.data.language, e.language, e.target_language)`,
    );
    expect(printed).toBe('3\tLua\tJavaScript\tLua\n');
  });

  test('get arrays as arrays', async () => {
    const session = (await makeKernel()).createSession();
    const { printed } = await run(
      session,
      'lua',
      'local s = Event.subscribe("a") Event.publish("a", { "x", "y" }) print(#Event.receive(s).data)',
    );
    expect(printed).toBe('2\n');
  });
});

describe('between executions', () => {
  test('handlers work, in a run of their own', async () => {
    const kernel = await makeKernel();
    const [listening, speaking] = [kernel.createSession(), kernel.createSession()];
    let printed = '';
    const events: JournalEvent[] = [];
    const heard = new Promise<void>((resolve) => {
      void run(
        listening,
        'lua',
        'Event.on("n", function(e) print("heard", e.data) Event.publish("back", e.data) end)',
        {
          onMessage: (message) => {
            if (message.type === 'stream') printed += message.text;
            if (printed.includes('\n')) resolve();
          },
          onEvent: (event) => events.push(event),
        },
      ).then(() =>
        run(
          speaking,
          'lua',
          'local s = Event.subscribe("back") Event.publish("n", 7) assert(Event.receive(s, 5000).data == 7)',
        ),
      );
    });
    await heard;
    expect(printed).toBe('heard\t7\n');
    const names = events.filter(({ type }) => type === 'run.started');
    expect(names).toMatchObject([{ name: 'cell' }, { name: 'event handlers' }]);
  });

  test('end with the session: nobody is called any more', async () => {
    const kernel = await makeKernel();
    const [first, second] = [kernel.createSession(), kernel.createSession()];
    await run(first, 'lua', 'Event.on("n", function() end) Event.subscribe("n")');
    await first.close();
    const { printed } = await run(
      second,
      'lua',
      'Event.publish("n") print(Event.get_stats().event_bus_stats.buffer_size)',
    );
    expect(printed).toBe('0\n');
  });

  test('are another kernel’s affair', async () => {
    const [one, other] = [await makeKernel(), await makeKernel()];
    const session = one.createSession();
    await run(session, 'lua', 's = Event.subscribe("*")');
    await run(other.createSession(), 'lua', 'Event.publish("n")');
    expect((await run(session, 'lua', 'print(#Event.receive_batch(s))')).printed).not.toContain('event');
  });

  test('tenants hear nothing of each other', async () => {
    const kernel = await makeKernel();
    const [a, b] = [kernel.createSession({ tenant: 'a' }), kernel.createSession({ tenant: 'b' })];
    await run(a, 'lua', 's = Event.subscribe("n")');
    await run(b, 'lua', 'Event.publish("n", 1)');
    expect((await run(a, 'lua', 'print(Event.receive(s, 0))')).printed).toBe('nil\n');
  });
});

test('an engine that dies takes its subscriptions along', async () => {
  const kernel = await makeKernel();
  const session = kernel.createSession();
  const stuck = 'string.find(string.rep("a", 50), string.rep("a?", 50) .. string.rep("a", 50) .. "b")';
  await run(session, 'lua', 'Event.subscribe("n")');
  await run(session, 'lua', stuck, { timeoutMs: 200 });
  expect(session.alive('lua')).toBe(false);
  expect((await run(session, 'lua', 'print(#Event.list_subscriptions())')).printed).toBe('0\n');
});

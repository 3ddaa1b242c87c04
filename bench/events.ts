import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../src/config/defaults.js';
import { systemEffects } from '../src/core/effects.js';
import { testContext } from '../src/core/testing.js';
import { EventBus } from '../src/events/bus.js';
import { createPermissions, Kernel, loadConfig } from '../src/index.js';
import { alternate, compared, type Figure } from './measure.js';

const COUNT = 20_000;
const FROM_LUA = 5_000;

/** Events in process against a bare emitter, and from Lua with and without the journal. */
export async function events(): Promise<Figure[]> {
  return [...(await inProcess()), ...(await fromLua())];
}

async function inProcess(): Promise<Figure[]> {
  const emitter = new EventEmitter();
  let heard = 0;
  emitter.on('job.done', () => heard++);
  const typed = busWith(['job.done'], () => heard++);
  const globbed = busWith(['job.*', '*.done', 'a.*.c', '*'], () => heard++);
  const [bare, exact, globs] = await alternate(15, [
    () => {
      for (let n = 0; n < COUNT; n++) emitter.emit('job.done', { n });
    },
    () => publish(typed),
    () => publish(globbed),
  ]);
  const each = (ms: number) => (ms * 1000) / COUNT;
  const floor = { name: 'emit of a bare EventEmitter', value: each(bare!) };
  return [
    compared('an event from publishing to its handler in this process', 'µs', each(exact!), floor, 20),
    compared('the same to three fitting globs of four', 'µs', each(globs!), floor, 40),
  ];
}

type Bus = { bus: EventBus; context: ReturnType<typeof testContext>['context'] };

/** A bus that sees what the run of its context says, as the kernel's does. */
function busWith(patterns: string[], listener: () => void): Bus {
  const effects = systemEffects();
  const bus = new EventBus(DEFAULT_CONFIG.events, effects);
  const { context } = testContext();
  const run = { run: context.runId, session: context.sessionId, tenant: 'default' };
  let seq = 0;
  const emit = (event: object) =>
    bus.observe({ run: run.run, seq: ++seq, path: 'run', time: effects.now(), ...event } as never, run);
  for (const pattern of patterns) bus.listen(pattern, listener);
  return { bus, context: { ...context, emit } };
}

function publish({ bus, context }: Bus): void {
  for (let n = 0; n < COUNT; n++) bus.publisher.publishNow({ name: 'job.done', data: { n } }, context);
}

async function fromLua(): Promise<Figure[]> {
  const calls = `for i = 1, ${FROM_LUA} do Event.unsubscribe("nobody") end`;
  const plain = `for i = 1, ${FROM_LUA} do Event.publish("job.done", { n = i }) end`;
  const handled = `local s = Event.subscribe("job.*", function() end)\n${plain}\nEvent.drain()\nEvent.unsubscribe(s)`;
  const figures: Figure[] = [];
  for (const journal of [false, true]) {
    const { kernel, run } = await luaKernel(journal);
    const [bare, published, delivered] = await alternate(5, [run(calls), run(plain), run(handled)]);
    const each = (ms: number) => (ms * 1000) / FROM_LUA;
    const floor = { name: 'a call that does nothing', value: each(bare!) };
    const how = journal ? 'with the journal' : 'without a journal';
    figures.push(compared(`publishing from Lua ${how}`, 'µs', each(published!), floor, 2));
    figures.push(compared(`publishing from Lua to a Lua handler ${how}`, 'µs', each(delivered!), floor, 4));
    await kernel.shutdown();
  }
  return figures;
}

async function luaKernel(enabled: boolean) {
  const home = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const env = { LLMSPELL_HOME: home };
  const overrides = {
    runtime: { journal: { enabled }, state_persistence: { backend_type: 'memory' as const } },
  };
  const config = await loadConfig({ cwd: home, home, env, overrides });
  const grants = { read: [], write: [], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: home });
  const kernel = new Kernel({ config, permissions, cwd: home, environment: env });
  const session = kernel.createSession();
  const run = (code: string) => async () => {
    const { error } = await session.execute({ language: 'lua', source: { code, name: 'bench' } });
    if (error) throw new Error(error.message);
  };
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  return { kernel, run };
}

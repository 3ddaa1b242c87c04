import { benchKernel } from './kernel.js';
import { compared, type Figure, median, timed } from './measure.js';

const EXECUTIONS = 10_000;

/** New isolates in a process that is warm, and what many executions leave behind. */
export async function isolates(): Promise<Figure[]> {
  const { kernel, session, run, close } = await benchKernel();
  const started: number[] = [];
  for (let i = 0; i < 12; i++) {
    const fresh = kernel.createSession();
    started.push(
      await timed(() => fresh.execute({ language: 'lua', source: { code: 'return 1', name: 'bench' } })),
    );
    await fresh.close();
  }
  const execute = () =>
    session.execute({
      language: 'lua',
      source: { code: 'local t = {} for i = 1, 50 do t[i] = { i } end return #t', name: 'bench' },
    });
  for (let i = 0; i < EXECUTIONS / 10; i++) await execute();
  const before = await held(run);
  for (let i = 0; i < EXECUTIONS; i++) await execute();
  const after = await held(run);
  await close();
  return [
    {
      name: 'new isolate on a warm process, first execution included',
      unit: 'ms',
      value: median(started.slice(2)),
    },
    compared(
      `heap after ${EXECUTIONS} executions`,
      'MB',
      after.kernel,
      { name: 'heap after the first 1 000', value: before.kernel },
      1.05,
    ),
    compared(
      `Lua memory after ${EXECUTIONS} executions`,
      'KB',
      after.lua,
      { name: 'after the first 1 000', value: before.lua },
      1.05,
    ),
  ];
}

async function held(run: (code: string) => Promise<number>): Promise<{ kernel: number; lua: number }> {
  const lua = await run('collectgarbage() collectgarbage() return collectgarbage("count")');
  globalThis.gc?.();
  return { kernel: process.memoryUsage().heapUsed / 1e6, lua };
}

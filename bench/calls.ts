import { once } from 'node:events';
import { createRequire } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import { benchKernel } from './kernel.js';
import { compared, type Figure, median } from './measure.js';

const ROUNDS = 5_000;

/** Calls from a Lua spell: into the kernel, inside the isolate, through a tool. */
export async function calls(): Promise<Figure[]> {
  const bare = await bareRoundTrip();
  const { run, close } = await benchKernel();
  const loop = (body: string, count: number) =>
    `local t = os.clock() for i = 1, ${count} do ${body} end return (os.clock() - t) * 1e6 / ${count}`;
  const inTurn = async (code: string) => median([await run(code), await run(code), await run(code)]);
  await run(loop('Tool.exists("x")', 2_000));
  const call = await inTurn(loop('Tool.exists("x")', ROUNDS));
  const json = await inTurn(`local s = ${JSON_TEXT}\n${loop('JSON.parse(s)', 20_000)}`);
  const tool = await inTurn(
    loop('Tool.execute("hash-calculator", { operation = "hash", input = "x" })', 1_000),
  );
  await close();
  return [
    compared(
      'blocking call into the kernel',
      'µs',
      call,
      { name: 'bare round trip between threads', value: bare },
      2,
    ),
    { name: 'JSON.parse of 1 KB inside the isolate', unit: 'µs', value: json, aim: 20 },
    compared(
      'tool call (of 1 000 in sequence)',
      'µs',
      tool,
      { name: 'bare round trip between threads', value: bare },
      20,
    ),
  ];
}

/** About 1 KB with the usual mixture. */
const JSON_TEXT = `[==[${JSON.stringify({
  items: Array.from({ length: 14 }, (_, i) => ({
    id: i,
    name: `item number ${i}`,
    price: i * 1.5,
    tags: ['a', 'b'],
  })),
})}]==]`;

async function bareRoundTrip(): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const flag = new SharedArrayBuffer(4);
  const wake = new Int32Array(flag);
  port1.on('message', async (message: { i: number }) => {
    await null;
    port1.postMessage(message);
    Atomics.store(wake, 0, 1);
    Atomics.notify(wake, 0);
  });
  const file = createRequire(import.meta.url).resolve('./round-trip-worker.cjs');
  const worker = new Worker(file, { workerData: { port: port2, flag }, transferList: [port2] });
  const samples: number[] = [];
  for (let i = 0; i < 4; i++) {
    worker.postMessage(ROUNDS);
    const [perCall] = (await once(worker, 'message')) as [number];
    samples.push(perCall * 1000);
  }
  await worker.terminate();
  port1.close();
  return median(samples.slice(1));
}

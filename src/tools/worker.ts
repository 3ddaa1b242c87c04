import { Worker } from 'node:worker_threads';
import { fail } from '../core/errors.js';

/** What work in a thread may take. */
export interface WorkerLimits {
  /** Milliseconds from the call to the answer, the thread's start included. */
  timeoutMs: number;
  /** Ends the thread when it aborts. */
  signal: AbortSignal;
  /** Megabytes of JavaScript heap; 128 when absent. */
  memoryMb?: number;
}

type Reply<T> = { value: T } | { error: string };

/**
 * Runs pure work that cannot be trusted to end in a thread of its own, which can be ended at any instruction.
 *
 * @param source the body of an async CommonJS function with the parameters `data` and `require`; what it
 *   returns is the answer. The thread has no environment variables, and what it prints goes nowhere.
 * @param data given to the function by structured clone.
 * @throws `component.timeout`, `limit.memory`, the signal's reason, or `tool.failed` with the message of
 *   whatever the work threw.
 */
export async function runInWorker<T>(source: string, data: unknown, limits: WorkerLimits): Promise<T> {
  limits.signal.throwIfAborted();
  const worker = startWorker(source, data, limits.memoryMb ?? 128);
  try {
    return await answer<T>(worker, limits);
  } finally {
    await worker.terminate();
  }
}

function startWorker(source: string, data: unknown, memoryMb: number): Worker {
  return new Worker(harness(source), {
    eval: true,
    workerData: data,
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  });
}

/** The port is taken before the work starts, so the work cannot put another in its place. */
function harness(source: string): string {
  return `'use strict';
const { parentPort: port, workerData } = require('node:worker_threads');
const reply = port.postMessage.bind(port);
const work = async (data, require) => {
${source}
};
work(workerData, require).then(
  (value) => reply({ value }),
  (error) => reply({ error: String((error && error.message) || error) }),
);`;
}

function answer<T>(worker: Worker, { signal, timeoutMs }: WorkerLimits): Promise<T> {
  const done = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(fail('component.timeout', `The work took longer than ${timeoutMs} ms`));
    const timer = setTimeout(late, timeoutMs);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
    worker.on('message', (reply: Reply<T>) =>
      'value' in reply ? resolve(reply.value) : reject(fail('tool.failed', reply.error)),
    );
    worker.on('error', (error) => reject(crashed(error)));
    worker.on('exit', () => reject(fail('tool.failed', 'The worker thread ended without an answer')));
  }).finally(() => done.abort());
}

function crashed(error: Error & { code?: string }): Error {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return fail('limit.memory', 'The work needed more memory than a tool may take');
  return fail('tool.failed', error.message, { cause: error });
}

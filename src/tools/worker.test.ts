import { describe, expect, it } from 'vitest';
import { runInWorker } from './worker.js';

const { signal } = new AbortController();
const limits = { timeoutMs: 10_000, signal };

describe('runInWorker', () => {
  it('returns what the work returns', async () => {
    await expect(runInWorker('return data.map((n) => n * 2);', [1, 2], limits)).resolves.toEqual([2, 4]);
  });

  it('awaits asynchronous work and hands it require', async () => {
    const source = `return await Promise.resolve(require('node:path').join('a', data));`;
    await expect(runInWorker(source, 'b', limits)).resolves.toBe('a/b');
  });

  it('gives undefined for work without an answer', async () => {
    await expect(runInWorker('', null, limits)).resolves.toBeUndefined();
  });

  it('raises the message of what the work throws', async () => {
    await expect(runInWorker(`throw new Error('no luck');`, null, limits)).rejects.toMatchObject({
      code: 'tool.failed',
      message: 'no luck',
    });
  });

  it.each([
    ['syntax', 'return (;'],
    ['an answer that cannot be cloned', 'return () => 1;'],
    ['a thread that ends itself', 'process.exit(3);'],
  ])('raises tool.failed for %s', async (_title, source) => {
    await expect(runInWorker(source, null, limits)).rejects.toMatchObject({ code: 'tool.failed' });
  });

  it('ends work that takes too long', async () => {
    const endless = runInWorker('for (;;) {}', null, { timeoutMs: 200, signal });
    await expect(endless).rejects.toMatchObject({ code: 'component.timeout' });
  });

  it('ends work when the signal aborts, with its reason', async () => {
    const controller = new AbortController();
    const endless = runInWorker('for (;;) {}', null, { timeoutMs: 20_000, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stop it')), 50);
    await expect(endless).rejects.toThrow('stop it');
  });

  it('does not start when the signal has aborted', async () => {
    const aborted = AbortSignal.abort(new Error('too late'));
    await expect(runInWorker('return 1;', null, { timeoutMs: 1000, signal: aborted })).rejects.toThrow(
      'too late',
    );
  });

  it('ends work that takes too much memory', async () => {
    const hungry = `const kept = []; for (;;) kept.push(new Array(1000).fill({}));`;
    const run = runInWorker(hungry, null, { timeoutMs: 20_000, signal, memoryMb: 24 });
    await expect(run).rejects.toMatchObject({ code: 'limit.memory' });
  });

  it('sees no environment variable', async () => {
    await expect(runInWorker('return Object.keys(process.env);', null, limits)).resolves.toEqual([]);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { guardedFetch } from './guarded-fetch.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that writes the same piece for ever. */
async function endless(type: string, piece: Buffer): Promise<{ url: string; closed: Promise<void> }> {
  let left = () => {};
  const closed = new Promise<void>((resolve) => {
    left = resolve;
  });
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': type });
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more).on('close', left);
    more();
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, closed };
}

it('gives up a body that has no end, and the connection with it', async () => {
  const { url, closed } = await endless('application/json', Buffer.alloc(1_000_000, 32));
  const response = await guardedFetch(testContext().context)(url);
  await expect(response.text()).rejects.toThrow('exceeds maximum allowed size');
  await closed;
});

it('lets a stream of events go on, line by line', async () => {
  const { url, closed } = await endless(
    'text/event-stream',
    Buffer.concat([Buffer.alloc(1_000_000, 32), Buffer.from('\n')]),
  );
  const response = await guardedFetch(testContext().context)(url);
  const reader = response.body!.getReader();
  for (let size = 0; size < 100_000_000; ) size += (await reader.read()).value!.length;
  await reader.cancel();
  await closed;
});

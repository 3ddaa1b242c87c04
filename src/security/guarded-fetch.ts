import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ExecutionContext } from '../core/context.js';
import { pinnedLookup } from './http-exchange.js';
import { parseUrl } from './network.js';
import { verifiesTls } from './permissions.js';
import { resolveHost } from './resolve-host.js';

/** As the standard `fetch`, as far as protocol libraries use it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Statuses whose answers have no body. */
const EMPTY = new Set([101, 204, 205, 304]);

/**
 * A `fetch` whose hosts must be granted and whose connections go to the addresses that were checked. Bodies stream in
 * both directions of time: an answer is there as soon as its head is. Redirects are given back, never followed.
 */
export function guardedFetch(context: ExecutionContext): Fetch {
  return async (input, init = {}) => {
    const url = parseUrl(String(input));
    const signal = init.signal ? AbortSignal.any([context.signal, init.signal]) : context.signal;
    const port = url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
    const addresses = await resolveHost(url.hostname, port, context, { signal });
    const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
    const options = {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers).entries()),
      lookup: pinnedLookup(addresses),
      agent: false as const,
      rejectUnauthorized: verifiesTls(context),
      signal,
    };
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = request(url, options, (incoming) => resolve(responseOf(incoming)));
      outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : error));
      outgoing.end(typeof init.body === 'string' ? init.body : undefined);
    });
  };
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  const status = incoming.statusCode ?? 500;
  incoming.on('error', () => {});
  const body = EMPTY.has(status) ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  return new Response(body as ConstructorParameters<typeof Response>[0], {
    status,
    statusText: incoming.statusMessage ?? '',
    headers,
  });
}

import type { ClientRequest, IncomingMessage } from 'node:http';
import { pipeline, Readable, Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { pinnedLookup } from './http-exchange.js';
import { parseUrl } from './network.js';
import { verifiesTls } from './permissions.js';
import { resolveHost } from './resolve-host.js';

/** As the standard `fetch`, as far as protocol libraries use it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Bytes that a reader may have to hold at once: of a whole body, or of one line in a stream of events. */
const MOST_BYTES = 64_000_000;
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
  if (EMPTY.has(status)) incoming.resume();
  const events = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const body = EMPTY.has(status)
    ? null
    : (Readable.toWeb(pipeline(incoming, cap(MOST_BYTES, events), () => {})) as ReadableStream<Uint8Array>);
  return new Response(body as ConstructorParameters<typeof Response>[0], {
    status,
    statusText: incoming.statusMessage ?? '',
    headers,
  });
}

/** Passes bytes on until a reader would have to hold too many of them at once. */
function cap(limit: number, events: boolean): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      const end = events ? chunk.lastIndexOf(0x0a) : -1;
      size = end < 0 ? size + chunk.length : chunk.length - end - 1;
      if (size <= limit) done(null, chunk);
      else done(fail('tool.failed', `The response exceeds maximum allowed size of ${limit} bytes`));
    },
  });
}

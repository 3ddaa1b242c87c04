import type { IncomingMessage, RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { fail, type LlmspellError } from '../core/errors.js';
import type { PinnedAddress } from './resolve-host.js';

/** One request without redirects. */
export interface ExchangeRequest {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array | undefined;
  addresses: readonly PinnedAddress[];
  maxBytes: number;
  signal: AbortSignal;
  /** Check the server's certificate. */
  verifyTls: boolean;
}

/** The complete answer; the body is decoded (gzip, deflate, br). */
export interface ExchangeResponse {
  status: number;
  statusText: string;
  /** Names in lower case; repeated headers are joined with `, `. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Sends one request to the pinned addresses. The connection is closed with the answer, and at once on abort. */
export async function exchange(request: ExchangeRequest): Promise<ExchangeResponse> {
  const { Agent, request: send } =
    request.url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: false });
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    method: request.method,
    headers: framed(request),
    signal: request.signal,
    agent,
    rejectUnauthorized: request.verifyTls,
    lookup: pinnedLookup(request.addresses),
  };
  try {
    return await new Promise<ExchangeResponse>((resolve, reject) => {
      const outgoing = send(request.url, options, (incoming) => {
        receive(incoming, request.maxBytes)
          .then(resolve, reject)
          .finally(() => outgoing.destroy());
      });
      outgoing.on('error', reject);
      outgoing.end(request.body);
    });
  } finally {
    agent.destroy();
  }
}

/**
 * The headers with the length of the body. Node sends none for methods that rarely have a body, and a server would take the
 * body for a second request, whose head the caller could write.
 */
function framed({ headers, body }: ExchangeRequest): Record<string, string> {
  return body === undefined ? headers : { ...headers, 'content-length': String(body.length) };
}

/** A `lookup` that never asks anybody: the name was resolved and its addresses were checked before. */
export function pinnedLookup(addresses: readonly PinnedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}

async function receive(incoming: IncomingMessage, maxBytes: number): Promise<ExchangeResponse> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const headers = joinedHeaders(incoming);
  return {
    status: incoming.statusCode ?? 0,
    statusText: incoming.statusMessage ?? '',
    headers,
    body: await decode(Buffer.concat(chunks), headers['content-encoding'], maxBytes),
  };
}

function joinedHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

/** Undoes the content encodings, last one first. The cap holds for what comes out: a small bomb stays small. */
async function decode(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Uint8Array> {
  let decoded = body;
  const names = (encoding ?? '').toLowerCase().split(',').reverse();
  for (const name of names.map((item) => item.trim()).filter((item) => item && item !== 'identity'))
    if (decoded.length > 0) decoded = await decodeOne(decoded, name, maxBytes);
  return decoded;
}

async function decodeOne(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const zlib = await import('node:zlib');
  const options = { maxOutputLength: maxBytes };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return await promisify(zlib.gunzip)(body, options);
    if (encoding === 'br') return await promisify(zlib.brotliDecompress)(body, options);
    if (encoding !== 'deflate')
      throw fail('tool.failed', `The response uses the unknown content encoding '${encoding}'`);
    // Some servers send the bare stream; the low half of a zlib header's first byte is always 8.
    const inflate = (body[0]! & 15) === 8 ? zlib.inflate : zlib.inflateRaw;
    return await promisify<Buffer, typeof options, Buffer>(inflate)(body, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw error;
  }
}

function tooLarge(limit: number): LlmspellError {
  return fail('tool.failed', `The response exceeds maximum allowed size of ${limit} bytes`, {
    details: { limit },
  });
}

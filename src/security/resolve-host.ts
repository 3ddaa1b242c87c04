import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { addressFamily, canonicalHost, specialAddress } from './addresses.js';
import { joinHostPort } from './net-patterns.js';

/** An address that was checked; connect to it, never to the name again. */
export interface PinnedAddress {
  address: string;
  family: 4 | 6;
}

/**
 * Finds the addresses of a name.
 * Contract: rejects when there are none; is called once per connection.
 */
export type Resolver = (host: string) => Promise<readonly { address: string }[]>;

/** How to resolve; the system's resolver unless told otherwise. */
export interface ResolveOptions {
  resolver?: Resolver | undefined;
  /** Ends the wait besides the context's own signal. */
  signal?: AbortSignal | undefined;
}

/**
 * Checks that a host may be reached at a port and gives the addresses to connect to. The name is resolved
 * once; each address that is not public (loopback, private, link-local …) must be granted itself, whatever
 * name led to it. Raises `permission.net`, `input.invalid` for what is no host, `tool.failed` for unknown names.
 */
export async function resolveHost(
  host: string,
  port: number,
  context: ExecutionContext,
  options: ResolveOptions = {},
): Promise<PinnedAddress[]> {
  const name = canonicalHost(host);
  if (name === undefined) throw fail('input.invalid', `Invalid URL: '${host}' is not a host`);
  await context.permissions.require('net', joinHostPort(name, port), context);
  if (addressFamily(name) !== 0) return [pin(name)];
  const found = await untilAborted(
    lookUp(name, options.resolver ?? systemResolver),
    options.signal ?? context.signal,
  );
  for (const { address } of found)
    if (specialAddress(address))
      await context.permissions.require('net', joinHostPort(canonicalHost(address)!, port), context);
  return found;
}

async function lookUp(name: string, resolver: Resolver): Promise<PinnedAddress[]> {
  const found = await resolver(name).catch((error: NodeJS.ErrnoException) => {
    throw fail(
      'tool.failed',
      `HTTP request failed: the host '${name}' could not be found (${error.code ?? error.message})`,
      {
        details: { host: name, errno: error.code ?? 'UNKNOWN' },
      },
    );
  });
  const addresses = found.map(({ address }) => canonicalHost(address)).filter((address) => !!address);
  if (addresses.length === 0) throw fail('tool.failed', `The host '${name}' has no address`);
  return addresses.map((address) => pin(address!));
}

async function systemResolver(host: string): Promise<readonly { address: string }[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(host, { all: true, verbatim: true });
}

function pin(address: string): PinnedAddress {
  return { address, family: addressFamily(address) === 6 ? 6 : 4 };
}

/** The system's resolver cannot be stopped; what it answers after the abort is ignored. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

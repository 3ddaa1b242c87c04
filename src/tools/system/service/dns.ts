import type { AnyRecord } from 'node:dns';
import { isIP } from 'node:net';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type JsonValue, toJson } from '../../../core/values.js';
import { joinHostPort, resolveHost } from '../../../security/network.js';
import type { Finding } from './finding.js';
import type { CheckInput } from './input.js';
import { endpointOf } from './target.js';

const DNS_PORT = 53;
/** Records that are given. */
const MOST_RECORDS = 100;

/**
 * Whether a name has addresses or records. A question is a message to whoever serves the name, so the name has to be
 * granted, and the server that is asked too, where one is named.
 */
export async function checkDns(
  name: string,
  input: CheckInput,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  await context.permissions.require('net', joinHostPort(name, DNS_PORT), context);
  const { record_type: type, server, expected_text: text } = input;
  if (type === undefined && server === undefined) return addresses(name, text, timeoutMs, context);
  const asked = type ?? (isIP(name) === 0 ? 'A' : 'PTR');
  const records = await ask(name, asked, server, timeoutMs, context);
  const problem = problemWith(records, text);
  return {
    available: problem === undefined,
    status: `${records.length} ${asked} records`,
    error: problem,
    metadata: {
      record_type: asked,
      record_count: records.length,
      records: records.slice(0, MOST_RECORDS),
      ...(server !== undefined && { server }),
    },
  };
}

/** What the system says, its own list of hosts included. */
async function addresses(
  name: string,
  text: string | undefined,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  const { lookup } = await import('node:dns/promises');
  const found = await limited(lookup(name, { all: true }), () => {}, name, timeoutMs, context);
  const all = found.map(({ address }) => address);
  const problem = problemWith(all, text);
  return {
    available: problem === undefined,
    status: 'Resolved',
    error: problem,
    metadata: {
      address_count: all.length,
      first_address: all[0] ?? null,
      addresses: all.slice(0, MOST_RECORDS),
    },
  };
}

async function ask(
  name: string,
  type: string,
  server: string | undefined,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<JsonValue[]> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: Math.max(1, Math.ceil(timeoutMs / 2)), tries: 2 });
  if (server !== undefined) resolver.setServers(await serverAddresses(server, context));
  const work =
    type === 'PTR' && isIP(name) !== 0
      ? resolver.reverse(name)
      : (resolver.resolve(name, type) as Promise<unknown>);
  const found = await limited(work, () => resolver.cancel(), name, timeoutMs, context);
  return (Array.isArray(found) ? found : [found]).map(readable);
}

async function serverAddresses(server: string, context: ExecutionContext): Promise<string[]> {
  const { host, port } = endpointOf(server, DNS_PORT);
  const found = await resolveHost(host, port, context);
  return found.map(({ address }) => joinHostPort(address, port));
}

/** A text record comes in pieces that belong together. */
function readable(record: AnyRecord | string | string[]): JsonValue {
  if (Array.isArray(record)) return record.join('');
  return typeof record === 'string' ? record : toJson(record as never);
}

function problemWith(records: readonly JsonValue[], text: string | undefined): string | undefined {
  if (records.length === 0) return 'There are no records';
  if (text === undefined || records.some((record) => JSON.stringify(record).includes(text))) return undefined;
  return 'The expected text is not in any record';
}

/** The system's resolver cannot be stopped; what it answers too late is ignored. */
function limited<T>(
  work: Promise<T>,
  cancel: () => void,
  name: string,
  timeoutMs: number,
  { signal }: ExecutionContext,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (reason: unknown) => {
      cancel();
      reject(reason);
    };
    const timer = setTimeout(() => give(late(name, timeoutMs)), timeoutMs);
    const stop = () => give(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    work
      .then(resolve, (error: NodeJS.ErrnoException) => reject(notFound(name, error)))
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      });
  });
}

function late(name: string, timeoutMs: number): Error {
  return fail('component.timeout', `No answer about ${name} in ${timeoutMs} ms (timeout)`);
}

function notFound(name: string, { code, message }: NodeJS.ErrnoException): Error {
  return fail('tool.failed', `The name ${name} was not resolved: ${code ?? message}`, {
    details: { errno: code ?? 'UNKNOWN' },
  });
}

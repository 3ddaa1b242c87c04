import { isIPv6 } from 'node:net';
import { fail } from '../../../core/errors.js';
import { canonicalHost } from '../../../security/network.js';
import type { CheckInput, CheckType } from './input.js';

/** A host and where on it a service listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** What a check is about, as it was written; `host` and `port` make up for a missing target. @throws `input.invalid` */
export function targetText({ target, host, port }: CheckInput): string {
  if (target !== undefined) return target.trim();
  if (host === undefined) throw fail('input.invalid', "Missing required parameter 'target'");
  return port === undefined ? host.trim() : `${isIPv6(host) ? `[${host}]` : host.trim()}:${port}`;
}

/** The kind of check that a target asks for by itself. @throws `input.invalid` when it does not say */
export function checkTypeOf(text: string): CheckType {
  const scheme = /^(https?|tcp|tls|dns):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return scheme as CheckType;
  if (/:\d+$/.test(text)) return 'tcp';
  if (/\.(service|socket|timer|target|mount|path|slice|scope)$/.test(text)) return 'systemd';
  throw fail('input.invalid', "Missing required parameter 'check_type'", {
    hint: 'Name tcp, http, https, dns, tls or systemd, or give the target as host:port or as a URL.',
  });
}

/**
 * Host and port of a target such as `host:port`, `[::1]:port` or `tcp://host:port`.
 * @param fallback the port where the target has none
 * @throws `input.invalid`
 */
export function endpointOf(text: string, fallback: number | undefined): Endpoint {
  const bare = text.replace(/^[a-z]+:\/\//i, '').replace(/\/$/, '');
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|(.*?))(?::([^:\]]*))?$/.exec(bare) ?? [];
  if (isIPv6(bare)) return { host: bare, port: neededPort(fallback) };
  const host = checkedHost(bracketed ?? plain ?? '');
  return { host, port: port === undefined ? neededPort(fallback) : portNumber(port) };
}

/** The name of a host, alone. @throws `input.invalid` */
export function checkedHost(text: string): string {
  const host = canonicalHost(text);
  if (host === undefined) throw fail('input.invalid', `'${text.slice(0, 100)}' is not a host`);
  return host;
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw fail('input.invalid', `Invalid port number '${text.slice(0, 20)}'`);
  return port;
}

function neededPort(port: number | undefined): number {
  if (port !== undefined) return port;
  throw fail('input.invalid', "The target must have the format 'host:port'");
}

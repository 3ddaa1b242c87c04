import { fail } from '../core/errors.js';
import { addressRange, canonicalHost, specialAddress } from './addresses.js';

/** A host and, where it was written, a port. */
export interface HostPort {
  host: string;
  port: number | undefined;
}

/** One granted (or, with a leading `!`, excluded) set of hosts. */
export interface NetPattern {
  /** Refuses what it matches, whatever else grants it. */
  readonly exclude: boolean;
  /** `*`: every name and every public address, but no special address. */
  readonly everything: boolean;
  /** @param host as `canonicalHost` writes it */
  matches(host: string, port: number | undefined): boolean;
}

/** What answers when a program on this machine is meant. A grant for one of them is a grant for all three. */
const LOCAL = new Set(['localhost', '127.0.0.1', '::1']);

/** Splits `host`, `host:port`, `[::1]:port` and `::1`. */
export function splitHostPort(text: string): HostPort {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text);
  if (!match) return { host: text, port: undefined };
  return { host: match[1] ?? match[2]!, port: match[3] === undefined ? undefined : Number(match[3]) };
}

/** Writes `host:port`, with brackets around IPv6. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads a pattern: `host`, `host:port`, `*.example.com`, `10.0.0.0/8`, `[::1]:8080`, `*`, each also with a
 * leading `!`. Of a URL only host and port count. Raises `config.invalid` for anything else.
 */
export function parseNetPattern(text: string): NetPattern {
  const exclude = text.startsWith('!');
  const body = text.slice(exclude ? 1 : 0).trim();
  const range = addressRange(body);
  if (range) return { exclude, everything: false, matches: (host) => range.contains(host) };
  const { host, port } = splitHostPort(hostOfUrl(body));
  const samePort = (other: number | undefined) => port === undefined || port === other;
  if (host === '*') return { exclude, everything: true, matches: (_, other) => samePort(other) };
  const matchesHost = hostMatcher(host, text);
  return { exclude, everything: false, matches: (other, at) => matchesHost(other) && samePort(at) };
}

/** Whether the patterns grant `host:port`. Special addresses need a pattern that names them. */
export function netAllowed(patterns: readonly NetPattern[], target: string): boolean {
  const { host, port } = splitHostPort(target);
  const canonical = canonicalHost(host);
  if (canonical === undefined) return false;
  if (patterns.some((pattern) => pattern.exclude && pattern.matches(canonical, port))) return false;
  const special = isLocalName(canonical) || specialAddress(canonical) !== undefined;
  return patterns.some(
    (pattern) => !pattern.exclude && pattern.matches(canonical, port) && !(special && pattern.everything),
  );
}

function hostMatcher(host: string, pattern: string): (other: string) => boolean {
  const wildcard = host.startsWith('*.');
  const canonical = canonicalHost(wildcard ? host.slice(2) : host);
  if (canonical === undefined || canonical.includes('*'))
    throw fail('config.invalid', `'${pattern}' is not a host pattern`, {
      hint: 'Write host, host:port, *.example.com, 10.0.0.0/8, [::1]:8080 or *.',
    });
  if (wildcard) return (other) => other.endsWith(`.${canonical}`);
  if (LOCAL.has(canonical)) return (other) => LOCAL.has(other);
  return (other) => other === canonical;
}

function hostOfUrl(text: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(text)?.[1] ?? text;
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

import { resolve } from 'node:path';
import { fail } from '../core/errors.js';
import { joinHostPort, netAllowed, parseNetPattern } from './net-patterns.js';
import { isInside, realPathSync } from './paths.js';

/** The kinds of databases, with the ports that their servers usually have. */
const DEFAULT_PORTS = { postgres: 5432, mysql: 3306 } as const;
const SCHEMES: Readonly<Record<string, 'sqlite' | 'postgres' | 'mysql'>> = {
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  file: 'sqlite',
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
};

/** The SQLite database that lives in memory and ends with the call; it reaches nothing and needs no grant. */
export const MEMORY_DATABASE = ':memory:';

/** Where a database is. */
export type DatabaseAddress = { kind: 'sqlite'; path: string } | ServerAddress;

/** A database on a server. */
export interface ServerAddress {
  kind: 'postgres' | 'mysql';
  host: string;
  port: number;
  /** Empty in a grant for every database of the server. */
  name: string;
  user: string;
  password: string;
  /** `sslmode`, `ssl` and the like. */
  options: Readonly<Record<string, string>>;
}

/**
 * Reads `sqlite:PATH`, `postgres://user:password@host:port/name` or `mysql://…`; other spellings of the schemes too.
 * Relative paths start at `cwd`. @throws `input.invalid`
 */
export function parseDatabaseUrl(text: string, cwd: string): DatabaseAddress {
  const scheme = /^([a-z0-9]+):/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const kind = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme]! : undefined;
  if (kind === undefined) throw notADatabase(text);
  if (kind === 'sqlite') return { kind, path: sqlitePath(text, scheme, cwd) };
  try {
    return { kind, ...serverParts(new URL(text), DEFAULT_PORTS[kind]) };
  } catch {
    throw notADatabase(text); // no URL, or a `%` that encodes nothing
  }
}

/** How the `db` capability names it; holds no user and no password. */
export function databaseTarget(address: DatabaseAddress): string {
  if (address.kind === 'sqlite') return `sqlite:${address.path}`;
  return `${address.kind}://${joinHostPort(address.host, address.port)}/${encodeURIComponent(address.name)}`;
}

/**
 * Whether a database is granted: the same server and name, the server alone, the file or a folder above it, or `*`.
 * Hosts are compared as the `net` capability compares them. A plain name is an entry of `[databases]`, which is granted
 * by being there.
 */
export function databaseRule(grants: readonly string[], cwd: string): (target: string) => boolean {
  if (grants.includes('*')) return () => true;
  const rules = grants.filter((grant) => grant.includes(':')).map((grant) => ruleOf(grant, cwd));
  return (target) => rules.some((covers) => covers(target));
}

function ruleOf(grant: string, cwd: string): (target: string) => boolean {
  const address = parseDatabaseUrl(grant, cwd);
  if (address.kind === 'sqlite') {
    const root = realPathSync(address.path);
    return (target) => target.startsWith('sqlite:') && isInside(root, target.slice('sqlite:'.length));
  }
  const host = parseNetPattern(joinHostPort(address.host, address.port));
  return (target) => {
    if (target.startsWith('sqlite:')) return false;
    const asked = parseDatabaseUrl(target, cwd) as ServerAddress;
    const sameServer =
      asked.kind === address.kind && netAllowed([host], joinHostPort(asked.host, asked.port));
    return sameServer && (address.name === '' || address.name === asked.name);
  };
}

function serverParts(url: URL, defaultPort: number): Omit<ServerAddress, 'kind'> {
  return {
    host: decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') || 'localhost',
    port: url.port === '' ? defaultPort : Number(url.port),
    name: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    options: Object.fromEntries(url.searchParams),
  };
}

/** `sqlite:a.db`, `sqlite://a.db` and `sqlite:///a.db` differ in where the path starts. Options are none of ours to grant. */
function sqlitePath(text: string, scheme: string, cwd: string): string {
  const written = text.slice(scheme.length + 1).replace(/^\/\//, '');
  if (written === '' || /[?\0]/.test(written)) throw notADatabase(text);
  if (written === MEMORY_DATABASE || written === `/${MEMORY_DATABASE}`) return MEMORY_DATABASE;
  return resolve(cwd, scheme === 'file' ? decodeLeniently(written) : written);
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The message shows neither user nor password, however oddly they are written. */
function notADatabase(text: string): Error {
  const shown = text.replace(/\/\/.*@/s, '//');
  return fail('input.invalid', `'${shown.slice(0, 200)}' is not the address of a database`, {
    hint: 'Write sqlite:PATH without options, postgres://user@host:port/name or mysql://user@host:port/name.',
  });
}

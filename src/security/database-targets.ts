import { resolve } from 'node:path';
import { fail } from '../core/errors.js';
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

/** Where a database is. */
export type DatabaseAddress =
  | { kind: 'sqlite'; path: string }
  | {
      kind: 'postgres' | 'mysql';
      host: string;
      port: number;
      /** Empty in a grant for every database of the server. */
      name: string;
      user: string;
      password: string;
      /** `sslmode`, `ssl` and the like. */
      options: Readonly<Record<string, string>>;
    };

/**
 * Reads `sqlite:PATH`, `postgres://user:password@host:port/name` or `mysql://…`; other spellings of the schemes too.
 * Relative paths start at `cwd`. @throws `input.invalid`
 */
export function parseDatabaseUrl(text: string, cwd: string): DatabaseAddress {
  const scheme = /^([a-z0-9]+):/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const kind = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme]! : undefined;
  if (kind === 'sqlite') return { kind, path: resolve(cwd, sqlitePath(text)) };
  if (kind === undefined || !URL.canParse(text)) throw notADatabase(text);
  const url = new URL(text);
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: url.port === '' ? DEFAULT_PORTS[kind] : Number(url.port),
    name: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    options: Object.fromEntries(url.searchParams),
  };
}

/** How the `db` capability names it; holds no user and no password. */
export function databaseTarget(address: DatabaseAddress): string {
  if (address.kind === 'sqlite') return `sqlite:${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.kind}://${host}:${address.port}/${encodeURIComponent(address.name)}`;
}

/** Whether a database is granted: the same server and name, the server alone, the file or a folder above it, or `*`. */
export function databaseRule(grants: readonly string[], cwd: string): (target: string) => boolean {
  if (grants.includes('*')) return () => true;
  const granted = grants.map((grant) => realAddress(parseDatabaseUrl(grant, cwd)));
  return (target) => {
    const asked = parseDatabaseUrl(target, cwd);
    return granted.some((grant) => covers(grant, asked));
  };
}

function covers(grant: DatabaseAddress, asked: DatabaseAddress): boolean {
  if (grant.kind === 'sqlite' || asked.kind === 'sqlite')
    return grant.kind === 'sqlite' && asked.kind === 'sqlite' && isInside(grant.path, asked.path);
  const sameServer = grant.kind === asked.kind && grant.host === asked.host && grant.port === asked.port;
  return sameServer && (grant.name === '' || grant.name === asked.name);
}

function realAddress(address: DatabaseAddress): DatabaseAddress {
  return address.kind === 'sqlite' ? { ...address, path: realPathSync(address.path) } : address;
}

function sqlitePath(text: string): string {
  return text
    .slice(text.indexOf(':') + 1)
    .replace(/^\/\/(?=\/)|^\/\/(?!\/)/, '')
    .replace(/\?.*$/, '');
}

function notADatabase(text: string): Error {
  const shown = text.replace(/\/\/[^@/]*@/, '//');
  return fail('input.invalid', `'${shown}' is not the address of a database`, {
    hint: 'Write sqlite:PATH, postgres://user@host:port/name or mysql://user@host:port/name.',
  });
}

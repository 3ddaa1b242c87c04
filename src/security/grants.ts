import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail } from '../core/errors.js';
import { CAPABILITIES, type Capability } from '../core/events.js';
import { specialAddress } from './addresses.js';
import { databaseTarget, parseDatabaseUrl } from './database-targets.js';
import { joinHostPort } from './net-patterns.js';

/**
 * What a run may touch. `'*'` grants all of a kind. Paths are files or folders (with everything below), hosts
 * are the patterns of `net-patterns.ts`, programs are names or paths, variables are names or `PREFIX_*`, databases
 * are the patterns of `database-targets.ts`.
 */
export interface Grants {
  read: string[];
  write: string[];
  net: string[];
  run: string[];
  env: string[];
  db: string[];
}

/** The parts of the configuration from which grants follow. */
export interface GrantConfig {
  permissions?: Partial<Record<Capability, readonly string[] | undefined>> | undefined;
  tools?:
    | {
        file_operations?: { allowed_paths?: readonly string[] | undefined } | undefined;
        system?:
          | {
              allowed_commands?: readonly string[] | undefined;
              allowed_env_vars?: readonly string[] | undefined;
            }
          | undefined;
        http_request?:
          | {
              allowed_hosts?: readonly string[] | undefined;
              blocked_hosts?: readonly string[] | undefined;
            }
          | undefined;
      }
    | undefined;
  databases?: Readonly<Record<string, { url: string; read_only?: boolean | undefined }>> | undefined;
  runtime?:
    | {
        security?:
          | {
              allow_file_access?: boolean | undefined;
              allow_network_access?: boolean | undefined;
              allow_process_spawn?: boolean | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** Where relative grants start and where temporary files live. */
export interface GrantPlaces {
  cwd: string;
  tmpdir: string;
}

/** Grants for nothing at all. */
export function noGrants(): Grants {
  return { read: [], write: [], net: [], run: [], env: [], db: [] };
}

/** How far a run may reach: nowhere, as far as it is granted, everywhere. */
export const SECURITY_LEVELS = ['safe', 'restricted', 'privileged'] as const;
/** One of them. */
export type GrantLevel = (typeof SECURITY_LEVELS)[number];

/** The grants of a level. `safe` takes away even the temporary folder; `privileged` grants all of every kind. */
export function grantsOfLevel(level: GrantLevel, granted: Grants): Grants {
  if (level === 'restricted') return granted;
  const all = level === 'privileged' ? ['*'] : [];
  return { read: all, write: all, net: all, run: all, env: all, db: all };
}

/** What a run may touch without any configuration: read here and in the temporary folder, write only there. */
export function defaultGrants({ cwd, tmpdir }: GrantPlaces): Grants {
  const temporary = process.platform === 'win32' ? [tmpdir] : [tmpdir, '/tmp'];
  return { ...noGrants(), read: unique([cwd, ...temporary]), write: unique(temporary) };
}

/** Everything that any of the given grants grants. */
export function mergeGrants(...all: readonly Partial<Grants>[]): Grants {
  const merged = noGrants();
  for (const capability of CAPABILITIES)
    merged[capability] = unique(all.flatMap((grants) => [...(grants[capability] ?? [])]));
  return merged;
}

/**
 * The grants that a configuration describes, on top of {@link defaultGrants}. Raises `config.invalid` for a
 * list that is none.
 */
export function grantsFromConfig(config: GrantConfig, places: GrantPlaces): Grants {
  const paths = config.tools?.file_operations?.allowed_paths ?? [];
  const { allowed_hosts: allowed = [], blocked_hosts: blocked = [] } = config.tools?.http_request ?? {};
  const tools = { read: absolute(paths, places.cwd), write: absolute(paths, places.cwd), net: [...allowed] };
  // A special address is refused anyway until someone names it; excluding it here would make that impossible.
  const excluded = blocked.filter((host) => !isSpecial(host)).map((host) => `!${host}`);
  return mergeGrants(
    defaultGrants(places),
    tools,
    switches(config),
    permissionLists(config, places.cwd),
    {
      net: excluded,
      run: [...(config.tools?.system?.allowed_commands ?? [])],
      env: [...(config.tools?.system?.allowed_env_vars ?? [])],
    },
    ...Object.values(config.databases ?? {}).map((database) => databaseGrants(database, places.cwd)),
  );
}

/**
 * The value of a flag such as `--allow-read=./docs,./data`: a list divided by commas. An empty or missing
 * value grants all of that kind. Relative paths start at `cwd`.
 */
export function parseGrantFlag(
  capability: Capability,
  value: string | undefined,
  cwd = process.cwd(),
): string[] {
  const items = (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return ['*'];
  if (isPathKind(capability)) return absolute(items, cwd);
  return capability === 'db' ? items.map((item) => databaseGrant(item, cwd)) : unique(items);
}

/** Grants as the flags that would give them. */
export function grantFlags(grants: Partial<Grants>): string {
  return CAPABILITIES.flatMap((capability) => {
    const items = grants[capability] ?? [];
    if (items.includes('*')) return `--allow-${capability}`;
    return items.length > 0 ? `--allow-${capability}=${items.join(',')}` : [];
  }).join(' ');
}

/** Who writes a database into the configuration wants spells to use it: its server or file is part of that. */
function databaseGrants(
  { url, read_only }: { url: string; read_only?: boolean | undefined },
  cwd: string,
): Partial<Grants> {
  const address = parseDatabaseUrl(url, cwd);
  const db = [databaseTarget(address)];
  if (address.kind !== 'sqlite') return { db, net: [joinHostPort(address.host, address.port)] };
  return { db, read: [address.path], ...(read_only === false && { write: [address.path] }) };
}

/** A database as it is granted: without user and password, paths absolute. */
function databaseGrant(item: string, cwd: string): string {
  return item === '*' ? item : databaseTarget(parseDatabaseUrl(item, cwd));
}

function switches(config: GrantConfig): Partial<Grants> {
  const security = config.runtime?.security ?? {};
  const all = (granted: boolean | undefined) => (granted === true ? ['*'] : []);
  return {
    read: all(security.allow_file_access),
    write: all(security.allow_file_access),
    net: all(security.allow_network_access),
    run: all(security.allow_process_spawn),
  };
}

function permissionLists(config: GrantConfig, cwd: string): Partial<Grants> {
  const lists: Partial<Grants> = {};
  for (const capability of CAPABILITIES) {
    const list: unknown = config.permissions?.[capability] ?? [];
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string'))
      throw fail('config.invalid', `permissions.${capability} must be a list of strings`);
    lists[capability] = isPathKind(capability) ? absolute(list, cwd) : [...list];
    if (capability === 'db')
      lists.db = list.filter((item) => /[:*]/.test(item)).map((item) => databaseGrant(item, cwd));
  }
  return lists;
}

function isPathKind(capability: Capability): boolean {
  return capability === 'read' || capability === 'write';
}

function absolute(paths: readonly string[], cwd: string): string[] {
  return unique(paths.map((path) => (path === '*' ? path : resolve(cwd, expandHome(path)))));
}

/** Configuration is written by the user, so `~/` means their home here; in a script's path it does not. */
function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function isSpecial(host: string): boolean {
  return host === 'localhost' || specialAddress(host) !== undefined;
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

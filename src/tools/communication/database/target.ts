import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import {
  type DatabaseAddress,
  databaseTarget,
  parseDatabaseUrl,
  type ServerAddress,
} from '../../../security/database-targets.js';
import { readFileGuarded, workingDirectory } from '../../../security/files.js';
import { netAllowed, parseNetPattern } from '../../../security/net-patterns.js';
import { joinHostPort, specialAddress } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';
import type { Target, TlsPolicy } from './job.js';

/** What a call says about where its database is. */
export interface DatabaseChoice {
  connection_string?: string | undefined;
  database?: string | undefined;
}

/** A database with what the configuration allows there. */
export interface ResolvedDatabase {
  target: Target;
  /** How messages name it; holds no password. */
  label: string;
  /** The configuration says that nothing may be changed. */
  readOnly: boolean;
  maxRows?: number | undefined;
  timeoutSeconds?: number | undefined;
}

/** What an entry of `[databases]` adds to an address. */
type Settings = Pick<ResolvedDatabase, 'label' | 'readOnly' | 'maxRows' | 'timeoutSeconds'>;

/** The variables that name a database when nothing else does. */
const FALLBACKS = [
  ['DATABASE_POSTGRESQL_URL', ''],
  ['DATABASE_SQLITE_PATH', 'sqlite:'],
] as const;

/**
 * Finds the database a call means: its connection string, an entry of `[databases]`, or the only one there is. A server
 * has to be granted; its password is known to nobody afterwards but the connection.
 * @throws `input.invalid`, `config.invalid`, `permission.db`
 */
export async function resolveDatabase(
  choice: DatabaseChoice,
  context: ExecutionContext,
  host: ToolHost,
): Promise<ResolvedDatabase> {
  const { address, settings } = locate(choice, context, host);
  if (address.kind === 'sqlite') return { target: { address, tls: false }, ...settings };
  context.secrets.add(address.password);
  await context.permissions.require('db', databaseTarget(address), context);
  refuseForeignHost(address, host);
  return { target: { address, tls: await tlsPolicy(address, host, context) }, ...settings };
}

function locate(choice: DatabaseChoice, context: ExecutionContext, host: ToolHost) {
  const cwd = workingDirectory(context);
  if (choice.connection_string !== undefined) {
    const address = parseDatabaseUrl(choice.connection_string, cwd);
    return { address, settings: { label: databaseTarget(address), readOnly: false } };
  }
  const name = choice.database ?? theOnly(Object.keys(host.databases)) ?? 'default';
  if (!Object.hasOwn(host.databases, name)) return fallback(name, choice, cwd, host);
  const { url, password_env, read_only, max_rows, timeout_seconds } = host.databases[name]!;
  const address = withPassword(parseDatabaseUrl(url, cwd), name, password_env, host);
  const settings: Settings = {
    label: `'${name}'`,
    readOnly: read_only !== false,
    maxRows: max_rows,
    timeoutSeconds: timeout_seconds,
  };
  return { address, settings };
}

function theOnly(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

function withPassword(
  address: DatabaseAddress,
  name: string,
  variable: string | undefined,
  host: ToolHost,
): DatabaseAddress {
  if (variable === undefined || address.kind === 'sqlite') return address;
  const password = host.environment[variable];
  if (password === undefined)
    throw fail('config.invalid', `The password of the database '${name}' is not set`, {
      hint: `Set the environment variable ${variable}.`,
    });
  return { ...address, password };
}

function fallback(name: string, choice: DatabaseChoice, cwd: string, host: ToolHost) {
  for (const [variable, scheme] of choice.database === undefined ? FALLBACKS : []) {
    const value = host.environment[variable];
    if (value)
      return {
        address: parseDatabaseUrl(scheme + value, cwd),
        settings: { label: variable, readOnly: false },
      };
  }
  const known = Object.keys(host.databases);
  throw fail('input.invalid', `Database '${name}' not configured`, {
    hint:
      known.length > 0
        ? `[databases] names ${known.join(', ')}; or pass connection_string.`
        : 'Pass connection_string, or add [databases.NAME] with a url to llmspell.toml.',
  });
}

/** `tools.database.allowed_hosts` narrows what is granted. */
function refuseForeignHost(address: ServerAddress, { config }: ToolHost): void {
  const allowed = config.database?.allowed_hosts;
  if (!allowed || allowed.includes('*')) return;
  const hostPort = joinHostPort(address.host, address.port);
  if (!netAllowed(allowed.map(parseNetPattern), hostPort))
    throw fail('permission.db', `The database host ${hostPort} is not in tools.database.allowed_hosts`);
}

/**
 * Encrypted and checked unless the server is on this machine or the address says otherwise. `require` encrypts without a
 * check, as it does elsewhere; `sslrootcert` names a certificate to trust.
 */
async function tlsPolicy(
  address: ServerAddress,
  host: ToolHost,
  context: ExecutionContext,
): Promise<TlsPolicy> {
  const mode = tlsMode(address);
  if (mode === 'disable' || mode === 'disabled' || mode === 'false' || mode === '0') return false;
  const local = address.host === 'localhost' || specialAddress(address.host) === 'loopback';
  const path = address.options.sslrootcert ?? address.options['ssl-ca'];
  const unspoken = mode === undefined || ['allow', 'prefer', 'preferred'].includes(mode);
  if (unspoken && local && path === undefined) return false;
  const verify = mode !== 'require' && mode !== 'required' && host.config.network?.verify_ssl !== false;
  if (path === undefined) return { verify };
  return { verify, ca: (await readFileGuarded(path, context, { maxBytes: 1_000_000 })).toString() };
}

function tlsMode({ options }: ServerAddress): string | undefined {
  for (const key of ['sslmode', 'ssl-mode', 'ssl_mode', 'ssl'])
    if (options[key]) return options[key].toLowerCase();
  return undefined;
}

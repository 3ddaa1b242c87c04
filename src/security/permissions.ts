import { resolve } from 'node:path';
import { notice } from '../core/around.js';
import type { ExecutionContext, Permissions } from '../core/context.js';
import { fail, type LlmspellError } from '../core/errors.js';
import type { Capability } from '../core/events.js';
import { specialAddress } from './addresses.js';
import { Answers, type Ask } from './ask.js';
import { databaseRule } from './database-targets.js';
import type { Grants } from './grants.js';
import { netAllowed, parseNetPattern, splitHostPort } from './net-patterns.js';
import { isInside, realPathSync } from './paths.js';
import { programRule } from './programs.js';

/** Permissions that also know from which folder relative paths start, and where programs are sought. */
export interface GrantedPermissions extends Permissions {
  readonly cwd: string;
  readonly searchPath: string;
  /** False where the certificates of servers are taken as they are. */
  readonly verifyTls: boolean;
}

/** What grants are relative to, and whom to ask about what they do not cover. */
export interface PermissionOptions {
  cwd: string;
  /** As the variable `PATH`, which it is when absent. */
  searchPath?: string | undefined;
  /** Whether certificates are checked; false is for tests of servers. True when absent. */
  verifyTls?: boolean | undefined;
  /** What to do about a refusal, where a flag of its own would not help. */
  hint?: string | undefined;
  /** Nobody is asked when absent. */
  ask?: Ask | undefined;
}

const SUBJECT = { type: 'System', name: 'security' } as const;

/** Whether a target of one capability is granted. */
type Rule = (target: string) => boolean;

/**
 * Other processes' memory and variables, and our own, lie here: `*` does not cover them, a grant that names
 * `/proc` (or `/`) does.
 */
const PROCESS_INTERNALS = /^\/proc\/(?:self|thread-self|\d+)(?:\/|$)/;

/**
 * The permissions that `grants` describe. Folders are resolved to their real paths once, here; relative ones
 * start at `cwd`. Raises `config.invalid` for a host pattern that is none.
 */
export function createPermissions(grants: Grants, options: PermissionOptions): GrantedPermissions {
  const { cwd, searchPath = process.env.PATH ?? '', verifyTls = true, hint, ask } = options;
  const answers = ask && new Answers(ask);
  const rules: Record<Capability, Rule> = {
    read: pathRule(grants.read, cwd),
    write: pathRule(grants.write, cwd),
    net: netRule(grants.net),
    run: programRule(grants.run, searchPath, cwd),
    env: envRule(grants.env),
    db: databaseRule(grants.db, cwd),
  };
  const allows = (capability: Capability, target: string) => rules[capability](target);
  return {
    cwd,
    allows,
    searchPath,
    verifyTls,
    async require(capability, target, context) {
      const granted =
        allows(capability, target) || ((await answers?.granted(capability, target, context)) ?? false);
      context.emit({ type: 'permission', capability, target, granted });
      if (granted) return;
      const refused = refusal(capability, target, hint);
      await notice('SecurityViolation', SUBJECT, { capability, target, message: refused.message }, context);
      throw refused;
    },
  };
}

/** Whether work in this context checks the certificates of servers. */
export function verifiesTls({ permissions }: ExecutionContext): boolean {
  return (permissions as Partial<GrantedPermissions>).verifyTls ?? true;
}

function pathRule(roots: readonly string[], cwd: string): Rule {
  const everything = roots.includes('*');
  const real = roots.filter((root) => root !== '*').map((root) => realPathSync(resolve(cwd, root)));
  return (target) => {
    const path = resolve(target);
    if (real.some((root) => isInside(root, path))) return true;
    return everything && !PROCESS_INTERNALS.test(path);
  };
}

function netRule(grants: readonly string[]): Rule {
  const patterns = grants.map(parseNetPattern);
  return (target) => netAllowed(patterns, target);
}

function envRule(grants: readonly string[]): Rule {
  const fold = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name);
  const names = new Set(grants.filter((name) => !name.endsWith('*')).map(fold));
  const prefixes = grants.filter((name) => name.endsWith('*')).map((name) => fold(name.slice(0, -1)));
  return (target) => names.has(fold(target)) || prefixes.some((prefix) => fold(target).startsWith(prefix));
}

function refusal(capability: Capability, target: string, hint: string | undefined): LlmspellError {
  const grant = capability === 'net' ? grantableHost(target) : target;
  return fail(`permission.${capability}`, `Permission denied: ${describe(capability, target)}`, {
    hint:
      hint ?? `Grant it with --allow-${capability}=${grant} or permissions.${capability} in llmspell.toml`,
    details: { capability, target },
  });
}

function describe(capability: Capability, target: string): string {
  if (capability === 'run') return `starting '${target}' is not granted`;
  if (capability === 'db') return `using the database '${target}' is not granted`;
  if (capability === 'env') return `the environment variable '${target}' is not granted`;
  if (capability !== 'net') return `${capability} access to '${target}' - Path not in allowed list`;
  const special = specialAddress(splitHostPort(target).host);
  const why = special ? `a ${special} address must be granted by name` : 'Domain not in allowed list';
  return `Host blocked: ${target} - ${special ? `Domain not in allowed list (${why})` : why}`;
}

/** What to write after the flag: the host without its port, in brackets where it is IPv6. */
function grantableHost(target: string): string {
  const { host } = splitHostPort(target);
  return host.includes(':') ? `[${host}]` : host;
}

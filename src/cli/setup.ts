import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/options.js';
import type { Config, DeepPartial } from '../config/types.js';
import { CAPABILITIES } from '../core/events.js';
import { Kernel } from '../kernel/kernel.js';
import { dataDirectory } from '../kernel/paths.js';
import type { Ask } from '../security/ask.js';
import {
  type GrantLevel,
  type Grants,
  grantsFromConfig,
  grantsOfLevel,
  mergeGrants,
  parseGrantFlag,
  SECURITY_LEVELS,
} from '../security/grants.js';
import { createPermissions } from '../security/permissions.js';
import type { ReadLine } from './ask/question.js';
import type { Subject } from './ask/saved-grants.js';
import type { Invocation, OptionDefinitions } from './command.js';
import { option } from './command.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

/** Options of commands that run scripts or tools. */
export const GRANT_OPTIONS: OptionDefinitions = {
  'allow-read': {
    value: 'PATHS',
    complete: 'file',
    optionalValue: true,
    repeat: true,
    doc: 'Grant reading files and folders; all without a value',
  },
  'allow-write': {
    value: 'PATHS',
    complete: 'file',
    optionalValue: true,
    repeat: true,
    doc: 'Grant writing files and folders; all without a value',
  },
  'allow-net': {
    value: 'HOSTS',
    optionalValue: true,
    repeat: true,
    doc: 'Grant reaching hosts; all public ones without a value',
  },
  'allow-run': {
    value: 'PROGRAMS',
    optionalValue: true,
    repeat: true,
    doc: 'Grant starting programs; all without a value',
  },
  'allow-env': {
    value: 'NAMES',
    optionalValue: true,
    repeat: true,
    doc: 'Grant reading environment variables; all without a value',
  },
  'allow-db': {
    value: 'DATABASES',
    optionalValue: true,
    repeat: true,
    doc: 'Grant using databases; all without a value',
  },
  level: {
    value: 'LEVEL',
    choices: SECURITY_LEVELS,
    doc: 'How far to reach: safe is nowhere, restricted what is granted (the default), privileged everywhere',
  },
  'no-prompt': { doc: 'Refuse what is not granted instead of asking' },
  'allow-all': { short: 'A', doc: 'Grant everything' },
};

/** Loads the configuration that a command line asks for. */
export async function loadSettings(
  invocation: Invocation,
  overrides?: DeepPartial<Config>,
): Promise<LoadedConfig> {
  const { loadConfig } = await import('../config/load.js');
  const { cwd, home, env } = invocation.terminal;
  return loadConfig({
    cwd,
    home,
    env,
    file: option(invocation, 'config'),
    profile: option(invocation, 'profile'),
    overrides,
  });
}

/** How a kernel is started besides what the command line says. */
export interface StartOptions {
  overrides?: DeepPartial<Config> | undefined;
  /** For whom grants are asked and kept. */
  subject?: Subject | undefined;
  /** A line that a person types, where a person is there to be asked. */
  readLine?: ReadLine | undefined;
  /** Grants beyond those that flags and configuration give; gets those. */
  consent?: ((granted: Grants) => Promise<Partial<Grants>>) | undefined;
}

/** Grants do not count at this level, so no flag of theirs would help. */
const SAFE_HINT = 'The level is safe: nothing is granted. Choose another with --level or permissions.level.';

/** A kernel with the configuration and the grants that a command line asks for. */
export async function startKernel(
  invocation: Invocation,
  { overrides, subject, readLine, consent }: StartOptions = {},
): Promise<{ kernel: Kernel; config: LoadedConfig }> {
  const config = await loadSettings(invocation, overrides);
  warn(invocation, config);
  const { cwd, env } = invocation.terminal;
  const given = mergeGrants(grants(invocation, config), await savedGrants(invocation, subject));
  const level = (option(invocation, 'level') ??
    config.config.permissions.level ??
    'restricted') as GrantLevel;
  const all = grantsOfLevel(level, consent ? mergeGrants(given, await consent(given)) : given);
  const ask =
    readLine && level === 'restricted' && mayAsk(invocation)
      ? await makeAsk(invocation, readLine, subject)
      : undefined;
  const permissions = createPermissions(all, {
    cwd,
    searchPath: env.PATH ?? '',
    verifyTls: config.config.tools.network?.verify_ssl,
    ...(level === 'safe' && { hint: SAFE_HINT }),
    ask,
  });
  // Where nothing is to be reached, no server is started either.
  const mcp = level !== 'safe';
  const { thread, terminal } = invocation;
  const acceptMcpChanges = ask && readLine && mcpQuestion(terminal, readLine);
  return {
    kernel: new Kernel({ config, permissions, cwd, environment: env, thread, mcp, acceptMcpChanges }),
    config,
  };
}

/** Whether a person sits at the terminal and wants to be asked. */
export function mayAsk({ terminal, options }: Invocation): boolean {
  return terminal.stdinIsTTY && terminal.stderrIsTTY && options['no-prompt'] === undefined;
}

function mcpQuestion(terminal: Terminal, readLine: ReadLine) {
  return async (server: string, changes: readonly string[]): Promise<boolean> => {
    terminal.err(
      `\nThe tools of the MCP server ${printable(server)} have changed: ${printable(changes.join(', '))}\n`,
    );
    terminal.err('  accept them? [y]es, [n]o ');
    return /^y(es)?$/i.test((await readLine())?.trim() ?? '');
  };
}

async function savedGrants({ terminal }: Invocation, subject: Subject | undefined): Promise<Partial<Grants>> {
  if (!subject || !existsSync(join(dataDirectory(terminal.env), 'grants.json'))) return {};
  const { SavedGrants } = await import('./ask/saved-grants.js');
  return new SavedGrants(terminal).of(subject);
}

async function makeAsk(
  { terminal }: Invocation,
  readLine: ReadLine,
  subject: Subject | undefined,
): Promise<Ask> {
  const [{ terminalAsk }, { SavedGrants }] = await Promise.all([
    import('./ask/question.js'),
    import('./ask/saved-grants.js'),
  ]);
  return terminalAsk(terminal, readLine, subject && { saved: new SavedGrants(terminal), subject });
}

function grants(invocation: Invocation, config: LoadedConfig) {
  const { cwd } = invocation.terminal;
  const configured = grantsFromConfig(config.config, {
    cwd,
    tmpdir: temporaryDirectory(invocation.terminal.env),
  });
  const all = invocation.options['allow-all'] !== undefined;
  const flags = CAPABILITIES.flatMap((capability) => {
    const given = all ? [''] : (invocation.options[`allow-${capability}`] ?? []);
    return given.map((value) => ({ [capability]: parseGrantFlag(capability, value, cwd) }));
  });
  return mergeGrants(configured, ...flags);
}

/** As `os.tmpdir()`, without loading that module. */
function temporaryDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.TMPDIR ?? env.TMP ?? env.TEMP;
  return named?.replace(/(?<=.)[/\\]$/, '') || (process.platform === 'win32' ? 'C:\\Windows\\Temp' : '/tmp');
}

function warn({ terminal, options }: Invocation, { warnings }: LoadedConfig): void {
  const trace = options.trace?.at(-1);
  if (trace === 'off' || trace === 'error') return;
  for (const warning of warnings) terminal.err(`Warning: ${warning.message}\n`);
}

import type { LoadedConfig } from '../config/options.js';
import type { Config, DeepPartial } from '../config/types.js';
import { CAPABILITIES } from '../core/events.js';
import { Kernel } from '../kernel/kernel.js';
import { grantsFromConfig, mergeGrants, parseGrantFlag } from '../security/grants.js';
import { createPermissions } from '../security/permissions.js';
import type { Invocation, OptionDefinitions } from './command.js';
import { option } from './command.js';

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

/** A kernel with the configuration and the grants that a command line asks for. */
export async function startKernel(
  invocation: Invocation,
  overrides?: DeepPartial<Config>,
): Promise<{ kernel: Kernel; config: LoadedConfig }> {
  const config = await loadSettings(invocation, overrides);
  warn(invocation, config);
  const { cwd, env } = invocation.terminal;
  const permissions = createPermissions(grants(invocation, config), { cwd });
  return {
    kernel: new Kernel({ config, permissions, cwd, environment: env, thread: invocation.thread }),
    config,
  };
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

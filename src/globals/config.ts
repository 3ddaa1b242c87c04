import { z } from 'zod';
import { around } from '../core/around.js';
import { fail } from '../core/errors.js';
import { redactSecrets } from '../core/redact.js';
import { isRecord, type JsonObject, type JsonValue, setOwn } from '../core/values.js';
import { type Call, defineGlobal, member } from './define.js';
import { integer, table, text } from './types.js';

const SECTIONS = [
  'providers',
  'engines',
  'runtime',
  'tools',
  'permissions',
  'security',
  'hooks',
  'events',
  'debug',
  'rag',
  'storage',
];

const permissions = z
  .object({
    read: z.boolean(),
    modify_providers: z.boolean(),
    modify_tools: z.boolean(),
    modify_runtime: z.boolean(),
    modify_security: z.boolean(),
    access_secrets: z.boolean(),
  })
  .meta({ id: 'ConfigPermissions' });

const shown = (value: unknown): JsonValue => redactSecrets(value) as JsonValue;

/** The value at a dotted path; keys that contain dots are not reachable this way. */
function at(config: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = config;
  for (const key of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}

function section(call: Call, name: string): JsonValue {
  const config = call.services.scriptConfig;
  const value = name === 'security' ? at(config, 'runtime.security') : config[name];
  if (value === undefined || !SECTIONS.includes(name)) {
    throw fail('config.unknown_section', `Unknown configuration section: ${name}`, {
      hint: `Sections: ${SECTIONS.join(', ')}`,
    });
  }
  return shown(value);
}

/** Whether anything at all of a kind is granted; says what the run may do, not what the file says. */
const allowed = (call: Call, capability: 'read' | 'net', target: string) =>
  call.services.permissions.allows(capability, target);

/** Changes the session's configuration, unless a handler of `ConfigurationChange` refuses or changes it. */
async function change(
  call: Call,
  path: string,
  value: JsonValue,
  apply: (value: JsonValue) => void,
): Promise<void> {
  const points = {
    before: 'ConfigurationChange',
    subject: { type: 'System', name: 'configuration' },
  } as const;
  await around(points, { path, value }, call.context, async (data) => {
    apply(data.value ?? null);
    return null;
  });
}

/** The global `Config`. */
export default defineGlobal({
  name: 'Config',
  doc: 'The effective configuration. Secrets are shown as `<REDACTED>` at every depth. What a script changes is its session’s own copy; it never widens what the script may touch.',
  members: {
    get: member({
      doc: 'The value at a dotted path, or the default given; the whole configuration without a path.',
      params: {
        path: text().optional().describe('e.g. `providers.openai.default_model`.'),
        default: z.any().optional(),
      },
      returns: z.any(),
      aliases: ['get_all'],
      run: (call, { path, default: otherwise }) => {
        const config = shown(call.services.scriptConfig) as JsonObject;
        if (path === undefined) return config;
        return at(config, path) ?? otherwise ?? null;
      },
      example: {
        lua: 'print(Config.get("default_engine"))',
        javascript: 'print(Config.get("default_engine"));',
      },
    }),
    getSection: member({
      doc: 'One section. Raises `Unknown configuration section: <name>`.',
      params: { name: text() },
      returns: z.record(z.string(), z.any()),
      run: (call, { name }) => section(call, name),
    }),
    getDefaultEngine: member({
      doc: 'The script language that is used when a file does not say.',
      params: {},
      returns: z.string(),
      run: (call) => call.services.scriptConfig.default_engine ?? 'lua',
    }),
    getProvider: member({
      doc: 'The settings of a provider, or nil.',
      params: { name: text() },
      returns: z.record(z.string(), z.any()).nullable(),
      run: (call, { name }) => {
        const value = at({ providers: section(call, 'providers') }, `providers.${name}`);
        return isRecord(value) ? value : null;
      },
    }),
    listProviders: member({
      doc: 'The names of the configured providers, sorted.',
      params: {},
      returns: z.array(z.string()),
      run: (call) =>
        Object.entries(section(call, 'providers') as JsonObject)
          .flatMap(([name, value]) => (isRecord(value) ? [name] : []))
          .sort(),
    }),
    getSecurity: member({
      doc: 'The security settings.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: (call) => section(call, 'security'),
    }),
    getTools: member({
      doc: 'The tool settings.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: (call) => section(call, 'tools'),
    }),
    isFileAccessAllowed: member({
      doc: 'Whether this script may read files where it runs.',
      params: {},
      returns: z.boolean(),
      run: (call) => allowed(call, 'read', call.resolvePath('.')),
    }),
    isNetworkAccessAllowed: member({
      doc: 'Whether this script may reach any public host.',
      params: {},
      returns: z.boolean(),
      run: (call) => allowed(call, 'net', 'example.com:443'),
    }),
    getPermissions: member({
      doc: 'What a script may do with the configuration.',
      params: {},
      returns: permissions,
      run: () => ({
        read: true,
        modify_providers: true,
        modify_tools: true,
        modify_runtime: true,
        modify_security: false,
        access_secrets: false,
      }),
    }),
    setProvider: member({
      doc: 'Adds or replaces a provider for this session.',
      params: { name: text(), settings: table() },
      run: (call, { name, settings }) => {
        const { model, ...rest } = settings;
        const entry: JsonObject = { name, provider_type: name, enabled: true, ...rest };
        if (model !== undefined && entry.default_model === undefined) entry.default_model = model;
        return change(call, `providers.${name}`, entry, (value) =>
          setOwn(call.services.scriptConfig.providers as JsonObject, name, value),
        );
      },
    }),
    setSecurity: member({
      doc: 'Raises: a script may not change security settings.',
      params: { settings: table().optional() },
      run: () => {
        throw fail('config.locked', 'Cannot modify security settings without permission', {
          hint: 'Change them in llmspell.toml or with command-line flags.',
        });
      },
    }),
    addAllowedPath: member({
      doc: 'Adds a path to the script’s own view of `tools.file_operations.allowed_paths`. Grants nothing: that takes a flag or the configuration file.',
      params: { path: text() },
      run: (call, { path }) => {
        const tools = at(call.services.scriptConfig, 'tools.file_operations.allowed_paths');
        return change(call, 'tools.file_operations.allowed_paths', path, (value) => {
          if (Array.isArray(tools)) tools.push(value);
        });
      },
    }),
    snapshot: member({
      doc: 'Remembers the session’s configuration; gives the moment in Unix seconds for `restoreSnapshot`.',
      params: {},
      returns: z.number().int(),
      run: (call) =>
        call.services.configSnapshots.take(call.services.scriptConfig, call.context.effects.now()),
    }),
    restoreSnapshot: member({
      doc: 'Goes back to a snapshot. Raises `Snapshot not found: <moment>`.',
      params: { moment: integer() },
      run: (call, { moment }) =>
        change(call, '', moment, (value) =>
          call.services.configSnapshots.restore(call.services.scriptConfig, Number(value)),
        ),
    }),
    toJson: member({
      doc: 'The whole configuration as a table.',
      params: {},
      returns: z.record(z.string(), z.any()),
      run: (call) => shown(call.services.scriptConfig),
    }),
  },
});

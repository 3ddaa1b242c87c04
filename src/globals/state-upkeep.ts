import { z } from 'zod';
import { fail, toLlmspellError } from '../core/errors.js';
import { isRecord, type ScriptValue } from '../core/values.js';
import { VALIDATION_LEVELS } from '../state/migration/validation.js';
import { type Call, member, type ScriptFunction } from './define.js';
import { anyValue, flag, integer, number, text } from './types.js';

const backupId = () => text().describe('The id, as `create_backup` and `list_backups` give it.');
const emptyTable = (given: unknown) => (Array.isArray(given) && given.length === 0 ? {} : given);
const backupInfo = z.object({
  id: z.string(),
  created_at: z.string(),
  size_bytes: z.int(),
  is_incremental: z.boolean(),
  parent_id: z.string().optional(),
  label: z.string().optional(),
  entry_count: z.int(),
  state_version: z.string(),
  damaged: z.string().optional(),
});
const decision = z.object({
  backup_id: z.string(),
  should_retain: z.boolean(),
  priority: z.enum(['Critical', 'Important', 'Standard', 'Low']),
  reason: z.string(),
});

const migrateOptions = z.strictObject({
  dry_run: flag().optional(),
  create_backup: flag().optional(),
  batch_size: integer().pipe(z.int().min(1)).optional(),
  timeout: number().optional(),
  validation_level: z
    .preprocess(
      (level) => (typeof level === 'string' ? level.toLowerCase() : level),
      z.enum(VALIDATION_LEVELS),
    )
    .optional(),
  rollback_on_error: flag().optional(),
});
const createOptions = z.strictObject({ incremental: flag().optional(), label: text().optional() });
const cleanupOptions = z.strictObject({ dry_run: flag().optional(), keep_count: integer().optional() });
const restoreOptions = z.strictObject({
  dry_run: flag().optional(),
  backup_current: flag().optional(),
  target_version: text().optional(),
});

/** Two versions of one schema; what examples begin with. */
const EXAMPLE_SCHEMAS = {
  lua: 'State.register_schema({ version = "1.0.0", entries = "person:*", fields = { name = "string" } })\nState.register_schema({ version = "2.0.0", entries = "person:*", migrations = {\n  { from = "1.0.0", transforms = { { kind = "split", field = "name", to = { "first", "last" } } } },\n} })\n',
  javascript:
    'State.registerSchema({ version: "1.0.0", entries: "person:*", fields: { name: "string" } });\nState.registerSchema({ version: "2.0.0", entries: "person:*", migrations: [\n  { from: "1.0.0", transforms: [{ kind: "split", field: "name", to: ["first", "last"] }] },\n] });\n',
};

/** Members that change what all entries look like. */
export const migrationMembers = {
  register_schema: member({
    doc: 'Adds a schema, for as long as this session lasts; its version. A schema says what the entries of a version look like and how they become those of another; `apply` of a transform of kind `custom` is a function that gets value and key and gives the new value.',
    params: {
      schema: z
        .record(z.string(), z.any())
        .meta({ raw: true })
        .describe('`version`, `entries`, `fields`, `compatibility` and `migrations`.'),
    },
    returns: z.string(),
    run: async (call, { schema }) =>
      (await call.services.stateUpkeep()).schemas.register(withFunctions(schema), 'the spell'),
    example: {
      lua: `${EXAMPLE_SCHEMAS.lua}print(table.concat(State.get_schema_versions(), ", "))`,
      javascript: `${EXAMPLE_SCHEMAS.javascript}print(State.getSchemaVersions().join(", "));`,
    },
  }),
  migrate: member({
    doc: 'Takes every entry to another version of its schema, in one step and after a backup; what was done, or, with `success` false, why nothing was. Raises for what is no version and when no schema is registered.',
    params: {
      target_version: text().describe('The version, e.g. `2.0.0`.'),
      options: z
        .preprocess(emptyTable, migrateOptions)
        .optional()
        .describe(
          '`dry_run`, `create_backup`, `batch_size`, `timeout` (seconds), `validation_level` (`none`, `basic`, `strict`, `paranoid`) and `rollback_on_error`.',
        ),
    },
    returns: z.object({
      success: z.boolean(),
      status: z.string(),
      current_version: z.string().optional(),
      target_version: z.string().optional(),
      from_version: z.string().optional(),
      to_version: z.string().optional(),
      items_migrated: z.int().optional(),
      duration_ms: z.int().optional(),
      dry_run: z.boolean().optional(),
      backup_id: z.string().optional(),
      warnings: z.array(z.string()).optional(),
      errors: z.array(z.string()).optional(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
    run: async (call, { target_version, options = {} }) => {
      const { backup_on_migration } = call.services.config.config.runtime.state_persistence;
      return (await call.services.stateUpkeep()).migrations.migrate(target_version, call.context, {
        dryRun: options.dry_run,
        createBackup: options.create_backup ?? backup_on_migration,
        batchSize: options.batch_size,
        timeoutSeconds: options.timeout,
        level: options.validation_level,
        rollbackOnError: options.rollback_on_error,
      });
    },
    example: {
      lua: `${EXAMPLE_SCHEMAS.lua}State.save("person", "ada", { name = "Ada Lovelace" })\nprint(State.migrate("2.0.0", { dry_run = true }).status)\nprint(State.migrate("2.0.0").status)`,
      javascript: `${EXAMPLE_SCHEMAS.javascript}State.save("person", "ada", { name: "Ada Lovelace" });\nprint(State.migrate("2.0.0", { dry_run: true }).status);\nprint(State.migrate("2.0.0").status);`,
    },
  }),
  get_migration_status: member({
    doc: 'Which version the entries have and where they can go; `migration_available` is false when no schema is registered.',
    params: {},
    returns: z.object({
      current_version: z.string(),
      migration_available: z.boolean(),
      total_schemas: z.int().optional(),
      latest_version: z.string().optional(),
      is_latest: z.boolean().optional(),
      migration_targets: z.array(z.string()).optional(),
      error: z.string().optional(),
    }),
    run: async (call) => (await call.services.stateUpkeep()).migrations.status(),
    example: {
      lua: 'local status = State.get_migration_status()\nprint(status.current_version, status.migration_available)',
      javascript:
        'const status = State.getMigrationStatus();\nprint(status.current_version, status.migration_available);',
    },
  }),
  get_schema_versions: member({
    doc: 'The versions of all registered schemas, ascending.',
    params: {},
    returns: z.array(z.string()),
    run: async (call) => (await call.services.stateUpkeep()).schemas.versions(),
    example: {
      lua: 'State.register_schema({ version = "1.0.0" })\nprint(table.concat(State.get_schema_versions(), ", "))',
      javascript: 'State.registerSchema({ version: "1.0.0" });\nprint(State.getSchemaVersions().join(", "));',
    },
  }),
};

/** Members that keep copies of all entries. */
export const backupMembers = {
  create_backup: member({
    doc: 'Writes down all entries as they are at this moment; what can be lost by it is nothing, as others go on writing. With `success` false, why it could not.',
    params: {
      options: anyValue()
        .optional()
        .meta({ type: 'boolean | string | { incremental?: boolean, label?: string }' })
        .describe(
          'True for only what differs from the newest backup, a text for a label, or a table of both.',
        ),
    },
    returns: z.object({
      success: z.boolean(),
      backup_id: z.string().optional(),
      size_bytes: z.int().optional(),
      timestamp: z.string().optional(),
      incremental: z.boolean(),
      entry_count: z.int().optional(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
    run: async (call, { options }) => {
      const { incremental = false, label } = creation(options);
      return told({ incremental }, async () => {
        const { backups } = await call.services.stateUpkeep();
        const made = await backups.create(call.context, { incremental, label });
        return {
          backup_id: made.id,
          size_bytes: made.size_bytes,
          timestamp: made.created_at,
          incremental: made.is_incremental,
          entry_count: made.entry_count,
        };
      });
    },
    example: {
      lua: 'State.set("n", 1)\nlocal full = State.create_backup("before the change")\nState.set("n", 2)\nlocal later = State.create_backup(true)\nprint(full.success, later.incremental)',
      javascript:
        'State.set("n", 1);\nconst full = State.createBackup("before the change");\nState.set("n", 2);\nconst later = State.createBackup(true);\nprint(full.success, later.incremental);',
    },
  }),
  list_backups: member({
    doc: 'All backups, the newest first; one that is damaged says so in `damaged`.',
    params: {},
    returns: z.array(backupInfo),
    run: async (call) => (await call.services.stateUpkeep()).backups.list(),
    example: {
      lua: 'State.create_backup()\nfor _, backup in ipairs(State.list_backups()) do print(backup.id, backup.entry_count) end',
      javascript:
        'State.createBackup();\nfor (const backup of State.listBackups()) print(backup.id, backup.entry_count);',
    },
  }),
  restore_backup: member({
    doc: 'Verifies a backup and puts all entries back as it has them, in one step; the present ones are backed up first. With `success` false nothing was changed, and `error` says why.',
    params: {
      backup_id: backupId(),
      options: z
        .preprocess(emptyTable, restoreOptions)
        .optional()
        .describe('`dry_run`, `backup_current`, and `target_version`, which the backup must have.'),
    },
    returns: z.object({
      success: z.boolean(),
      backup_id: z.string(),
      restored_entries: z.int().optional(),
      changed_entries: z.int().optional(),
      rollback_id: z.string().optional(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
    run: (call, { backup_id, options = {} }) =>
      told({ backup_id }, async () =>
        (await call.services.stateUpkeep()).backups.restore(backup_id, call.context, {
          dryRun: options.dry_run,
          backupCurrent: options.backup_current,
          targetVersion: options.target_version,
        }),
      ),
    example: {
      lua: 'State.set("n", 1)\nlocal backup = State.create_backup()\nState.set("n", 2)\nprint(State.restore_backup(backup.backup_id).success, State.get("n"))',
      javascript:
        'State.set("n", 1);\nconst backup = State.createBackup();\nState.set("n", 2);\nprint(State.restoreBackup(backup.backup_id).success, State.get("n"));',
    },
  }),
  validate_backup: member({
    doc: 'Reads a backup and all it builds on; what is wrong with it.',
    params: { backup_id: backupId() },
    returns: z.object({
      is_valid: z.boolean(),
      checksum_valid: z.boolean(),
      integrity_valid: z.boolean(),
      errors: z.array(z.string()),
      warnings: z.array(z.string()),
    }),
    aliases: ['verify_backup'],
    run: async (call, { backup_id }) => (await call.services.stateUpkeep()).backups.validate(backup_id),
    example: {
      lua: 'local backup = State.create_backup()\nprint(State.validate_backup(backup.backup_id).is_valid)',
      javascript:
        'const backup = State.createBackup();\nprint(State.validateBackup(backup.backup_id).is_valid);',
    },
  }),
  get_storage_usage: member({
    doc: 'How many backups and entries there are, and how many bytes they take.',
    params: {},
    returns: z.object({
      total_backups: z.int(),
      total_size: z.int(),
      full_backups: z.int(),
      incremental_backups: z.int(),
      oldest_backup: z.string().optional(),
      newest_backup: z.string().optional(),
      entries_count: z.int(),
      bytes_used: z.int(),
    }),
    run: async (call) => (await call.services.stateUpkeep()).backups.usage(),
    example: {
      lua: 'local usage = State.get_storage_usage()\nprint(usage.total_backups, usage.total_size, usage.entries_count)',
      javascript:
        'const usage = State.getStorageUsage();\nprint(usage.total_backups, usage.total_size, usage.entries_count);',
    },
  }),
  cleanup_backups: member({
    doc: 'Removes the backups that the configuration does not keep, or all but the newest so many; what others build on stays. A report, with a decision about each.',
    params: {
      options: anyValue()
        .optional()
        .meta({ type: 'boolean | number | { dry_run?: boolean, keep_count?: number }' })
        .describe('True to only say what would go, a number of backups to keep, or a table of both.'),
    },
    returns: z.object({
      success: z.boolean(),
      dry_run: z.boolean(),
      deleted_count: z.int(),
      retained_count: z.int(),
      space_freed: z.int(),
      evaluated_count: z.int(),
      decisions: z.array(decision),
      execution_time: z.number(),
    }),
    run: async (call, { options }) => {
      const { dry_run = false, keep_count } = tidying(options);
      const { backups } = await call.services.stateUpkeep();
      const report = await backups.cleanup(call.context, { dryRun: dry_run, keepCount: keep_count });
      return { success: true, dry_run, ...report };
    },
    example: {
      lua: 'State.create_backup()\nState.create_backup()\nprint(State.cleanup_backups(true).deleted_count)\nprint(State.cleanup_backups(1).retained_count)',
      javascript:
        'State.createBackup();\nState.createBackup();\nprint(State.cleanupBackups(true).deleted_count);\nprint(State.cleanupBackups(1).retained_count);',
    },
  }),
  delete_backup: member({
    doc: 'Removes a backup on which no other builds; with `success` false, why not.',
    params: { backup_id: backupId() },
    returns: z.object({
      success: z.boolean(),
      backup_id: z.string(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
    run: (call, { backup_id }) =>
      told({ backup_id }, async () => {
        await (await call.services.stateUpkeep()).backups.delete(backup_id, call.context);
        return {};
      }),
    example: {
      lua: 'local backup = State.create_backup()\nprint(State.delete_backup(backup.backup_id).success)',
      javascript:
        'const backup = State.createBackup();\nprint(State.deleteBackup(backup.backup_id).success);',
    },
  }),
};

/** What became of work with backups, as scripts are told: they ask whether it went well. */
async function told<I extends object, T extends object>(identity: I, work: () => Promise<T>) {
  try {
    return { success: true, ...identity, ...(await work()) };
  } catch (thrown) {
    const { code, message } = toLlmspellError(thrown);
    if (!/^(backup|storage|state)\./.test(code)) throw thrown;
    return { success: false, ...identity, error: message, code };
  }
}

function creation(options: ScriptValue | undefined): z.output<typeof createOptions> {
  if (typeof options === 'string') return { label: options };
  if (isRecord(options)) return checked('State.create_backup', createOptions, options);
  return { incremental: options === true };
}

function tidying(options: ScriptValue | undefined): z.output<typeof cleanupOptions> {
  if (isRecord(options)) return checked('State.cleanup_backups', cleanupOptions, options);
  if (typeof options !== 'number' && !(options instanceof Number)) return { dry_run: options === true };
  return checked('State.cleanup_backups', cleanupOptions, { keep_count: Number(options) });
}

function checked<S extends z.ZodType>(member: string, schema: S, given: unknown): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw fail('input.invalid', `bad argument #1 'options' to '${member}': ${parsed.error.issues[0]!.message}`);
}

/** A schema whose functions are those of the script, called as a part of the migration. */
function withFunctions(schema: Record<string, unknown>): Record<string, unknown> {
  const each = (list: unknown, change: (item: Record<string, unknown>) => unknown) =>
    Array.isArray(list) ? list.map((item) => (isRecord(item) ? change(item) : item)) : list;
  if (!('migrations' in schema)) return schema;
  const migrations = each(schema.migrations, (step) => ({
    ...step,
    ...('transforms' in step && { transforms: each(step.transforms, withFunction) }),
  }));
  return { ...schema, migrations };
}

function withFunction(transform: Record<string, unknown>): Record<string, unknown> {
  const { apply } = transform;
  if (typeof apply !== 'function') return transform;
  const call = (value: ScriptValue, key: string, context: Call['context']) =>
    (apply as ScriptFunction).within(context, [value, key]);
  return { ...transform, apply: call };
}

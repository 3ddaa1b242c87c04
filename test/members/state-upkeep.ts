import { memberCase as is, type MemberCase } from './case.js';

const LUA_SCHEMAS = `State.register_schema({ version = "1.0.0", entries = "task:*" })
State.register_schema({ version = "2.0.0", entries = "task:*", migrations = {
  { from = "1.0.0", transforms = { { kind = "default", field = "done", value = false } } },
} })
State.save("task", "a", { title = "x" })
`;
const JS_SCHEMAS = `State.registerSchema({ version: "1.0.0", entries: "task:*" });
State.registerSchema({ version: "2.0.0", entries: "task:*", migrations: [
  { from: "1.0.0", transforms: [{ kind: "default", field: "done", value: false }] },
] });
State.save("task", "a", { title: "x" });
`;

/** What the members of `State` do that look after it: schemas, migrations, backups. */
export const STATE_UPKEEP_CASES: readonly MemberCase[] = [
  is(
    'State.register_schema',
    ['1.0.0', 'migration.invalid'],
    'print(State.register_schema({ version = "1.0.0", entries = "a:*" }))\npcall(State.register_schema, { version = "one" })\nprint(Debug.last_error().code)',
    'print(State.registerSchema({ version: "1.0.0", entries: "a:*" }));\ntry { State.registerSchema({ version: "one" }); } catch (e) { print(e.code); }',
  ),
  is(
    'State.migrate',
    ['true completed', 'false', 'already_current'],
    `${LUA_SCHEMAS}local result = State.migrate("2.0.0")\nprint(result.success, result.status)\nprint(State.load("task", "a").done)\nprint(State.migrate("2.0.0").status)`,
    `${JS_SCHEMAS}const result = State.migrate("2.0.0");\nprint(result.success, result.status);\nprint(State.load("task", "a").done);\nprint(State.migrate("2.0.0").status);`,
  ),
  is(
    'State.get_migration_status',
    ['unknown false', '2 true'],
    `local before = State.get_migration_status()\nprint(before.current_version, before.migration_available)\n${LUA_SCHEMAS}local after = State.get_migration_status()\nprint(after.total_schemas, after.migration_available)`,
    `const before = State.getMigrationStatus();\nprint(before.current_version, before.migration_available);\n${JS_SCHEMAS}const after = State.getMigrationStatus();\nprint(after.total_schemas, after.migration_available);`,
  ),
  is(
    'State.get_schema_versions',
    ['1.0.0,2.0.0'],
    `${LUA_SCHEMAS}print(table.concat(State.get_schema_versions(), ","))`,
    `${JS_SCHEMAS}print(State.getSchemaVersions().join(","));`,
  ),
  is(
    'State.create_backup',
    ['true 1 false', 'true true'],
    'State.set("x", 1)\nlocal b = State.create_backup("first")\nprint(b.success, b.entry_count, b.incremental)\nlocal c = State.create_backup(true)\nprint(c.success, c.incremental)',
    'State.set("x", 1);\nconst b = State.createBackup("first");\nprint(b.success, b.entry_count, b.incremental);\nconst c = State.createBackup(true);\nprint(c.success, c.incremental);',
  ),
  is(
    'State.list_backups',
    ['0', 'first false'],
    'print(#State.list_backups())\nState.set("x", 1)\nState.create_backup("first")\nprint(State.list_backups()[1].label, State.list_backups()[1].is_incremental)',
    'print(State.listBackups().length);\nState.set("x", 1);\nState.createBackup("first");\nprint(State.listBackups()[0].label, State.listBackups()[0].is_incremental);',
  ),
  is(
    'State.restore_backup',
    ['true 1', '1 true', 'false'],
    'State.set("x", 1)\nlocal id = State.create_backup().backup_id\nState.set("x", 2)\nState.set("y", 3)\nlocal r = State.restore_backup(id)\nprint(r.success, r.restored_entries)\nprint(State.get("x"), State.get("y") == nil)\nprint(State.restore_backup("backup_nobody").success)',
    'State.set("x", 1);\nconst id = State.createBackup().backup_id;\nState.set("x", 2);\nState.set("y", 3);\nconst r = State.restoreBackup(id);\nprint(r.success, r.restored_entries);\nprint(State.get("x"), State.get("y") === null);\nprint(State.restoreBackup("backup_nobody").success);',
  ),
  is(
    'State.validate_backup',
    ['true true 0'],
    'State.set("x", 1)\nlocal v = State.validate_backup(State.create_backup().backup_id)\nprint(v.is_valid, v.checksum_valid, #v.errors)',
    'State.set("x", 1);\nconst v = State.validateBackup(State.createBackup().backup_id);\nprint(v.is_valid, v.checksum_valid, v.errors.length);',
  ),
  is(
    'State.get_storage_usage',
    ['1 1 true'],
    'State.set("x", 1)\nState.create_backup()\nlocal u = State.get_storage_usage()\nprint(u.total_backups, u.full_backups, u.total_size > 0)',
    'State.set("x", 1);\nState.createBackup();\nconst u = State.getStorageUsage();\nprint(u.total_backups, u.full_backups, u.total_size > 0);',
  ),
  is(
    'State.cleanup_backups',
    ['1 2', '1'],
    'State.set("x", 1)\nfor _ = 1, 2 do State.create_backup() end\nlocal r = State.cleanup_backups(1)\nprint(r.deleted_count, r.evaluated_count)\nprint(#State.list_backups())',
    'State.set("x", 1);\nfor (let i = 0; i < 2; i++) State.createBackup();\nconst r = State.cleanupBackups(1);\nprint(r.deleted_count, r.evaluated_count);\nprint(State.listBackups().length);',
  ),
  is(
    'State.delete_backup',
    ['true 0', 'false'],
    'State.set("x", 1)\nlocal id = State.create_backup().backup_id\nprint(State.delete_backup(id).success, #State.list_backups())\nprint(State.delete_backup(id).success)',
    'State.set("x", 1);\nconst id = State.createBackup().backup_id;\nprint(State.deleteBackup(id).success, State.listBackups().length);\nprint(State.deleteBackup(id).success);',
  ),
];

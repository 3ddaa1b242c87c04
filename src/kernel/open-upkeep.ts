import { join, resolve } from 'node:path';
import type { Config } from '../config/types.js';
import type { ExecutionContext } from '../core/context.js';
import { Backups } from '../state/backup/backups.js';
import { Migrations } from '../state/migration/migrations.js';
import type { CustomTransform } from '../state/migration/schema.js';
import { loadSchemas } from '../state/migration/schema-files.js';
import { Schemas } from '../state/migration/schemas.js';
import type { State } from '../state/state.js';
import type { StateUpkeep } from '../state/upkeep.js';
import { tenantFolder } from '../storage/tenant-folder.js';

/** What an embedding program adds to the schemas of the configuration. */
export interface StateSchemas {
  readonly schemas?: readonly unknown[] | undefined;
  /** The functions that transforms of kind `custom` name. */
  readonly transforms?: Readonly<Record<string, CustomTransform>> | undefined;
}

/** What upkeep is opened with. */
export interface UpkeepParts {
  readonly config: Config;
  readonly cwd: string;
  /** Where everything is kept that outlives a run. */
  readonly directory: string;
  readonly tenant: string;
  readonly schemas?: StateSchemas | undefined;
}

/** Backups and migrations of a tenant's state, as the configuration wants them. @throws `migration.invalid` */
export async function openUpkeep(state: State, parts: UpkeepParts): Promise<StateUpkeep> {
  const { schema_directory } = parts.config.runtime.state_persistence;
  const schemas = new Schemas(parts.schemas?.transforms);
  if (schema_directory !== undefined) await loadSchemas(resolve(parts.cwd, schema_directory), schemas);
  for (const schema of parts.schemas?.schemas ?? []) schemas.register(schema, 'the program');
  const backups = openBackups(state, parts);
  const backUp = async (label: string, context: ExecutionContext) =>
    (await backups.create(context, { label })).id;
  return { backups, schemas, migrations: new Migrations(state, schemas, backUp) };
}

function openBackups(state: State, { config, cwd, directory, tenant }: UpkeepParts): Backups {
  const { backup } = config.runtime.state_persistence;
  const home = backup.backup_dir === undefined ? join(directory, 'backups') : resolve(cwd, backup.backup_dir);
  return new Backups(state, {
    directory: join(home, tenantFolder(tenant)),
    packing: backup.compression_enabled ? backup.compression_type : 'none',
    level: backup.compression_level,
    incremental: backup.incremental_enabled,
    maxCount: backup.max_backups,
    maxAgeSeconds: backup.max_backup_age,
  });
}

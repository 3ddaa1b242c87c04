import type { Backups } from './backup/backups.js';
import type { Migrations } from './migration/migrations.js';
import type { Schemas } from './migration/schemas.js';

/** What keeps the state of a tenant in order. */
export interface StateUpkeep {
  readonly backups: Backups;
  readonly migrations: Migrations;
  readonly schemas: Schemas;
}

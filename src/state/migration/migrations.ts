import { around } from '../../core/around.js';
import type { ExecutionContext } from '../../core/context.js';
import { fail, toLlmspellError } from '../../core/errors.js';
import { INTERNAL } from '../internal-keys.js';
import type { State } from '../state.js';
import { type Rewriting, rewrite } from './rewrite.js';
import { type Schemas, versionOf } from './schemas.js';
import type { ValidationLevel } from './validation.js';

/** How {@link Migrations.migrate} goes about it. */
export interface MigrateOptions {
  /** Works everything out and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Whether a backup is made first. */
  readonly createBackup?: boolean | undefined;
  /** Entries read at once; 100 when absent. */
  readonly batchSize?: number | undefined;
  /** Seconds; 300 when absent. */
  readonly timeoutSeconds?: number | undefined;
  /** `strict` when absent. */
  readonly level?: ValidationLevel | undefined;
  /** False leaves out entries that cannot be migrated; true when absent. */
  readonly rollbackOnError?: boolean | undefined;
}

/** What came of it, in the words of scripts. */
export type MigrationResult =
  | { success: true; status: 'already_current'; current_version: string; target_version: string }
  | {
      success: true;
      status: 'completed';
      from_version: string;
      to_version: string;
      items_migrated: number;
      duration_ms: number;
      dry_run?: true;
      backup_id?: string;
      warnings?: string[];
      errors?: string[];
    }
  | {
      success: false;
      status: 'rolledback';
      error: string;
      code: string;
      from_version: string;
      target_version: string;
    };

/** Where the entries stand, in the words of scripts. */
export type MigrationStatus =
  | {
      current_version: string;
      migration_available: true;
      total_schemas: number;
      latest_version: string;
      is_latest: boolean;
      migration_targets: string[];
    }
  | { current_version: 'unknown'; migration_available: false; error: string };

/** How often a migration begins anew because somebody wrote to what it had read. */
const ATTEMPTS = 8;

/**
 * Takes all entries of a tenant from one schema to another. Everything is worked out first, batch by batch, and then
 * written in one step of the store together with the new version: whoever reads, and whoever comes after a crash at
 * any moment, finds either all entries as they were or all as they are to be.
 */
export class Migrations {
  /** @param backup makes a backup and gives its id. */
  constructor(
    private readonly state: State,
    private readonly schemas: Schemas,
    private readonly backup: (label: string, context: ExecutionContext) => Promise<string>,
  ) {}

  /**
   * Migrates; fires the point `StateMigration` before anything is written. What goes wrong with the entries is told by
   * the result.
   * @throws `migration.invalid` for what is no version, `migration.not_found` without schemas, `hook.cancelled`
   */
  async migrate(
    target: string,
    context: ExecutionContext,
    options: MigrateOptions = {},
  ): Promise<MigrationResult> {
    const to = versionOf(target);
    const from = await this.current();
    if (from === undefined) throw noSchema();
    if (from === to)
      return { success: true, status: 'already_current', current_version: from, target_version: to };
    try {
      return await this.run(from, to, context, options);
    } catch (thrown) {
      context.signal.throwIfAborted();
      const { code, message } = toLlmspellError(thrown);
      if (code === 'hook.cancelled') throw thrown;
      context.emit({ type: 'state.migrated', from, to, items: 0, ok: false });
      const error = `Migration failed: ${message}`;
      return { success: false, status: 'rolledback', error, code, from_version: from, target_version: to };
    }
  }

  /** Where the entries stand. */
  async status(): Promise<MigrationStatus> {
    const current = await this.current();
    if (current === undefined)
      return { current_version: 'unknown', migration_available: false, error: noSchema().message };
    const versions = this.schemas.versions();
    const latest = versions.at(-1)!;
    return {
      current_version: current,
      migration_available: true,
      total_schemas: versions.length,
      latest_version: latest,
      is_latest: latest === current,
      migration_targets: versions.includes(current) ? this.schemas.targets(current) : [],
    };
  }

  /** What the store says; entries of a store that says nothing have the first schema. Undefined without schemas. */
  private async current(): Promise<string | undefined> {
    const [first] = this.schemas.versions();
    if (first === undefined) return undefined;
    const stored = await this.state.lasting.store.get(INTERNAL.schemaVersion);
    return stored ? Buffer.from(stored).toString() : first;
  }

  private async run(
    from: string,
    to: string,
    context: ExecutionContext,
    options: MigrateOptions,
  ): Promise<MigrationResult> {
    const started = context.effects.now();
    const { dryRun = false, createBackup = false } = options;
    let backup_id: string | undefined;
    const planned = await this.plan(from, to, context, options);
    const subject = { type: 'State', name: 'migration' } as const;
    const facts = { from_version: from, to_version: to, items: planned.changes.length, dry_run: dryRun };
    await around({ before: 'StateMigration', subject }, facts, context, async () => undefined);
    if (!dryRun) {
      if (createBackup) backup_id = await this.backup(`before migration to ${to}`, context);
      await this.commit(planned, { from, to }, context, options);
    }
    const { changes, warnings, errors } = planned;
    return {
      success: true,
      status: 'completed',
      from_version: from,
      to_version: to,
      items_migrated: changes.length,
      duration_ms: Math.round(context.effects.now() - started),
      ...(dryRun && { dry_run: true }),
      ...(backup_id !== undefined && { backup_id }),
      ...(warnings.length > 0 && { warnings }),
      ...(errors.length > 0 && { errors }),
    };
  }

  private plan(
    from: string,
    to: string,
    context: ExecutionContext,
    options: MigrateOptions,
  ): Promise<Rewriting> {
    const { batchSize = 100, timeoutSeconds = 300, level = 'strict', rollbackOnError = true } = options;
    const until = context.effects.now() + timeoutSeconds * 1000;
    const checkTime = () => {
      if (context.effects.now() > until)
        throw fail('migration.failed', `It took longer than ${timeoutSeconds} seconds`);
    };
    const steps = this.schemas.path(from, to);
    const how = { batchSize, level, rollbackOnError, checkTime };
    return rewrite(this.state.lasting, steps, this.schemas, how, context);
  }

  /** Writes all of it if nobody has changed any of it meanwhile; else it is worked out anew. */
  private async commit(
    first: Rewriting,
    { from, to }: { from: string; to: string },
    context: ExecutionContext,
    options: MigrateOptions,
  ): Promise<void> {
    const { store } = this.state.lasting;
    for (let attempt = 0, planned = first; attempt < ATTEMPTS; attempt++) {
      const stored = await store.get(INTERNAL.schemaVersion);
      if (stored && Buffer.from(stored).toString() !== from) throw migratedMeanwhile();
      const version = { key: INTERNAL.schemaVersion, value: Buffer.from(to) };
      const seen = [{ key: INTERNAL.schemaVersion, value: stored }, ...planned.seen];
      if (await store.batchIf(seen, [version, ...planned.changes])) {
        Object.assign(first, planned);
        this.state.noticed(planned.changes, context);
        context.emit({ type: 'state.migrated', from, to, items: planned.changes.length, ok: true });
        return;
      }
      planned = await this.plan(from, to, context, options);
    }
    throw fail('migration.failed', 'The state changed all the time', { hint: 'Stop what writes to it.' });
  }
}

function noSchema() {
  return fail('migration.not_found', 'No current schema found: no schema is registered', {
    hint: 'Register one with State.register_schema, or set runtime.state_persistence.schema_directory.',
  });
}

function migratedMeanwhile() {
  return fail('migration.failed', 'Somebody else has migrated the state meanwhile');
}

import type { ExecutionContext } from '../../core/context.js';
import { errorToData, fail, toLlmspellError } from '../../core/errors.js';
import type { JsonValue } from '../../core/values.js';
import type { StoreChange } from '../../storage/store.js';
import { INTERNAL, isInternalKey } from '../internal-keys.js';
import type { State } from '../state.js';
import { type BackupFile, BackupFiles } from './backup-files.js';
import { type Content, canonical, changed, difference, toChanges } from './content.js';
import { damaged, hashOf, type ManifestFacts, readBody, readManifest, writeBackup } from './format.js';
import type { Packing } from './packing.js';
import { byAge, byCount, byImportance, composite, decide, type RetentionDecision } from './retention.js';

/** How backups are kept. */
export interface BackupOptions {
  readonly directory: string;
  readonly packing: Packing;
  /** 1 is fastest, 9 smallest. */
  readonly level: number;
  /** False makes every backup a whole one. */
  readonly incremental: boolean;
  readonly maxCount: number;
  readonly maxAgeSeconds?: number | undefined;
}

/** A backup as it is listed. */
export interface BackupInfo {
  readonly id: string;
  /** RFC 3339. */
  readonly created_at: string;
  readonly size_bytes: number;
  readonly is_incremental: boolean;
  readonly parent_id?: string | undefined;
  readonly label?: string | undefined;
  readonly entry_count: number;
  /** The version of the schema the entries have; `unknown` when they have none. */
  readonly state_version: string;
  /** Set when the file is damaged; says how. */
  readonly damaged?: string | undefined;
}

/** What was found out about a backup. */
export interface BackupValidation {
  is_valid: boolean;
  checksum_valid: boolean;
  integrity_valid: boolean;
  errors: string[];
  warnings: string[];
}

/** How {@link Backups.restore} goes about it. */
export interface RestoreOptions {
  /** Changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** False makes no backup of what is there before; true when absent. */
  readonly backupCurrent?: boolean | undefined;
  /** The schema version the backup must have. */
  readonly targetVersion?: string | undefined;
}

/** What {@link Backups.restore} did, or would do. */
export interface Restored {
  readonly backup_id: string;
  readonly restored_entries: number;
  /** Entries that differed. */
  readonly changed_entries: number;
  /** The backup of what was there before. */
  readonly rollback_id?: string | undefined;
}

/** What {@link Backups.cleanup} did, or would do. */
export interface CleanupReport {
  readonly deleted_count: number;
  readonly retained_count: number;
  readonly space_freed: number;
  readonly evaluated_count: number;
  readonly decisions: RetentionDecision[];
  /** Milliseconds. */
  readonly execution_time: number;
}

/** How often something is tried again that others changed under it. */
const ATTEMPTS = 8;

/** Copies of one tenant's state, in files. Damaged ones are named, never used, and never removed by a rule. */
export class Backups {
  private readonly files: BackupFiles;

  constructor(
    private readonly state: State,
    private readonly options: BackupOptions,
  ) {
    this.files = new BackupFiles(options.directory);
  }

  /**
   * Writes down every entry as they all are at one moment.
   * @param options.incremental only what differs from the newest backup, if there is one that is sound.
   * @throws `backup.failed`, `storage.*`
   */
  async create(
    context: ExecutionContext,
    options: { label?: string | undefined; incremental?: boolean | undefined } = {},
  ): Promise<BackupInfo> {
    const id = `backup_${context.effects.id()}`;
    tell(context, id, 'started', { incremental: options.incremental ?? false });
    try {
      const info = await this.write(id, context, options);
      tell(context, id, 'completed', { size_bytes: info.size_bytes, entry_count: info.entry_count });
      return info;
    } catch (thrown) {
      tell(context, id, 'failed', { error: { ...errorToData(toLlmspellError(thrown)) } as JsonValue });
      throw thrown;
    }
  }

  /** All backups, the newest first; damaged ones last. */
  async list(): Promise<BackupInfo[]> {
    const { files, broken } = await this.files.list();
    const unusable = broken.map(({ id, bytes, error }): BackupInfo => {
      const nothing = { is_incremental: false, entry_count: 0, state_version: 'unknown' };
      return { id, created_at: '', size_bytes: bytes, ...nothing, damaged: error.message };
    });
    return [...files.map(infoOf), ...unusable];
  }

  /** Reads a backup and all it builds on, and says what is wrong with it. @throws `backup.not_found`, `backup.failed` */
  async validate(id: string): Promise<BackupValidation> {
    await this.files.read(id);
    try {
      const content = await this.content(id);
      const warnings = content.size === 0 ? ['It holds nothing.'] : [];
      return { is_valid: true, checksum_valid: true, integrity_valid: true, errors: [], warnings };
    } catch (thrown) {
      const { code, message } = toLlmspellError(thrown);
      if (code !== 'backup.invalid' && code !== 'backup.not_found') throw thrown;
      const alone = await this.isSoundAlone(id);
      const errors = [code === 'backup.not_found' ? `${message}, on which it builds` : message];
      return { is_valid: false, checksum_valid: alone, integrity_valid: false, errors, warnings: [] };
    }
  }

  /**
   * Puts every entry back as it was, in one step: readers see all of it or nothing. It is verified first.
   * @throws `backup.not_found`, `backup.invalid`, `backup.failed`, `storage.*`; nothing is changed then.
   */
  async restore(id: string, context: ExecutionContext, options: RestoreOptions = {}): Promise<Restored> {
    const wanted = await this.content(id);
    checkVersion(id, wanted, options.targetVersion);
    const restored_entries = countEntries(wanted.keys());
    if (options.dryRun) {
      const changes = difference(await this.snapshot(), wanted);
      return {
        backup_id: id,
        restored_entries,
        changed_entries: countEntries(changes.map(({ key }) => key)),
      };
    }
    const rollback =
      options.backupCurrent === false ? undefined : await this.create(context, { label: `before ${id}` });
    const changes = await this.replace(id, wanted);
    this.state.noticed(changes, context);
    tell(context, id, 'restored', { restored_entries });
    const changed_entries = countEntries(changes.map(({ key }) => key));
    const done = { backup_id: id, restored_entries, changed_entries };
    return rollback ? { ...done, rollback_id: rollback.id } : done;
  }

  /** Removes a backup. @throws `backup.not_found`; `backup.failed` when another builds on it. */
  async delete(id: string, context: ExecutionContext): Promise<void> {
    if (!(await this.files.remove(id, () => this.isParent(id))))
      throw fail('backup.failed', `Another backup builds on ${id}`, {
        hint: 'Delete the incremental backups that came after it first.',
      });
    tell(context, id, 'deleted');
  }

  /**
   * Removes what the rules do not keep: those of the configuration, or the newest `keepCount` alone.
   * Incremental backups go before those they build on.
   */
  async cleanup(
    context: ExecutionContext,
    options: { dryRun?: boolean | undefined; keepCount?: number | undefined } = {},
  ): Promise<CleanupReport> {
    const now = context.effects.now();
    await this.files.recover(now);
    const { files } = await this.files.list();
    const backups = files.map(({ manifest, bytes }) => ({ ...manifest, parent: manifest.parent?.id, bytes }));
    const decisions = decide(backups, this.policy(options.keepCount), now);
    const leaving = backups.filter((_, index) => !decisions[index]!.should_retain);
    const removed = options.dryRun ? leaving : await this.removeAll(leaving, context);
    return {
      deleted_count: removed.length,
      retained_count: backups.length - removed.length,
      space_freed: removed.reduce((sum, { bytes }) => sum + bytes, 0),
      evaluated_count: backups.length,
      decisions,
      execution_time: context.effects.now() - now,
    };
  }

  private policy(keepCount: number | undefined) {
    if (keepCount !== undefined) return byCount(keepCount);
    const { maxCount, maxAgeSeconds } = this.options;
    const age = maxAgeSeconds === undefined ? [] : [byAge(maxAgeSeconds)];
    return composite([byImportance(), byCount(maxCount), ...age]);
  }

  /** What somebody has begun to need meanwhile stays. */
  private async removeAll<T extends { id: string }>(
    leaving: readonly T[],
    context: ExecutionContext,
  ): Promise<T[]> {
    const removed: T[] = [];
    for (const backup of leaving) {
      const gone = await this.files
        .remove(backup.id, () => this.isParent(backup.id))
        .catch((thrown) => {
          if (toLlmspellError(thrown).code === 'backup.not_found') return false;
          throw thrown;
        });
      if (!gone) continue;
      removed.push(backup);
      tell(context, backup.id, 'deleted');
    }
    return removed;
  }

  private async write(
    id: string,
    context: ExecutionContext,
    { label, incremental }: { label?: string | undefined; incremental?: boolean | undefined },
  ): Promise<BackupInfo> {
    const newest = (await this.files.list()).files[0];
    const parent = incremental && this.options.incremental ? newest : undefined;
    const before = parent && (await this.content(parent.manifest.id).catch(() => undefined));
    const now = await this.snapshot();
    const schemaVersion = textOf(now.get(INTERNAL.schemaVersion));
    const facts: ManifestFacts = {
      id,
      // A clock that was set back makes no backup older than those before it.
      createdAt: Math.max(context.effects.now(), (newest?.manifest.createdAt ?? 0) + 1),
      ...(label !== undefined && { label }),
      ...(parent && before && { parent: { id: parent.manifest.id, checksum: parent.checksum } }),
      entries: countEntries(now.keys()),
      ...(schemaVersion !== undefined && { schemaVersion }),
      contentChecksum: await hashOf(canonical(now)),
    };
    const changes = before ? difference(before, now) : toChanges([...now]);
    const bytes = await writeBackup(facts, changes, this.options);
    await this.files.write(id, bytes);
    if (!facts.parent || (await this.files.has(facts.parent.id)))
      return infoOf({ ...(await readManifest(id, bytes)), bytes: bytes.length });
    // Somebody has removed what it builds on.
    await this.files.remove(id, async () => false);
    return this.write(id, context, { label, incremental: false });
  }

  private async snapshot(): Promise<Content> {
    return new Map(await this.state.lasting.store.entries(''));
  }

  /** What is there when a backup is restored. @throws `backup.*` */
  private async content(id: string, checksum?: string): Promise<Content> {
    const bytes = await this.files.read(id);
    const read = await readManifest(id, bytes);
    if (checksum !== undefined && read.checksum !== checksum)
      throw damaged(id, 'it is not the one that later backups build on');
    const changes = await readBody(read, bytes);
    const { parent, contentChecksum } = read.manifest;
    const content = changed(parent ? await this.content(parent.id, parent.checksum) : new Map(), changes);
    if ((await hashOf(canonical(content))) !== contentChecksum)
      throw damaged(id, 'it does not give what it was made of');
    return content;
  }

  private async isSoundAlone(id: string): Promise<boolean> {
    try {
      const bytes = await this.files.read(id);
      await readBody(await readManifest(id, bytes), bytes);
      return true;
    } catch {
      return false;
    }
  }

  private async isParent(id: string): Promise<boolean> {
    const { files } = await this.files.list();
    return files.some(({ manifest }) => manifest.parent?.id === id);
  }

  private async replace(id: string, wanted: Content): Promise<StoreChange[]> {
    const { store } = this.state.lasting;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const present = await this.snapshot();
      const changes = difference(present, wanted);
      const seen = changes.map(({ key }) => ({ key, value: present.get(key) }));
      if (await store.batchIf(seen, changes)) return changes;
    }
    throw fail('backup.failed', `The backup ${id} could not be restored: the state changed all the time`, {
      hint: 'Stop what writes to it, and try again.',
    });
  }

  /** How many backups there are, and what room they take. */
  async usage(): Promise<{
    total_backups: number;
    total_size: number;
    full_backups: number;
    incremental_backups: number;
    oldest_backup?: string;
    newest_backup?: string;
    entries_count: number;
    bytes_used: number;
  }> {
    const { files } = await this.files.list();
    const incremental_backups = files.filter(({ manifest }) => manifest.parent).length;
    const [newest, oldest] = [files[0], files.at(-1)];
    const present = await this.snapshot();
    return {
      total_backups: files.length,
      total_size: files.reduce((sum, { bytes }) => sum + bytes, 0),
      full_backups: files.length - incremental_backups,
      incremental_backups,
      ...(oldest && { oldest_backup: timeOf(oldest) }),
      ...(newest && { newest_backup: timeOf(newest) }),
      entries_count: countEntries(present.keys()),
      bytes_used: [...present].reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + value.length, 0),
    };
  }
}

function infoOf(file: BackupFile): BackupInfo {
  const { id, parent, label, entries, schemaVersion } = file.manifest;
  return {
    id,
    created_at: timeOf(file),
    size_bytes: file.bytes,
    is_incremental: parent !== undefined,
    ...(parent && { parent_id: parent.id }),
    ...(label !== undefined && { label }),
    entry_count: entries,
    state_version: schemaVersion ?? 'unknown',
  };
}

function timeOf({ manifest }: BackupFile): string {
  return new Date(manifest.createdAt).toISOString();
}

function countEntries(keys: Iterable<string>): number {
  let count = 0;
  for (const key of keys) if (!isInternalKey(key)) count++;
  return count;
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

function checkVersion(id: string, content: Content, wanted: string | undefined): void {
  const version = textOf(content.get(INTERNAL.schemaVersion)) ?? 'unknown';
  if (wanted === undefined || wanted === version) return;
  throw fail('backup.invalid', `The backup ${id} has schema version ${version}, not ${wanted}`, {
    hint: 'Restore it without a target version, and migrate afterwards.',
  });
}

function tell(
  context: ExecutionContext,
  backup: string,
  change: 'started' | 'completed' | 'failed' | 'deleted' | 'restored',
  data?: JsonValue,
): void {
  context.emit({ type: 'backup.changed', backup, change, ...(data !== undefined && { data }) });
}

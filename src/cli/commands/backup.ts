import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import type { BackupInfo, BackupValidation, CleanupReport } from '../../state/backup/backups.js';
import { defineCommand, flagged, option } from '../command.js';
import { printable } from '../printable.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { STATE_OPTIONS, withState } from '../state/with-state.js';

const BACKUP = { name: 'BACKUP', doc: 'The id of a backup; newest is the newest' };
const NEWEST = 'newest';

const create = defineCommand({
  name: 'create',
  summary: 'Write down all entries as they are at this moment',
  options: {
    ...STATE_OPTIONS,
    incremental: { doc: 'Only what differs from the newest backup' },
    label: { value: 'TEXT', doc: 'A name; backups with one are not pruned by age or number' },
  },
  examples: ['llmspell backup create', 'llmspell backup create --incremental'],
  run: (invocation) =>
    withState(invocation, 'backup create', async ({ upkeep, context }) => {
      const { backups } = await upkeep();
      const made = await backups.create(context, {
        incremental: flagged(invocation, 'incremental'),
        label: option(invocation, 'label'),
      });
      printResult(invocation, { json: made, text: () => made.id });
      return EXIT.ok;
    }),
});

const list = defineCommand({
  name: 'list',
  summary: 'Show the backups, newest first',
  options: STATE_OPTIONS,
  examples: ['llmspell backup list'],
  run: (invocation) =>
    withState(invocation, undefined, async ({ upkeep }) => {
      const { backups } = await upkeep();
      const all = await backups.list();
      printResult(invocation, { json: all, text: () => table(all) });
      return EXIT.ok;
    }),
});

const verify = defineCommand({
  name: 'verify',
  summary: 'Read a backup and all it builds on, and say whether it is sound',
  args: [{ ...BACKUP, doc: `${BACKUP.doc}; all of them when absent`, optional: true }],
  options: STATE_OPTIONS,
  examples: ['llmspell backup verify', 'llmspell backup verify newest'],
  run: (invocation) =>
    withState(invocation, undefined, async ({ upkeep }) => {
      const { backups } = await upkeep();
      const all = await backups.list();
      const { BACKUP: given } = invocation.args;
      const ids = given === undefined ? all.map(({ id }) => id) : [idOf(given, all)];
      const found: ({ id: string } & BackupValidation)[] = [];
      for (const id of ids) found.push({ id, ...(await backups.validate(id)) });
      const text = () =>
        found.map(({ id, errors }) => `${id}: ${errors.length > 0 ? errors.join('; ') : 'sound'}`).join('\n');
      printResult(invocation, { json: found, text });
      return found.every(({ is_valid }) => is_valid) ? EXIT.ok : EXIT.failure;
    }),
});

const restore = defineCommand({
  name: 'restore',
  summary: 'Put all entries back as a backup has them, after a backup of the present ones',
  args: [BACKUP],
  options: {
    ...STATE_OPTIONS,
    'dry-run': { doc: 'Only say what would change' },
    'no-backup': { doc: 'Make no backup of the present entries' },
    'target-version': { value: 'VERSION', doc: 'The schema version that the backup must have' },
  },
  examples: ['llmspell backup restore newest --dry-run'],
  run: (invocation) =>
    withState(invocation, 'backup restore', async ({ upkeep, context }) => {
      const { backups } = await upkeep();
      const id = idOf(invocation.args.BACKUP!, await backups.list());
      const dry = flagged(invocation, 'dry-run');
      const done = await backups.restore(id, context, {
        dryRun: dry,
        backupCurrent: !flagged(invocation, 'no-backup'),
        targetVersion: option(invocation, 'target-version'),
      });
      const text = `${dry ? 'Would restore' : 'Restored'} ${done.restored_entries} entries, ${done.changed_entries} of them changed.`;
      printResult(invocation, { json: { ...done, dry_run: dry }, text: () => text });
      return EXIT.ok;
    }),
});

const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'Delete a backup on which no other builds',
  args: [BACKUP],
  options: STATE_OPTIONS,
  examples: ['llmspell backup delete newest'],
  run: (invocation) =>
    withState(invocation, 'backup delete', async ({ upkeep, context }) => {
      const { backups } = await upkeep();
      const id = idOf(invocation.args.BACKUP!, await backups.list());
      await backups.delete(id, context);
      printResult(invocation, { json: { id, deleted: true }, text: () => `Deleted ${id}.` });
      return EXIT.ok;
    }),
});

const prune = defineCommand({
  name: 'prune',
  summary: 'Delete the backups that the configuration does not keep',
  options: {
    ...STATE_OPTIONS,
    keep: { value: 'N', doc: 'Keep the newest so many, whatever the configuration says' },
    'dry-run': { doc: 'Only say what would go' },
  },
  examples: ['llmspell backup prune --dry-run', 'llmspell backup prune --keep 3'],
  run: (invocation) =>
    withState(invocation, 'backup prune', async ({ upkeep, context }) => {
      const { backups } = await upkeep();
      const dry = flagged(invocation, 'dry-run');
      const report = await backups.cleanup(context, {
        dryRun: dry,
        keepCount: numberOption(invocation, 'keep'),
      });
      printResult(invocation, { json: { ...report, dry_run: dry }, text: () => decisions(report, dry) });
      return EXIT.ok;
    }),
});

/** `llmspell backup`: copies of what spells have stored. */
export default defineCommand({
  name: 'backup',
  summary: 'Make, verify and restore copies of what spells have stored',
  subcommands: [create, list, verify, restore, deleteCommand, prune],
});

function idOf(given: string, all: readonly BackupInfo[]): string {
  if (given !== NEWEST) return given;
  const [newest] = all;
  if (newest) return newest.id;
  throw fail('backup.not_found', 'There is no backup', { hint: 'Make one: llmspell backup create' });
}

function table(all: readonly BackupInfo[]): string {
  if (all.length === 0) return 'There is no backup.';
  const rows = all.map((info) => [
    info.id,
    info.created_at,
    info.damaged === undefined ? (info.is_incremental ? 'incremental' : 'full') : 'damaged',
    String(info.entry_count),
    String(info.size_bytes),
    printable(info.label ?? ''),
  ]);
  return alignColumns([['BACKUP', 'MADE', 'KIND', 'ENTRIES', 'BYTES', 'LABEL'], ...rows]);
}

function decisions({ decisions: all, deleted_count, space_freed }: CleanupReport, dry: boolean): string {
  const rows = all.map(({ backup_id, should_retain, reason }) => [
    should_retain ? 'keep' : 'delete',
    backup_id,
    reason,
  ]);
  const total = `${dry ? 'Would delete' : 'Deleted'} ${deleted_count} backups, ${space_freed} bytes.`;
  return rows.length === 0 ? total : `${alignColumns(rows).trimEnd()}\n${total}`;
}

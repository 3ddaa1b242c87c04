import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import type { JsonValue, ScriptValue } from '../../core/values.js';
import { flatName, scopePrefix } from '../../state/keys.js';
import type { MigrationResult } from '../../state/migration/migrations.js';
import { VALIDATION_LEVELS, type ValidationLevel } from '../../state/migration/validation.js';
import { defineCommand, flagged, type Invocation, option } from '../command.js';
import { printable } from '../printable.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { JsonLines } from '../runs/json-lines.js';
import { standardInput } from '../standard-input.js';
import {
  type ExportedEntry,
  exportEntries,
  importEntries,
  parseEntries,
  placeOf,
  showEntry,
} from '../state/entries.js';
import { STATE_OPTIONS, withState } from '../state/with-state.js';

const KEY = { name: 'KEY', doc: 'A flat key: `scope:key`, or a bare key of the scope global' };
const SCOPE = { name: 'SCOPE', doc: 'Only this scope; all of them when absent', optional: true };
const SECRETS = { secrets: { doc: 'Show secrets as they are' } };
/** Characters of a value that a table shows. */
const SHOWN = 80;

const show = defineCommand({
  name: 'show',
  summary: 'Show what is stored',
  args: [SCOPE],
  options: { ...STATE_OPTIONS, ...SECRETS },
  examples: ['llmspell state show', 'llmspell state show agent:qa --output json'],
  run: (invocation) =>
    withState(invocation, undefined, async ({ state }) => {
      const entries = await exportEntries(state, selection(invocation));
      printResult(invocation, { json: entries, text: () => table(entries) });
      return EXIT.ok;
    }),
});

const get = defineCommand({
  name: 'get',
  summary: 'Print a value',
  args: [KEY],
  options: { ...STATE_OPTIONS, ...SECRETS },
  examples: ['llmspell state get theme', 'llmspell state get agent:qa:mood'],
  run: (invocation) =>
    withState(invocation, undefined, async ({ state, context }) => {
      const key = invocation.args.KEY!;
      const found = await state.get(key, context);
      if (found === undefined) throw noEntry(key);
      const { value = null } = showEntry(state, flatName(key), found, flagged(invocation, 'secrets'));
      printResult(invocation, { json: value, text: () => valueText(value) });
      return EXIT.ok;
    }),
});

const set = defineCommand({
  name: 'set',
  summary: 'Store a value',
  args: [KEY, { name: 'VALUE', doc: 'JSON; what is none is text; standard input when it is -' }],
  options: { ...STATE_OPTIONS, ttl: { value: 'SECONDS', doc: 'Seconds after which it is gone' } },
  examples: ['llmspell state set theme dark', `llmspell state set limits '{"rows": 10}' --ttl 3600`],
  run: (invocation) =>
    withState(invocation, 'state set', async ({ state, context }) => {
      const { KEY: key, VALUE: given } = invocation.args;
      const text = given === '-' ? ((await standardInput()(true)) ?? '') : given!;
      const change = { ttlSeconds: numberOption(invocation, 'ttl') };
      await state.set(key!, parsedValue(text), context, change);
      printResult(invocation, { json: { key, stored: true }, text: () => '' });
      return EXIT.ok;
    }),
});

const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'Delete an entry',
  args: [KEY],
  options: STATE_OPTIONS,
  examples: ['llmspell state delete theme'],
  run: (invocation) =>
    withState(invocation, 'state delete', async ({ state, context }) => {
      const key = invocation.args.KEY!;
      const { scope, key: inner } = placeOf(flatName(key));
      if (!(await state.delete(scope, inner, context))) throw noEntry(key);
      printResult(invocation, { json: { key, deleted: true }, text: () => '' });
      return EXIT.ok;
    }),
});

const clear = defineCommand({
  name: 'clear',
  summary: 'Delete all entries of a scope, in one step',
  args: [{ ...SCOPE, doc: 'The scope' }],
  options: { ...STATE_OPTIONS, all: { doc: 'Every scope' } },
  examples: ['llmspell state clear cart', 'llmspell state clear --all'],
  run: (invocation) =>
    withState(invocation, 'state clear', async ({ state, context }) => {
      const { SCOPE: scope } = invocation.args;
      if ((scope === undefined) !== flagged(invocation, 'all'))
        throw fail('usage.invalid', 'Either a scope is cleared, or everything with --all');
      const names = await state.listNames(scope === undefined ? '' : scopePrefix(scope));
      await state.batch(names.map(placeOf), context);
      printResult(invocation, {
        json: { deleted: names.length },
        text: () => `Deleted ${names.length} entries.`,
      });
      return EXIT.ok;
    }),
});

const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write all entries as JSON lines, as they are at one moment',
  description: 'Without --secrets what looks like a secret is taken out; such an entry cannot be imported.',
  args: [SCOPE],
  options: {
    ...STATE_OPTIONS,
    ...SECRETS,
    out: { value: 'FILE', short: 'o', complete: 'file', doc: 'Write to a file instead' },
  },
  examples: ['llmspell state export > state.jsonl', 'llmspell state export agent:qa --secrets -o qa.jsonl'],
  run: (invocation) =>
    withState(invocation, undefined, async ({ state }) => {
      const entries = await exportEntries(state, selection(invocation));
      if (option(invocation, 'output') === 'json' && option(invocation, 'out') === undefined) {
        printResult(invocation, { json: entries, text: () => '' });
        return EXIT.ok;
      }
      const target = new JsonLines(invocation, option(invocation, 'out'));
      for (const entry of entries) await target.write(entry);
      await target.end();
      return EXIT.ok;
    }),
});

const importCommand = defineCommand({
  name: 'import',
  summary: 'Put exported entries there: all of them, or none when one is wrong',
  args: [{ name: 'FILE', doc: 'JSON lines or a JSON list; standard input when it is -', complete: 'file' }],
  options: { ...STATE_OPTIONS, 'dry-run': { doc: 'Only check it' } },
  examples: [
    'llmspell state import state.jsonl',
    'llmspell state export --secrets | llmspell state import -',
  ],
  run: (invocation) =>
    withState(invocation, 'state import', async ({ state, context }) => {
      const changes = parseEntries(await importText(invocation), context.effects.now());
      const dry = flagged(invocation, 'dry-run');
      if (!dry) await importEntries(state, changes, context);
      const text = dry ? `${changes.length} entries can be imported.` : `Imported ${changes.length} entries.`;
      printResult(invocation, { json: { imported: changes.length, dry_run: dry }, text: () => text });
      return EXIT.ok;
    }),
});

const migrate = defineCommand({
  name: 'migrate',
  summary: 'Take all entries to another version of their schema; without a version, show where they stand',
  args: [{ name: 'VERSION', doc: 'The version', optional: true }],
  options: {
    ...STATE_OPTIONS,
    'dry-run': { doc: 'Work it out and change nothing' },
    'no-backup': { doc: 'Make no backup first' },
    validation: { value: 'LEVEL', choices: VALIDATION_LEVELS, doc: 'How closely results are looked at' },
    'skip-errors': { doc: 'Leave out what cannot be migrated instead of giving up' },
  },
  examples: ['llmspell state migrate', 'llmspell state migrate 2.0.0 --dry-run'],
  run: (invocation) =>
    withState(invocation, 'state migrate', async ({ upkeep, services, context }) => {
      const { migrations } = await upkeep();
      const { VERSION: version } = invocation.args;
      if (version === undefined) {
        const status = await migrations.status();
        printResult(invocation, { json: status, text: () => fieldLines(status) });
        return EXIT.ok;
      }
      const { backup_on_migration } = services.config.config.runtime.state_persistence;
      const result = await migrations.migrate(version, context, {
        dryRun: flagged(invocation, 'dry-run'),
        createBackup: backup_on_migration && !flagged(invocation, 'no-backup'),
        level: option(invocation, 'validation') as ValidationLevel | undefined,
        rollbackOnError: !flagged(invocation, 'skip-errors'),
      });
      if (!result.success) throw migrationFailed(result);
      printResult(invocation, { json: result, text: () => fieldLines(result) });
      return EXIT.ok;
    }),
});

const rotate = defineCommand({
  name: 'rotate',
  summary: 'Encrypt all entries anew with the newest key',
  description:
    'Set the new key, and the old one beside it as <variable>_PREVIOUS or behind it in the key file.',
  options: STATE_OPTIONS,
  examples: ['llmspell state rotate'],
  run: (invocation) =>
    withState(invocation, 'state rotate', async ({ state }) => {
      const done = await state.reencryptAll();
      if (done.unreadable.length > 0)
        throw fail(
          'state.encrypted',
          `${done.unreadable.length} entries could not be read and stay as they were`,
          {
            hint: 'Set the keys they were written with too, then rotate again.',
            details: { ...done },
          },
        );
      const text = `Encrypted ${done.rewritten} entries anew; ${done.unchanged} were right already.`;
      printResult(invocation, { json: done, text: () => text });
      return EXIT.ok;
    }),
});

/** `llmspell state`: what spells have stored. */
export default defineCommand({
  name: 'state',
  summary: 'Show, change, export, import and migrate what spells have stored',
  subcommands: [show, get, set, deleteCommand, clear, exportCommand, importCommand, migrate, rotate],
});

function selection(invocation: Invocation): { prefix: string; secrets: boolean } {
  const { SCOPE: scope } = invocation.args;
  return { prefix: scope === undefined ? '' : scopePrefix(scope), secrets: flagged(invocation, 'secrets') };
}

function noEntry(key: string) {
  return fail('usage.invalid', `There is no entry ${JSON.stringify(key)}`, {
    hint: 'See: llmspell state show',
  });
}

function parsedValue(text: string): ScriptValue {
  try {
    return JSON.parse(text) as ScriptValue;
  } catch {
    return text;
  }
}

function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function table(entries: readonly ExportedEntry[]): string {
  if (entries.length === 0) return 'Nothing is stored.';
  return alignColumns([
    ['KEY', 'VALUE'],
    ...entries.map((entry) => [printable(entry.key), shortValue(entry)]),
  ]);
}

function shortValue({ value = null, error }: ExportedEntry): string {
  const text = printable(error === undefined ? valueText(value) : `(${error})`);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

async function importText(invocation: Invocation): Promise<string> {
  const file = invocation.args.FILE!;
  if (file === '-') return (await standardInput()(true)) ?? '';
  return readFile(resolve(invocation.terminal.cwd, file), 'utf8').catch((cause: Error) => {
    throw fail('usage.invalid', `${file} cannot be read: ${cause.message}`, { cause });
  });
}

function fieldLines(fields: object): string {
  return alignColumns(
    Object.entries(fields).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}

function migrationFailed(result: Extract<MigrationResult, { success: false }>) {
  return fail('migration.failed', result.error, { details: { ...result } });
}

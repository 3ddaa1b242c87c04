import type { ExecutionContext } from '../../core/context.js';
import { fail, toLlmspellError } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';
import type { StoreChange, StoreEntry } from '../../storage/store.js';
import type { Entries } from '../entries.js';
import { matchesGlob } from '../glob.js';
import { isInternalKey } from '../internal-keys.js';
import { flatKey } from '../keys.js';
import { sameValue } from '../same-value.js';
import type { StateSchema } from './schema.js';
import type { MigrationStep, Schemas } from './schemas.js';
import { NO_FIELDS, transformed } from './transforms.js';
import { flaw, type ValidationLevel } from './validation.js';

/** How entries are gone through. */
export interface RewriteOptions {
  /** Entries that are read at once. */
  readonly batchSize: number;
  readonly level: ValidationLevel;
  /** False leaves out what cannot be migrated, in place of giving up. */
  readonly rollbackOnError: boolean;
  /** Contract: throws when there is no more time. */
  checkTime(): void;
}

/** What a migration would write. Nothing is written yet, so nothing has to be undone. */
export interface Rewriting {
  /** The entries that become others, as they were seen, and as they will be. */
  readonly seen: StoreChange[];
  readonly changes: StoreChange[];
  readonly warnings: string[];
  /** What was left out, and why. */
  readonly errors: string[];
}

/** Works out what a migration changes. @throws `migration.failed`, `state.encrypted`, `state.corrupt` */
export async function rewrite(
  entries: Entries,
  steps: readonly MigrationStep[],
  schemas: Schemas,
  options: RewriteOptions,
  context: ExecutionContext,
): Promise<Rewriting> {
  const result: Rewriting = { seen: [], changes: [], warnings: [], errors: [] };
  const plain: string[] = [];
  const custom = (name: string) => schemas.custom(name);
  for (let after: string | undefined; ; ) {
    const page = await entries.store.entries('', { limit: options.batchSize, after });
    if (page.length === 0) break;
    after = page.at(-1)![0];
    for (const entry of page) {
      options.checkTime();
      context.signal.throwIfAborted();
      if (isInternalKey(entry[0])) continue;
      await one(entries, entry, steps, { custom, options, context, result, plain });
    }
  }
  if (plain.length > 0)
    result.warnings.push(`${plain.length} entries hold no table and stay as they are: ${some(plain)}`);
  return result;
}

interface Surroundings {
  readonly custom: Schemas['custom'];
  readonly options: RewriteOptions;
  readonly context: ExecutionContext;
  readonly result: Rewriting;
  readonly plain: string[];
}

async function one(
  entries: Entries,
  [name, bytes]: StoreEntry,
  steps: readonly MigrationStep[],
  { custom, options, context, result, plain }: Surroundings,
): Promise<void> {
  const key = flatKey(name);
  const own = steps.filter(({ to }) => isAbout(to, key));
  if (own.length === 0) return;
  const { header, value } = entries.codec.read(name, bytes);
  try {
    const old = await value();
    const next = await through(old, own, { key, custom, level: options.level, context });
    if (next === NO_FIELDS) return void plain.push(key);
    if (sameValue(next, old)) return;
    await entries.codec.prepare(name);
    result.seen.push({ key: name, value: bytes });
    result.changes.push({
      key: name,
      value: entries.codec.encode(name, next, { expiresAt: header.expiresAt }),
    });
  } catch (thrown) {
    context.signal.throwIfAborted();
    const { message, code, hint } = toLlmspellError(thrown, 'script.error');
    if (options.rollbackOnError)
      throw fail('migration.failed', `The entry ${JSON.stringify(key)} cannot be migrated: ${message}`, {
        hint: hint ?? 'Correct the entry or the schema.',
        details: { key, code },
        cause: thrown,
      });
    result.errors.push(`${key}: ${message}`);
  }
}

async function through(
  value: ScriptValue,
  steps: readonly MigrationStep[],
  {
    level,
    ...around
  }: { key: string; custom: Schemas['custom']; level: ValidationLevel; context: ExecutionContext },
): Promise<ScriptValue | typeof NO_FIELDS> {
  if (level === 'paranoid') check(value, steps[0]!.from, level);
  let current = value;
  for (const { to, transforms } of steps) {
    const next = await transformed(current, transforms, around);
    if (next === NO_FIELDS) return NO_FIELDS;
    check(next, to, level);
    current = next;
  }
  return current;
}

function check(value: ScriptValue, schema: StateSchema, level: ValidationLevel): void {
  const wrong = flaw(value, schema, level);
  if (wrong !== undefined) throw fail('migration.failed', wrong);
}

function isAbout({ entries }: StateSchema, key: string): boolean {
  return entries.some((pattern) => matchesGlob(pattern, key));
}

function some(keys: readonly string[]): string {
  return keys.length <= 5 ? keys.join(', ') : `${keys.slice(0, 5).join(', ')} …`;
}

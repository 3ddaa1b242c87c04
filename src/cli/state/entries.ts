import type { ExecutionContext } from '../../core/context.js';
import { fail, toLlmspellError } from '../../core/errors.js';
import { fromTagged, toTagged } from '../../core/tagged-json.js';
import { isRecord, type JsonValue, type ScriptValue, toJson } from '../../core/values.js';
import { isInternalKey } from '../../state/internal-keys.js';
import { keyClass } from '../../state/key-class.js';
import { flatKey, flatName, splitName } from '../../state/keys.js';
import { redactWhole } from '../../state/redaction.js';
import type { State } from '../../state/state.js';
import type { BatchChange } from '../../state/state-access.js';

/** An entry as it is exported. */
export interface ExportedEntry {
  readonly key: string;
  /** The value; what JSON lacks is tagged (`{"$float": "3"}`). */
  readonly value?: JsonValue;
  /** Milliseconds since the Unix epoch. */
  readonly expires_at?: number;
  /** Secrets were taken out, so it is no longer what was stored. */
  readonly redacted?: true;
  /** Why there is no value. */
  readonly error?: string;
}

/** All entries as they are at one moment, in the order of their names; with `scope` those of a scope. */
export async function exportEntries(
  state: State,
  { prefix = '', secrets }: { prefix?: string; secrets: boolean },
): Promise<ExportedEntry[]> {
  const { store, codec } = state.lasting;
  const entries: ExportedEntry[] = [];
  for (const [name, bytes] of await store.entries(prefix)) {
    if (isInternalKey(name)) continue;
    const { header, value } = codec.read(name, bytes);
    const times = header.expiresAt === undefined ? {} : { expires_at: header.expiresAt };
    const shown = await value().then(
      (present) => showEntry(state, name, present, secrets),
      (thrown): Pick<ExportedEntry, 'error'> => ({ error: toLlmspellError(thrown).message }),
    );
    entries.push({ key: flatKey(name), ...shown, ...times });
  }
  return entries;
}

/** A value as it may be shown. */
export function showEntry(
  state: State,
  name: string,
  value: ScriptValue,
  secrets: boolean,
): Pick<ExportedEntry, 'value' | 'redacted'> {
  const whole = toTagged(value);
  if (secrets) return { value: whole };
  const plain = toJson(value);
  const shown = keyClass(name) === 'sensitive' ? redactWhole(plain) : state.redact(plain);
  return JSON.stringify(shown) === JSON.stringify(plain)
    ? { value: whole }
    : { value: shown, redacted: true };
}

/**
 * Reads what was exported: lines of JSON, or one JSON list. Everything is checked before anything is changed.
 * @throws `input.invalid` with the place of the first fault
 */
export function parseEntries(text: string, now: number): BatchChange[] {
  return rowsOf(text).map((row, index) => {
    try {
      return toChange(row, now);
    } catch (thrown) {
      const { message, hint } = toLlmspellError(thrown);
      throw fail('input.invalid', `Entry ${index + 1} cannot be imported: ${message}`, hint ? { hint } : {});
    }
  });
}

/** Scope and key that address exactly the entry of that name. */
export function placeOf(name: string): { scope: string; key: string } {
  const { scope, key } = splitName(name);
  return { scope, key: `:${key}` };
}

/** Puts all of them there, or none. */
export async function importEntries(
  state: State,
  changes: readonly BatchChange[],
  context: ExecutionContext,
): Promise<void> {
  if (changes.length > 0) await state.batch(changes, context);
}

function rowsOf(text: string): unknown[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  try {
    if (trimmed.startsWith('[')) return JSON.parse(trimmed) as unknown[];
  } catch (thrown) {
    throw fail('input.invalid', `The import is not JSON: ${(thrown as Error).message}`);
  }
  return trimmed.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch (thrown) {
      throw fail('input.invalid', `Line ${index + 1} is not JSON: ${(thrown as Error).message}`);
    }
  });
}

function toChange(row: unknown, now: number): BatchChange {
  if (!isRecord(row) || typeof row.key !== 'string') throw fail('input.invalid', 'it is no table with a key');
  if (row.redacted === true)
    throw fail('input.invalid', `the value of ${row.key} had its secrets taken out`, {
      hint: 'Export it with --secrets.',
    });
  if (row.value === undefined) throw fail('input.invalid', `${row.key} has no value`);
  const change = { ...placeOf(flatName(row.key)), value: fromTagged(row.value as JsonValue) };
  if (row.expires_at === undefined) return change;
  const ttlSeconds = (Number(row.expires_at) - now) / 1000;
  if (!Number.isFinite(ttlSeconds)) throw fail('input.invalid', `${row.key}: expires_at is no time`);
  return { ...change, ttlSeconds: Math.max(ttlSeconds, 0.001) };
}

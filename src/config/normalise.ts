import path from 'node:path';
import { isRecord, setOwn } from '../core/values.js';
import { getAt, ownValue, setAt } from './paths.js';
import type { FreeTable } from './types.js';

/** Keys whose relative values name places inside the project. */
const PATH_KEYS: readonly string[][] = [
  'storage.base_dir',
  'permissions.read',
  'permissions.write',
  'tools.file_operations.allowed_paths',
  'runtime.state_persistence.path',
  'runtime.state_persistence.schema_directory',
  'runtime.state_persistence.backup.backup_dir',
  'runtime.state_persistence.encryption.key_file',
  'rag.vector_storage.persistence_path',
  'events.export.file',
  'debug.output.file.path',
].map((key) => key.split('.'));

/** Expands `${HOME}`, and `~/` at the start of a text, in all values. Returns a copy. */
export function expandHome(value: unknown, home: string): unknown {
  if (typeof value === 'string') {
    const text = value.startsWith('~/') ? home + value.slice(1) : value;
    return text.replace(/\$\{HOME\}/g, () => home);
  }
  if (Array.isArray(value)) return value.map((item) => expandHome(item, home));
  if (!isRecord(value)) return value;
  const out: FreeTable = {};
  for (const key of Object.keys(value)) setOwn(out, key, expandHome(value[key], home));
  return out;
}

/**
 * Other spellings that are accepted, turned into the documented ones, in place: `[providers.providers.NAME]`,
 * `model` for `default_model`, `[engines.js]`. Where both spellings are written the documented one wins.
 */
export function resolveAliases(values: FreeTable): FreeTable {
  const providers = ownValue(values, 'providers');
  if (isRecord(providers)) {
    if (isRecord(ownValue(providers, 'providers'))) liftNested(providers);
    for (const entry of Object.values(providers))
      if (isRecord(entry)) rename(entry, 'model', 'default_model');
  }
  const engines = ownValue(values, 'engines');
  if (isRecord(engines)) rename(engines, 'js', 'javascript');
  return values;
}

function liftNested(providers: FreeTable): void {
  const nested = providers.providers as FreeTable;
  delete providers.providers;
  for (const [name, entry] of Object.entries(nested))
    if (!Object.hasOwn(providers, name)) setOwn(providers, name, entry);
}

function rename(table: FreeTable, from: string, to: string): void {
  if (!Object.hasOwn(table, from)) return;
  if (!Object.hasOwn(table, to)) table[to] = table[from];
  delete table[from];
}

/** Makes the relative paths of a project's file absolute, in place: they count from the project's directory. */
export function anchorPaths(values: FreeTable, directory: string): FreeTable {
  for (const key of PATH_KEYS) {
    const value = getAt(values, key);
    if (typeof value === 'string') setAt(values, key, anchor(value, directory));
    else if (Array.isArray(value))
      setAt(
        values,
        key,
        value.map((item) => anchor(item, directory)),
      );
  }
  return values;
}

function anchor(value: unknown, directory: string): unknown {
  return typeof value !== 'string' || value === '*' ? value : path.resolve(directory, value);
}

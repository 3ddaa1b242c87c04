import { isRecord, setOwn } from '../core/values.js';
import { LOG_FILE_DEFAULTS, PROVIDER_DEFAULTS } from './defaults.js';
import { type Layer, type Merged, mergeLayers } from './layers.js';
import { getAt, ownValue, setAt } from './paths.js';
import { KNOWN_PROVIDER_TYPES } from './provider-tables.js';
import type { FreeTable } from './types.js';

/**
 * Merges the layers, weakest first and the defaults in front, with the defaults of those optional tables that one of them
 * writes.
 */
export function assemble(layers: readonly Layer[]): Merged {
  const merged = mergeLayers(layers);
  const values = impliedDefaults(merged.values);
  return Object.keys(values).length === 0
    ? merged
    : mergeLayers([layers[0]!, { kind: 'default', values }, ...layers.slice(1)]);
}

function impliedDefaults(written: FreeTable): FreeTable {
  const implied: FreeTable = {};
  const providers = ownValue(written, 'providers');
  if (isRecord(providers))
    for (const [name, entry] of Object.entries(providers))
      if (isRecord(entry)) setAt(implied, ['providers', name], providerDefaults(name, entry));
  const logFile = ['debug', 'output', 'file'];
  if (isRecord(getAt(written, logFile))) setAt(implied, logFile, LOG_FILE_DEFAULTS);
  return implied;
}

function providerDefaults(name: string, entry: FreeTable): FreeTable {
  const defaults: FreeTable = { name };
  if (KNOWN_PROVIDER_TYPES.includes(name)) defaults.provider_type = name;
  for (const [key, value] of Object.entries(PROVIDER_DEFAULTS))
    if (!isRecord(value) || isRecord(entry[key])) setOwn<unknown>(defaults, key, value);
  // The short key `max_retries` would be lost behind the table's own default.
  const retries = entry.max_retries;
  if (isRecord(defaults.retry) && retries !== undefined)
    defaults.retry = { ...defaults.retry, max_retries: retries };
  return defaults;
}

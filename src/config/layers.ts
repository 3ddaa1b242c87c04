import { isRecord, setOwn } from '../core/values.js';
import { formatPath, ownValue } from './paths.js';
import type { FreeTable, Origin, OriginKind } from './types.js';

/** One source of settings. */
export interface Layer {
  kind: OriginKind;
  values: FreeTable;
  /** Where in the source the value at `path` stands. Contract: must not throw. */
  where?(path: readonly string[]): string | undefined;
}

/** All layers in one, with the source of each leaf by its dotted path. A list is one leaf. */
export interface Merged {
  values: FreeTable;
  origins: Map<string, Origin>;
  /** Where each table was written last, for messages about keys that are missing in it. */
  tables: Map<string, string>;
}

/** Lays the layers over each other, weakest first: tables merge, everything else replaces. The layers stay as they are. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const merged: Merged = { values: {}, origins: new Map(), tables: new Map() };
  for (const layer of layers) mergeTable(merged, merged.values, layer.values, [], layer);
  return merged;
}

function mergeTable(
  merged: Merged,
  target: FreeTable,
  source: FreeTable,
  path: string[],
  layer: Layer,
): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value !== undefined) mergeValue(merged, target, key, value, [...path, key], layer);
  }
}

function mergeValue(
  merged: Merged,
  target: FreeTable,
  key: string,
  value: unknown,
  path: string[],
  layer: Layer,
): void {
  const present = ownValue(target, key);
  if (!isRecord(value)) {
    if (isRecord(present)) forgetBelow(merged.origins, path);
    setOwn(target, key, copyData(value));
    merged.origins.set(formatPath(path), originOf(layer, path));
    return;
  }
  const child: FreeTable = isRecord(present) ? present : {};
  if (child !== present) {
    merged.origins.delete(formatPath(path));
    setOwn(target, key, child);
  }
  const where = layer.where?.(path);
  if (where !== undefined) merged.tables.set(formatPath(path), where);
  mergeTable(merged, child, value, path, layer);
}

function originOf(layer: Layer, path: string[]): Origin {
  const where = layer.where?.(path);
  return where === undefined ? { kind: layer.kind } : { kind: layer.kind, where };
}

function forgetBelow(origins: Map<string, Origin>, path: string[]): void {
  const prefix = `${formatPath(path)}.`;
  for (const known of [...origins.keys()]) if (known.startsWith(prefix)) origins.delete(known);
}

/** A deep copy of plain data. Keys are data, `__proto__` included; anything that is no table or list is shared. */
export function copyData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyData);
  if (!isRecord(value)) return value;
  const out: FreeTable = {};
  for (const key of Object.keys(value)) setOwn(out, key, copyData(value[key]));
  return out;
}

/** The origin of the value at `path`: its own, or that of the nearest list or leaf around it. */
export function originAt(origins: ReadonlyMap<string, Origin>, path: readonly string[]): Origin | undefined {
  for (let length = path.length; length > 0; length--) {
    const origin = origins.get(formatPath(path.slice(0, length)));
    if (origin) return origin;
  }
  return undefined;
}

/** The place to look at when something is wrong with `path`: where it, or else the nearest table around it, is written. */
export function placeOf(merged: Merged, path: readonly string[]): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const key = formatPath(path.slice(0, length));
    const where = merged.origins.get(key)?.where ?? merged.tables.get(key);
    if (where !== undefined) return where;
  }
  return undefined;
}

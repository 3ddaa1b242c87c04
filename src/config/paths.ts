import { isRecord, setOwn } from '../core/values.js';
import type { FreeTable } from './types.js';

const BARE_KEY = /^[\w-]+$/;

/** A key as TOML writes it: quoted where it needs to be. */
export function formatKey(key: string): string {
  return BARE_KEY.test(key) ? key : JSON.stringify(key);
}

/** The dotted spelling of a path, e.g. `tools.http_request.default_headers."X.Y"`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatKey).join('.');
}

/** The keys of a dotted path; the inverse of {@link formatPath}. */
export function parsePath(text: string): string[] {
  const keys = text.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? [];
  return keys.map((key) => (key.startsWith('"') ? (JSON.parse(key) as string) : key));
}

/** An own value; never one that is inherited, whatever the key's name. */
export function ownValue(table: unknown, key: string): unknown {
  return typeof table === 'object' && table !== null && Object.hasOwn(table, key)
    ? (table as FreeTable)[key]
    : undefined;
}

/** The value at a path, or `undefined`. Lists are entered by index. */
export function getAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(ownValue, root);
}

/** Puts a value at a path, making tables (and replacing what is none) on the way. */
export function setAt(root: FreeTable, path: readonly string[], value: unknown): void {
  let table = root;
  for (const key of path.slice(0, -1)) {
    const next = ownValue(table, key);
    const child: FreeTable = isRecord(next) ? next : {};
    if (child !== next) setOwn(table, key, child);
    table = child;
  }
  setOwn(table, path.at(-1)!, value);
}

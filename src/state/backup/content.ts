import { type StoreChange, type StoreEntry, sameBytes } from '../../storage/store.js';

/** In place of the length of a value: the entry is removed. */
const REMOVED = 0xffff_ffff;

/** Stored entries by key, internal ones included. */
export type Content = ReadonlyMap<string, Uint8Array>;

/** What turns `from` into `to`, in the order of the keys. */
export function difference(from: Content, to: Content): StoreChange[] {
  const changes: StoreChange[] = [];
  for (const [key, value] of to) if (!sameBytes(from.get(key), value)) changes.push({ key, value });
  for (const key of from.keys()) if (!to.has(key)) changes.push({ key });
  return changes;
}

/** `content` with those changes made. */
export function changed(content: Content, changes: readonly StoreChange[]): Content {
  const next = new Map(content);
  for (const { key, value } of changes) value ? next.set(key, value) : next.delete(key);
  return next;
}

/** Entries as the changes that make them. */
export function toChanges(entries: readonly StoreEntry[]): StoreChange[] {
  return entries.map(([key, value]) => ({ key, value }));
}

/** Changes as bytes: for each the lengths of key and value (4 each, little-endian), the key in UTF-8, the value. */
export function writeChanges(changes: readonly StoreChange[]): Uint8Array {
  return Buffer.concat(
    changes.flatMap(({ key, value }) => {
      const name = Buffer.from(key);
      const lengths = Buffer.alloc(8);
      lengths.writeUInt32LE(name.length, 0);
      lengths.writeUInt32LE(value?.length ?? REMOVED, 4);
      return value ? [lengths, name, value] : [lengths, name];
    }),
  );
}

/** What {@link writeChanges} was given. Throws for bytes that it cannot have made. */
export function readChanges(bytes: Uint8Array): StoreChange[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: StoreChange[] = [];
  for (let at = 0; at < buffer.length; ) {
    const [keyLength, valueLength] = [buffer.readUInt32LE(at), buffer.readUInt32LE(at + 4)];
    const valueAt = at + 8 + keyLength;
    at = valueAt + (valueLength === REMOVED ? 0 : valueLength);
    if (at > buffer.length) throw new RangeError('an entry is cut off');
    const key = buffer.toString('utf8', valueAt - keyLength, valueAt);
    changes.push(valueLength === REMOVED ? { key } : { key, value: buffer.subarray(valueAt, at) });
  }
  return changes;
}

/** All of it as bytes that do not depend on the order in which it came about. */
export function canonical(content: Content): Uint8Array {
  const keys = [...content.keys()].sort((a, b) => (a < b ? -1 : 1));
  return writeChanges(keys.map((key) => ({ key, value: content.get(key)! })));
}

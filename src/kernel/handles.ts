import { fail } from '../core/errors.js';
import { type Reference, reference } from '../core/values.js';

interface Entry {
  object: object;
  /** How often the script has received this handle and not given it back. */
  held: number;
}

/** The kernel objects that one session's scripts hold. An object is kept alive exactly as long as a script holds it. */
export class HandleTable {
  private readonly entries = new Map<string, Entry>();
  private readonly names = new Map<object, string>();
  private lastId = 0;

  /** The handle for an object; the same one while the script still holds it. */
  give(kind: string, object: object): Reference {
    const known = this.names.get(object);
    if (known !== undefined) {
      this.entries.get(known)!.held++;
      return Object(known) as Reference;
    }
    const made = reference(kind, ++this.lastId);
    this.entries.set(made.toString(), { object, held: 1 });
    this.names.set(object, made.toString());
    return made;
  }

  /** The object behind a handle. @throws `handle.released` */
  resolve(name: string): object {
    const entry = this.entries.get(name);
    if (!entry) throw fail('handle.released', `The object behind ${name} is gone`);
    return entry.object;
  }

  /** The script gave back `count` receipts of a handle. */
  release(name: string, count: number): void {
    const entry = this.entries.get(name);
    if (!entry || (entry.held -= count) > 0) return;
    this.entries.delete(name);
    this.names.delete(entry.object);
  }

  /** Has objects stand under other names. New ones are numbered after `last`. */
  rename(names: ReadonlyMap<string, string>, last: number): void {
    const moved = [...names].flatMap(([from, to]) => {
      const entry = this.entries.get(from);
      return entry ? [{ to, entry }] : [];
    });
    for (const from of names.keys()) this.entries.delete(from);
    for (const { to, entry } of moved) {
      this.entries.set(to, entry);
      this.names.set(entry.object, to);
    }
    this.lastId = Math.max(this.lastId, last);
  }

  /** How many objects scripts hold. */
  get size(): number {
    return this.entries.size;
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.clear();
    this.names.clear();
  }
}

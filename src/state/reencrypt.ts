import type { StoreChange, StoreEntry } from '../storage/store.js';
import type { Entries } from './entries.js';
import { isInternalKey } from './internal-keys.js';

/** Entries that are looked at, and written, in one step. */
const PAGE = 100;

/** What {@link reencrypt} did. */
export interface Reencrypted {
  /** Entries that were written anew. */
  rewritten: number;
  /** Entries that were right already. */
  unchanged: number;
}

/**
 * Writes every entry anew that is locked with another key than the newest, or not locked and should be. Each page is
 * written whole or not at all and only where nobody else has written meanwhile, so it can be killed and begun again.
 */
export async function reencrypt(entries: Entries): Promise<Reencrypted> {
  const total = { rewritten: 0, unchanged: 0 };
  for (let after: string | undefined; ; ) {
    const page = await entries.store.entries('', { limit: PAGE, after });
    if (page.length === 0) return total;
    after = page.at(-1)![0];
    const own = page.filter(([name]) => !isInternalKey(name));
    const rewritten = await rewrite(entries, own);
    total.rewritten += rewritten;
    total.unchanged += own.length - rewritten;
  }
}

/** How many of the entries needed it. What somebody else has changed meanwhile is looked at again, one by one. */
async function rewrite({ store, codec }: Entries, page: readonly StoreEntry[]): Promise<number> {
  await Promise.all(page.flatMap(([name]) => codec.prepare(name) ?? []));
  const outdated = page.filter(([name, bytes]) => codec.isOutdated(name, codec.read(name, bytes).header));
  const anew = await Promise.all(outdated.map((entry) => rewritten(codec, entry)));
  if (anew.length === 0 || (await store.batchIf(outdated.map(toChange), anew))) return anew.length;
  let count = 0;
  for (const [name] of outdated) {
    const bytes = await store.get(name);
    if (bytes) count += await rewrite({ store, codec } as Entries, [[name, bytes]]);
  }
  return count;
}

async function rewritten(codec: Entries['codec'], [name, bytes]: StoreEntry): Promise<StoreChange> {
  const stored = codec.read(name, bytes);
  return { key: name, value: codec.encode(name, await stored.value(), stored.header) };
}

function toChange([key, value]: StoreEntry): StoreChange {
  return { key, value };
}

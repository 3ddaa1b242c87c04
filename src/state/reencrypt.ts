import { toLlmspellError } from '../core/errors.js';
import type { StoreChange, StoreEntry } from '../storage/store.js';
import type { Entries } from './entries.js';
import { versionOf } from './entry-codec.js';
import { isInternalKey } from './internal-keys.js';

/** Entries that are looked at, and written, in one step. */
const PAGE = 100;

/** What {@link reencrypt} did. */
export interface Reencrypted {
  /** Entries that were written anew. */
  rewritten: number;
  /** Entries that were right already. */
  unchanged: number;
  /** The names of entries that could not be read, and were left as they are. */
  unreadable: string[];
}

/**
 * Writes every entry anew that is locked with another key than the newest, or not locked and should be. Each page is
 * written whole or not at all and only where nobody else has written meanwhile, so it can be killed and begun again.
 */
export async function reencrypt(entries: Entries): Promise<Reencrypted> {
  const total: Reencrypted = { rewritten: 0, unchanged: 0, unreadable: [] };
  for (let after: string | undefined; ; ) {
    const page = await entries.store.entries('', { limit: PAGE, after });
    if (page.length === 0) return total;
    after = page.at(-1)![0];
    await rewrite(
      entries,
      page.filter(([name]) => !isInternalKey(name)),
      total,
    );
  }
}

/** What somebody else has changed meanwhile is looked at again, one by one. */
async function rewrite(
  entries: Pick<Entries, 'store' | 'codec'>,
  page: readonly StoreEntry[],
  total: Reencrypted,
): Promise<void> {
  const { store, codec } = entries;
  await Promise.all(page.flatMap(([name]) => codec.prepare(name) ?? []));
  const outdated = page.filter(([name, bytes]) => codec.isOutdated(name, codec.read(name, bytes).header));
  const anew = await Promise.all(outdated.map((entry) => rewritten(codec, entry)));
  const readable = outdated.filter((_, index) => anew[index]);
  const changes = anew.filter((change) => change !== undefined);
  if (changes.length === 0 || (await store.batchIf(readable.map(toChange), changes))) {
    total.rewritten += changes.length;
    total.unchanged += page.length - outdated.length;
    total.unreadable.push(...outdated.flatMap(([name], index) => (anew[index] ? [] : name)));
    return;
  }
  for (const [name] of page) {
    const bytes = await store.get(name);
    if (bytes) await rewrite(entries, [[name, bytes]], total);
  }
}

/** The entry under the newest key; undefined when it cannot be read. @throws `keys.unavailable` */
async function rewritten(
  codec: Entries['codec'],
  [name, bytes]: StoreEntry,
): Promise<StoreChange | undefined> {
  const { header, value } = codec.read(name, bytes);
  try {
    return {
      key: name,
      value: codec.encode(name, await value(), { version: versionOf(header, bytes), ...header }),
    };
  } catch (thrown) {
    if (['state.corrupt', 'state.encrypted'].includes(toLlmspellError(thrown).code)) return undefined;
    throw thrown;
  }
}

function toChange([key, value]: StoreEntry): StoreChange {
  return { key, value };
}

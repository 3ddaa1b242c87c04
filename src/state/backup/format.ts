import { z } from 'zod';
import { fail } from '../../core/errors.js';
import { contentHash } from '../../storage/content-hash.js';
import type { StoreChange } from '../../storage/store.js';
import { readChanges, writeChanges } from './content.js';
import { PACKINGS, type Packing, pack, packingFor, unpack } from './packing.js';

/**
 * A backup is one file: a line with the name of the format and the BLAKE3 hash of the second line; a line of JSON,
 * the manifest; then the packed changes, whose length and hash the manifest holds. So whatever is cut off or altered
 * is found. What was locked in the store is locked in the backup: keys are never in it.
 */
const MAGIC = 'llmspell-backup/1';
const HASH = /^[0-9a-f]{64}$/;

const manifest = z.object({
  id: z.string(),
  /** Milliseconds since the Unix epoch; of two backups of a tenant the later one has more. */
  createdAt: z.number(),
  label: z.string().optional(),
  /** The backup that this one only says the differences to, and the hash of that one's manifest. */
  parent: z.object({ id: z.string(), checksum: z.string().regex(HASH) }).optional(),
  /** Entries that are there when it is restored. */
  entries: z.int(),
  /** The version of the schema the entries have; absent when they have none. */
  schemaVersion: z.string().optional(),
  packing: z.enum(PACKINGS),
  /** Bytes of the changes unpacked and packed, and the hash of the latter. */
  size: z.int(),
  packedSize: z.int(),
  checksum: z.string().regex(HASH),
  /** The hash of everything that is there when it is restored. */
  contentChecksum: z.string().regex(HASH),
});

/** What a backup says about itself. */
export type Manifest = z.output<typeof manifest>;
/** What has to be known to write one. */
export type ManifestFacts = Omit<Manifest, 'packing' | 'size' | 'packedSize' | 'checksum'>;

/** A manifest that was read, with its own hash, by which an incremental backup knows its parent. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly checksum: string;
  /** Where the packed changes begin. */
  readonly bodyAt: number;
}

/** Hashes bytes. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = await contentHash();
  hash.update(bytes);
  return hash.digest();
}

/** The bytes of a backup file. */
export async function writeBackup(
  facts: ManifestFacts,
  changes: readonly StoreChange[],
  how: { packing: Packing; level: number },
): Promise<Uint8Array> {
  const plain = writeChanges(changes);
  const packing = packingFor(plain.length, how.packing);
  const body = await pack(plain, packing, how.level);
  const sizes = { size: plain.length, packedSize: body.length, checksum: await hashOf(body) };
  const line = Buffer.from(JSON.stringify({ ...facts, packing, ...sizes } satisfies Manifest));
  return Buffer.concat([Buffer.from(`${MAGIC} ${await hashOf(line)}\n`), line, Buffer.from('\n'), body]);
}

/**
 * Reads the two lines that a backup begins with.
 * @param head as much of the file as {@link MANIFEST_BYTES} says, or all of it.
 * @throws `backup.invalid`
 */
export async function readManifest(id: string, head: Uint8Array): Promise<ReadManifest> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const first = bytes.indexOf(10);
  const second = bytes.indexOf(10, first + 1);
  const [magic, checksum] = bytes.toString('latin1', 0, Math.max(first, 0)).split(' ');
  if (magic !== MAGIC) throw damaged(id, 'it does not begin as a backup does');
  if (second < 0) throw damaged(id, 'it is cut off');
  const line = bytes.subarray(first + 1, second);
  if ((await hashOf(line)) !== checksum) throw damaged(id, 'its manifest was altered');
  const parsed = manifest.safeParse(JSON.parse(line.toString()));
  if (!parsed.success) throw damaged(id, 'its manifest is incomplete');
  if (parsed.data.id !== id) throw damaged(id, `it is the backup ${parsed.data.id} under another name`);
  return { manifest: parsed.data, checksum, bodyAt: second + 1 };
}

/** More bytes than the two lines ever have. */
export const MANIFEST_BYTES = 16_384;

/** The changes in a backup. @throws `backup.invalid` */
export async function readBody({ manifest, bodyAt }: ReadManifest, file: Uint8Array): Promise<StoreChange[]> {
  const body = file.subarray(bodyAt);
  const { id, packing, size, packedSize } = manifest;
  if (body.length < packedSize) throw damaged(id, 'it is cut off');
  if (body.length > packedSize) throw damaged(id, 'something was added to it');
  if ((await hashOf(body)) !== manifest.checksum) throw damaged(id, 'its content was altered');
  try {
    return readChanges(await unpack(body, packing, size));
  } catch (thrown) {
    throw damaged(id, `its content cannot be read: ${(thrown as Error).message}`);
  }
}

/** The error of a backup that cannot be used. */
export function damaged(id: string, reason: string) {
  return fail('backup.invalid', `The backup ${id} is damaged: ${reason}`, {
    hint: 'Use another one: llmspell backup list',
    details: { backup: id },
  });
}

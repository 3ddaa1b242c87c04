import { type FileHandle, open } from 'node:fs/promises';
import { fail } from '../core/errors.js';

/**
 * Looks at an LMDB data file before the native library maps it into memory: mapping a file that is truncated or
 * is something else would end the whole process with a signal instead of an error.
 *
 * The layout is LMDB's format 2 on a 64-bit little-endian machine, the only ones the library ships for. Only
 * what a crash would follow from is checked: the two header pages, the roots of both trees and, if the file is
 * shorter than its header says, whether any page in use is missing. A shorter file alone is no damage: LMDB
 * need not write its last pages while they are free.
 */

const HEADER_BYTES = 24;
const MAGIC = 0xbeefc0de;
const FORMAT = 2;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
const BIG_VALUE = 0x01;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** What the newest header page says. */
interface Header {
  pageSize: number;
  /** Pages the file really has. */
  pages: number;
  lastPage: bigint;
  /** The roots of the tree of free pages and of the tree of entries. */
  roots: bigint[];
  transaction: bigint;
}

/**
 * Returns if `file` is missing, empty or sound enough to be mapped.
 * @throws `storage.unavailable` if it is not an LMDB file or lacks pages that are in use.
 */
export async function checkLmdbFile(file: string): Promise<void> {
  const handle = await openIfPresent(file);
  if (!handle) return;
  try {
    if ((await handle.stat()).size > 0) await checkWhileOthersWrite(handle);
  } finally {
    await handle.close();
  }
}

async function openIfPresent(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Pages that another process recycles under our eyes look damaged. Where somebody commits between two looks at
 * the header the file is in good use, so only damage under an unchanged header counts.
 */
async function checkWhileOthersWrite(handle: FileHandle): Promise<void> {
  const header = await readHeader(handle);
  try {
    for (const root of header.roots) await checkTree(handle, header, root);
  } catch (error) {
    if ((await readHeader(handle)).transaction === header.transaction) throw error;
  }
}

async function readHeader(handle: FileHandle): Promise<Header> {
  const { size } = await handle.stat();
  const first = await readMeta(handle, 0, size);
  const second = await readMeta(handle, first.pageSize, size);
  return first.transaction > second.transaction ? first : second;
}

async function readMeta(handle: FileHandle, position: number, size: number): Promise<Header> {
  const meta = await readAt(handle, position, 168);
  const pageSize = meta.readUInt32LE(48);
  const known = meta.readUInt16LE(18) === META && meta.readUInt32LE(24) === MAGIC;
  if (!known || pageSize < 512 || pageSize > 65_536) throw damaged('it is not an LMDB file');
  if (meta.readUInt16LE(28) !== FORMAT) throw damaged('it has another format version');
  return {
    pageSize,
    pages: Math.floor(size / pageSize),
    lastPage: meta.readBigUInt64LE(144),
    roots: [meta.readBigUInt64LE(88), meta.readBigUInt64LE(136)],
    transaction: meta.readBigUInt64LE(152),
  };
}

/** Visits the root only, or every page of the tree when the file is shorter than its header says. */
async function checkTree(handle: FileHandle, header: Header, root: bigint): Promise<void> {
  const deep = header.lastPage >= BigInt(header.pages);
  const waiting = root === NO_PAGE ? [] : [root];
  for (let visited = 0; waiting.length > 0; visited++) {
    if (visited > header.pages) throw damaged('its pages form a circle');
    const page = await readPage(handle, header, waiting.pop()!);
    if (deep) waiting.push(...referredPages(page, header));
  }
}

async function readPage(handle: FileHandle, header: Header, number: bigint): Promise<Buffer> {
  if (number >= BigInt(header.pages)) throw damaged('it is truncated');
  const page = await readAt(handle, Number(number) * header.pageSize, header.pageSize);
  if (page.readBigUInt64LE(0) !== number) throw damaged('a page is not where it belongs');
  return page;
}

/** The pages a page points to; also checks that a large value's further pages are there. */
function referredPages(page: Buffer, header: Header): bigint[] {
  const kind = page.readUInt16LE(18) & (BRANCH | LEAF | OVERFLOW);
  if (kind === OVERFLOW) {
    const last = page.readBigUInt64LE(0) + BigInt(page.readUInt32LE(20)) - 1n;
    if (last >= BigInt(header.pages)) throw damaged('it is truncated');
    return [];
  }
  if (kind !== BRANCH && kind !== LEAF) throw damaged('a page is of an unknown kind');
  const found: bigint[] = [];
  for (const node of nodes(page)) {
    if (kind === BRANCH) found.push(BigInt(node.readUIntLE(0, 6)));
    else if (node.readUInt16LE(4) & BIG_VALUE) found.push(node.readBigUInt64LE(8 + node.readUInt16LE(6)));
  }
  return found;
}

function nodes(page: Buffer): Buffer[] {
  const count = page.readUInt16LE(20) >> 1;
  return Array.from({ length: count }, (_, index) => {
    const offset = HEADER_BYTES + page.readUInt16LE(HEADER_BYTES + 2 * index);
    if (offset + 8 > page.length) throw damaged('a page is garbled');
    return page.subarray(offset);
  });
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw damaged('it is truncated');
  return buffer;
}

function damaged(how: string) {
  return fail('storage.unavailable', `The store's data file cannot be used: ${how}`, {
    hint: 'Restore data.mdb from a backup, or move it away to start with an empty store.',
  });
}

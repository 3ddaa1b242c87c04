import { createHash } from 'node:crypto';
import type { Effects } from '../../../core/effects.js';

/** 100-nanosecond intervals between the Gregorian reform (1582-10-15), where version 1 counts from, and 1970. */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;
const TICKS_PER_MS = 10_000n;

/**
 * A version 1 UUID: time, then a random clock sequence and node. The node has its multicast bit set, as RFC 9562
 * asks of one that is no network card, and the ticks inside the millisecond are random, so no state is kept.
 */
export function uuidV1(effects: Effects): string {
  const bytes = Buffer.from(effects.bytes(16));
  const ticks =
    GREGORIAN_OFFSET + BigInt(effects.now()) * TICKS_PER_MS + BigInt(bytes.readUInt16BE(0) % 10_000);
  bytes.writeUInt32BE(Number(ticks & 0xffff_ffffn), 0);
  bytes.writeUInt16BE(Number((ticks >> 32n) & 0xffffn), 4);
  bytes.writeUInt16BE(Number((ticks >> 48n) & 0x0fffn), 6);
  bytes[10] = bytes[10]! | 0x01;
  return stamped(bytes, 1);
}

/** A version 5 UUID: the same name in the same namespace gives the same one. */
export function uuidV5(name: string, namespace: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  return stamped(hash.subarray(0, 16), 5);
}

/** A version 7 UUID: milliseconds first, so that later ones sort after earlier ones; the rest is random. */
export function uuidV7(effects: Effects): string {
  const bytes = Buffer.from(effects.bytes(16));
  bytes.writeUIntBE(effects.now(), 0, 6);
  return stamped(bytes, 7);
}

/** Sets the version and variant bits. */
function stamped(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return hyphenated(bytes.toString('hex'));
}

/** 32 hexadecimal digits in the 8-4-4-4-12 form. */
export function hyphenated(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { fail, LlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { type CompressionMethod, compress, decompress } from '../storage/compression.js';
import type { Encryption } from './encryption/encryption.js';
import { type DataKey, KEY_ID_BYTES, seal, unseal } from './encryption/key-ring.js';
import { keyClass } from './key-class.js';
import { deserializeValue, serializeValue } from './value-codec.js';

/**
 * The stored form of an entry. The first byte says how the rest is written:
 *
 * - 1: a serialised value, nothing else.
 * - 2: flags (1 byte), CRC-32 of everything else (4), version (8), then, as the flags say, when it expires (8) and
 *   the id of its key (8); then the serialised value, compressed and encrypted as the flags say. Numbers are
 *   little-endian, version and expiry as floats. What stands before an encrypted value, and the entry's name, are
 *   authenticated with it.
 */
const PLAIN = 1;
const FULL = 2;
const FLAG = { expires: 1, lz4: 2, deflate: 4, encrypted: 8 } as const;
const CHECKSUM_AT = 2;
const VERSION_AT = 6;
const SHORTEST = 14;

/** What is known of an entry without its value. */
export interface EntryHeader {
  /** Differs after every write; absent in values of the first format, see {@link versionOf}. */
  readonly version?: number | undefined;
  /** Milliseconds since the Unix epoch; never when absent. */
  readonly expiresAt?: number | undefined;
  /** The id of the key that it is encrypted with. */
  readonly keyId?: Buffer | undefined;
}

/** A stored form, its header read. */
export interface StoredEntry {
  readonly header: EntryHeader;
  /** Reads the value. @throws `state.corrupt`, `state.encrypted`, `keys.unavailable` */
  value(): Promise<ScriptValue>;
}

/** How values are written. What was written in any other way can still be read. */
export interface CodecOptions {
  readonly maxValueBytes: number;
  /** Serialised bytes above which a value is compressed, and how; never when absent. */
  readonly compression?: { readonly thresholdBytes: number; readonly method: CompressionMethod } | undefined;
  /** None is encrypted, and none that is can be read, when absent. */
  readonly encryption?: Encryption | undefined;
}

/** What is written beside a value. */
export interface EntryExtras {
  expiresAt?: number | undefined;
  /** A fresh one when absent. */
  version?: number | undefined;
}

/** Writes and reads the stored form of entries. */
export class EntryCodec {
  constructor(private readonly options: CodecOptions) {}

  /**
   * What must be awaited before an entry of this name can be encoded; undefined when nothing must. Most writes
   * need not wait, so that they reach the store in the order in which they were asked for.
   */
  prepare(name: string): Promise<unknown> | undefined {
    const { encryption } = this.options;
    return encryption && !encryption.ring && this.wantsKey(name) ? encryption.open() : undefined;
  }

  /** The stored form. @throws as {@link serializeValue} does. */
  encode(name: string, value: ScriptValue, { expiresAt, version }: EntryExtras = {}): Uint8Array {
    const plain = serializeValue(value, this.options.maxValueBytes);
    const { compression } = this.options;
    const packed =
      compression && plain.length > compression.thresholdBytes
        ? compress(plain, compression.method)
        : undefined;
    const key = this.keyFor(name);
    const header = makeHeader(version ?? newVersion(), { expiresAt, key, packed: packed?.method });
    const body = packed?.bytes ?? plain;
    return withChecksum(header, key ? seal(key, body, authenticated(name, header)) : body);
  }

  /**
   * What a stored form says; one that cannot be read says nothing, and so can still be replaced or removed. The value
   * is read when it is asked for.
   */
  read(name: string, bytes: Uint8Array): StoredEntry {
    if (bytes[0] === PLAIN) {
      const value = async () => readable(name, () => deserializeValue(bytes.subarray(1)));
      return { header: {}, value };
    }
    const parsed = parse(bytes);
    if (typeof parsed === 'string')
      return {
        header: {},
        value: async () => {
          throw corrupt(name, parsed);
        },
      };
    return { header: parsed.header, value: () => this.value(name, bytes, parsed) };
  }

  private async value(
    name: string,
    bytes: Uint8Array,
    { header, flags, bodyAt }: Parsed,
  ): Promise<ScriptValue> {
    const body = bytes.subarray(bodyAt);
    const key = header.keyId && (await this.keyOf(name, header.keyId));
    return readable(name, () => {
      const packed = key ? unseal(key, body, authenticated(name, bytes.subarray(0, bodyAt))) : body;
      const method = methodOf(flags);
      return deserializeValue(method ? decompress(packed, method) : packed);
    });
  }

  /** Whether an entry would be written with another key, or with one at all, if it were written now. */
  isOutdated(name: string, { keyId }: EntryHeader): boolean {
    const key = this.keyFor(name);
    if (!key) return false;
    return !keyId?.equals(key.id);
  }

  private wantsKey(name: string): boolean {
    return (
      this.options.encryption !== undefined && (this.options.encryption.all || keyClass(name) === 'sensitive')
    );
  }

  private keyFor(name: string): DataKey | undefined {
    return this.wantsKey(name) ? this.options.encryption?.ring?.newest : undefined;
  }

  private async keyOf(name: string, id: Buffer): Promise<DataKey> {
    const { encryption } = this.options;
    const ring = encryption && (encryption.ring ?? (await encryption.open()));
    const key = ring?.find(id);
    if (key) return key;
    const reason = ring ? `key ${id.toString('hex')} is not among those that are set` : 'no key is set';
    throw fail('state.encrypted', `The value of ${JSON.stringify(name)} is encrypted, and ${reason}`, {
      hint: 'Set the key it was written with, as an older one beside the present one if there is another by now.',
      details: { key: id.toString('hex') },
    });
  }
}

interface Parsed {
  header: EntryHeader;
  flags: number;
  bodyAt: number;
}

/** Buffers because of their methods; nothing is copied. */
function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function makeHeader(
  version: number,
  {
    expiresAt,
    key,
    packed,
  }: { expiresAt: number | undefined; key: DataKey | undefined; packed: CompressionMethod | undefined },
): Buffer {
  const header = Buffer.alloc(SHORTEST + (expiresAt === undefined ? 0 : 8) + (key ? KEY_ID_BYTES : 0));
  header[0] = FULL;
  header[1] =
    (expiresAt === undefined ? 0 : FLAG.expires) | (packed ? FLAG[packed] : 0) | (key ? FLAG.encrypted : 0);
  header.writeDoubleLE(version, VERSION_AT);
  if (expiresAt !== undefined) header.writeDoubleLE(expiresAt, SHORTEST);
  key?.id.copy(header, header.length - KEY_ID_BYTES);
  return header;
}

function withChecksum(header: Buffer, body: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(header.length + body.length);
  bytes.set(header);
  bytes.set(body, header.length);
  bytes.writeUInt32LE(checksum(bytes), CHECKSUM_AT);
  return bytes;
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(VERSION_AT), crc32(bytes.subarray(0, CHECKSUM_AT)));
}

/** The name and the header without its checksum: an encrypted value fits no other entry and no other life time. */
function authenticated(name: string, header: Uint8Array): Buffer {
  return Buffer.concat([header.subarray(0, CHECKSUM_AT), header.subarray(VERSION_AT), Buffer.from(name)]);
}

/** The parts of a stored form, or what is wrong with it. */
function parse(given: Uint8Array): Parsed | string {
  const bytes = buffer(given);
  if (bytes[0] !== FULL) return `it has format ${bytes[0] ?? 'none'}`;
  const flags = bytes[1] ?? 0;
  const keyAt = SHORTEST + (flags & FLAG.expires ? 8 : 0);
  const bodyAt = keyAt + (flags & FLAG.encrypted ? KEY_ID_BYTES : 0);
  if (bytes.length < bodyAt) return 'it is cut off';
  if (bytes.readUInt32LE(CHECKSUM_AT) !== checksum(bytes)) return 'its checksum does not fit';
  const header = {
    version: bytes.readDoubleLE(VERSION_AT),
    expiresAt: flags & FLAG.expires ? bytes.readDoubleLE(SHORTEST) : undefined,
    keyId: flags & FLAG.encrypted ? bytes.subarray(keyAt, bodyAt) : undefined,
  };
  return { header, flags, bodyAt };
}

function methodOf(flags: number): CompressionMethod | undefined {
  if (flags & FLAG.lz4) return 'lz4';
  return flags & FLAG.deflate ? 'deflate' : undefined;
}

/** A whole number from 1 to 2^52, so that scripts can keep it; no two writes share one. */
export function newVersion(): number {
  return versionFrom(randomBytes(7));
}

/** The version of a stored form; one without a version of its own has one that follows from its bytes. */
export function versionOf(header: EntryHeader, bytes: Uint8Array): number {
  return header.version ?? versionFrom(createHash('sha256').update(bytes).digest());
}

function versionFrom(bytes: Buffer): number {
  return bytes.readUIntLE(0, 6) * 16 + (bytes[6]! & 15) || 1;
}

function readable<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LlmspellError) throw cause;
    throw corrupt(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function corrupt(name: string, reason: string, cause?: unknown) {
  return fail('state.corrupt', `The stored value of ${JSON.stringify(name)} cannot be read: ${reason}`, {
    hint: 'It is damaged or was written by a newer llmspell: use that version, restore a backup, or delete the key.',
    cause,
  });
}

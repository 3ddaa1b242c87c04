import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { fail } from '../../core/errors.js';

/** Bytes of the name by which a stored value knows its key. */
export const KEY_ID_BYTES = 8;
/** Bytes that encryption adds to a value. */
export const SEAL_BYTES = 12 + 16;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHORTEST_PASSPHRASE = 12;
/** Some 50 ms and 32 MiB for each guess. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** A key that locks values. Its id says nothing about it. */
export interface DataKey {
  readonly id: Buffer;
  readonly secret: Buffer;
}

/** The keys that are at hand: the newest locks, all unlock. */
export class KeyRing {
  /** @param keys the newest first; at least one. */
  constructor(private readonly keys: readonly [DataKey, ...DataKey[]]) {}

  /** The key for new values. */
  get newest(): DataKey {
    return this.keys[0];
  }

  /** The key of that id, or undefined. */
  find(id: Uint8Array): DataKey | undefined {
    return this.keys.find((key) => key.id.equals(id));
  }
}

/**
 * The data key that follows from a master key or a passphrase.
 * @param text 32 bytes as hexadecimal or base64; anything else is a passphrase.
 * @param salt makes the same passphrase give another key in every store.
 * @throws `keys.unavailable` for a passphrase that could be guessed by its length alone.
 */
export async function dataKey(text: string, salt: () => Promise<Uint8Array>): Promise<DataKey> {
  const master = keyBytes(text) ?? (await fromPassphrase(text, salt));
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, length));
  return {
    id: derive('llmspell state key id', KEY_ID_BYTES),
    secret: derive('llmspell state value', 32),
  };
}

function keyBytes(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}

async function fromPassphrase(text: string, salt: () => Promise<Uint8Array>): Promise<Buffer> {
  if (text.length < SHORTEST_PASSPHRASE)
    throw fail(
      'keys.unavailable',
      `A passphrase for state has fewer than ${SHORTEST_PASSPHRASE} characters`,
      {
        hint: 'Use a longer one, or 32 random bytes: openssl rand -hex 32',
      },
    );
  const grain = await salt();
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), grain, 32, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Locks bytes with AES-256-GCM under a nonce of their own; `context` is not hidden, but cannot be exchanged. */
export function seal(key: DataKey, bytes: Uint8Array, context: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce);
  cipher.setAAD(context);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** What {@link seal} was given. Throws if anything was changed. */
export function unseal(key: DataKey, sealed: Uint8Array, context: Uint8Array): Buffer {
  const tagAt = NONCE_BYTES;
  const bodyAt = tagAt + TAG_BYTES;
  if (sealed.length < bodyAt) throw new RangeError('it is too short');
  const decipher = createDecipheriv('aes-256-gcm', key.secret, sealed.subarray(0, tagAt));
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(tagAt, bodyAt));
  return Buffer.concat([decipher.update(sealed.subarray(bodyAt)), decipher.final()]);
}

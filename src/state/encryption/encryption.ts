import { randomBytes } from 'node:crypto';
import { fail } from '../../core/errors.js';
import type { MasterKeySource } from '../../core/master-key.js';
import type { KeyValueStore } from '../../storage/store.js';
import { INTERNAL } from '../internal-keys.js';
import { type DataKey, dataKey, KeyRing } from './key-ring.js';

const SALT_BYTES = 16;

/** How values are encrypted. */
export interface EncryptionOptions {
  /** Encrypts every value; otherwise sensitive ones only, and those only if a key is configured. */
  readonly all: boolean;
  /** Asked in turn; the first key of the first that has one locks new values. */
  readonly sources: readonly MasterKeySource[];
}

/** Finds the keys for the values of one store, when the first of them is needed. */
export class Encryption {
  private opened: Promise<KeyRing | undefined> | undefined;
  private found: KeyRing | undefined;

  constructor(
    private readonly options: EncryptionOptions,
    private readonly store: KeyValueStore,
  ) {}

  /** Whether every value is encrypted. */
  get all(): boolean {
    return this.options.all;
  }

  /** The keys, once {@link open} has found them. */
  get ring(): KeyRing | undefined {
    return this.found;
  }

  /**
   * Finds the keys; undefined when none is configured. A failure is tried again next time.
   * @throws `keys.unavailable` when a source fails, or when all values are to be encrypted and there is no key.
   */
  open(): Promise<KeyRing | undefined> {
    this.opened ??= this.read().catch((thrown) => {
      this.opened = undefined;
      throw thrown;
    });
    return this.opened;
  }

  /** Finds the keys anew when they are next needed: the store, and so its salt, has become another. */
  forget(): void {
    this.opened = undefined;
    this.found = undefined;
  }

  private async read(): Promise<KeyRing | undefined> {
    const texts = (await Promise.all(this.options.sources.map((source) => source.read()))).flat();
    const keys = await Promise.all(texts.map((text) => dataKey(text, () => this.salt())));
    const [newest, ...older] = keys;
    if (newest) this.found = new KeyRing([newest, ...older] as [DataKey, ...DataKey[]]);
    else if (this.options.all) throw this.noKey();
    return this.found;
  }

  /** Made once for each store; of several processes that make it at the same time one wins. */
  private async salt(): Promise<Uint8Array> {
    const known = await this.store.get(INTERNAL.salt);
    if (known) return known;
    const made = randomBytes(SALT_BYTES);
    if (await this.store.batchIf([{ key: INTERNAL.salt }], [{ key: INTERNAL.salt, value: made }]))
      return made;
    return this.salt();
  }

  private noKey() {
    const names = this.options.sources.map(({ name }) => name).join(', ');
    return fail('keys.unavailable', `State is to be encrypted, but no key is set: ${names}`, {
      hint: 'Make one with openssl rand -hex 32, and keep a copy: without it nothing can be read again.',
    });
  }
}

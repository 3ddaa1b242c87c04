import type { ExecutionContext } from '../core/context.js';
import { systemEffects } from '../core/effects.js';
import { fail } from '../core/errors.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { CompressionMethod } from '../storage/compression.js';
import { memoryStore } from '../storage/memory.js';
import { type KeyValueStore, type StoreChange, sameBytes } from '../storage/store.js';
import { SteadyClock } from './clock.js';
import { Encryption, type EncryptionOptions } from './encryption/encryption.js';
import { Entries, type EntryChange, type Found, type Seen } from './entries.js';
import { EntryCodec } from './entry-codec.js';
import { afterWrite, beforeWrite, isHooked, type PassedWrite } from './hooked.js';
import { INTERNAL, isInternalKey } from './internal-keys.js';
import { keyClass } from './key-class.js';
import { KeyedQueue } from './keyed-queue.js';
import { splitName } from './keys.js';
import { type RedactionRules, redact } from './redaction.js';
import { type Reencrypted, reencrypt } from './reencrypt.js';
import { readableValue, StateAccess, type StateWrite } from './state-access.js';
import { StateTransaction } from './transaction.js';
import { waitFor } from './wait-for.js';
import { type ChangeHandler, type StateWatch, WatchHub } from './watch.js';

/** Bytes one stored value may take unless configured otherwise. */
export const DEFAULT_MAX_VALUE_BYTES = 10_000_000;
/** Serialised bytes above which a value is compressed unless configured otherwise. */
export const DEFAULT_COMPRESSION_THRESHOLD = 1024;
/** The longest time to live, in seconds: some three hundred years. */
const MAX_TTL_SECONDS = 1e10;

/** How a {@link State} is made. */
export interface StateOptions {
  /** Bytes one stored value may take; {@link DEFAULT_MAX_VALUE_BYTES} when absent. */
  maxValueBytes?: number | undefined;
  /** LZ4 above {@link DEFAULT_COMPRESSION_THRESHOLD} when absent; `false` switches it off. */
  compression?: false | { thresholdBytes: number; method: CompressionMethod } | undefined;
  /** Nothing is encrypted when absent. */
  encryption?: EncryptionOptions | undefined;
  /** What counts as a secret beside what always does. */
  redaction?: RedactionRules | undefined;
  /** Milliseconds since the Unix epoch; the system's clock when absent. */
  now?: (() => number) | undefined;
}

/**
 * Values that scripts, agents and workflows keep. Every key of the store belongs to it: where a store serves
 * several purposes or tenants, hand over a view of the part that is meant (`prefixedStore`, `tenantStore`).
 * All sessions of a tenant share one, so that they hear of each other's changes.
 *
 * Each change that is made emits `state.changed`, whose scope is the text before the first colon of the entry's name.
 */
export class State extends StateAccess {
  private readonly durable: Entries;
  /** Entries whose names say that they are not worth keeping. */
  private readonly ephemeral: Entries;
  private readonly clock: SteadyClock;
  private readonly hub = new WatchHub();
  private readonly queue = new KeyedQueue();
  private readonly redactionRules: RedactionRules;
  private readonly encryption: Encryption | undefined;

  constructor(store: KeyValueStore, options: StateOptions = {}) {
    super();
    const { compression = { thresholdBytes: DEFAULT_COMPRESSION_THRESHOLD, method: 'lz4' } } = options;
    const maxValueBytes = options.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES;
    const encryption = options.encryption && new Encryption(options.encryption, store);
    this.encryption = encryption;
    this.clock = new SteadyClock(options.now ?? systemEffects().now);
    this.redactionRules = options.redaction ?? {};
    const expired = (name: string) => this.hub.notify({ name, operation: 'expire' });
    const codec = new EntryCodec({ maxValueBytes, compression: compression || undefined, encryption });
    this.durable = new Entries(store, codec, this.clock, expired);
    this.ephemeral = new Entries(memoryStore(), new EntryCodec({ maxValueBytes }), this.clock, expired);
  }

  /** Gathers changes that are made all at once, or not at all. */
  begin(): StateTransaction {
    return new StateTransaction(this);
  }

  /**
   * Tells `handler` of every later change, whoever makes it, to keys in `scope` that match `pattern`, in which `*` is
   * any text and `?` any one character. Warnings about the handler go to the journal of `context`.
   * @param onEnd contract: is called once, when nobody will call the handler again, and must not throw.
   */
  watch(
    scope: string,
    pattern: string,
    handler: ChangeHandler,
    context: ExecutionContext,
    onEnd?: () => void,
  ): StateWatch {
    return this.hub.watch(scope, pattern, handler, context, onEnd);
  }

  /** The value of an entry as soon as there is one; undefined when there is none after so many milliseconds. */
  waitFor(
    scope: string,
    key: string,
    timeoutMs: number,
    context: ExecutionContext,
  ): Promise<ScriptValue | undefined> {
    return waitFor(this, scope, key, timeoutMs, context);
  }

  /** A copy without secrets, for whatever is shown, logged or exported. */
  redact(value: JsonValue): JsonValue {
    return redact(value, this.redactionRules);
  }

  /**
   * Writes every entry that is not locked with the newest key anew with that. May be interrupted at any moment, and
   * called again; entries that others change meanwhile are theirs.
   * @throws `state.encrypted` for an entry whose key is not at hand, `keys.unavailable`, `storage.*`
   */
  reencryptAll(): Promise<Reencrypted> {
    return reencrypt(this.durable);
  }

  /** The entries that last, as they are stored: what backups and migrations work on. */
  get lasting(): Entries {
    return this.durable;
  }

  /** Tells watchers of changes that were made to {@link lasting} entries directly. */
  noticed(changes: readonly StoreChange[], context: ExecutionContext): void {
    if (changes.some(({ key }) => key === INTERNAL.salt)) this.encryption?.forget();
    if (this.hub.idle) return;
    for (const { key: name, value } of changes) {
      if (isInternalKey(name)) continue;
      this.hub.notify({ name, operation: value ? 'set' : 'delete', session: context.sessionId });
    }
  }

  /** Removes every entry whose time has come. */
  async sweep(): Promise<void> {
    await Promise.all([this.durable.sweep(), this.ephemeral.sweep()]);
  }

  override peek(name: string): Promise<Found> {
    return this.entriesOf(name).find(name);
  }

  /** Makes writes that were gathered, as {@link write} does. */
  commit(writes: readonly StateWrite[], seen: readonly Seen[], context: ExecutionContext): Promise<boolean> {
    return this.write(writes, seen, context);
  }

  /** The names of listed entries that begin with `prefix`. */
  listNames(prefix: string): Promise<string[]> {
    return this.durable.names(prefix);
  }

  protected override names(prefix: string): Promise<string[]> {
    return this.listNames(prefix);
  }

  protected override inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.queue.run(name, work);
  }

  protected override async write(
    writes: readonly StateWrite[],
    seen: readonly Seen[],
    context: ExecutionContext,
  ): Promise<boolean> {
    const hooked = writes.some(({ name }) => isHooked(name, context, 'BeforeStateWrite', 'AfterStateWrite'));
    return hooked ? this.hookedWrite(writes, seen, context) : this.apply(writes, seen, context);
  }

  /** All handlers are asked before anything is written, and told when all of it is. */
  private async hookedWrite(
    writes: readonly StateWrite[],
    seen: readonly Seen[],
    context: ExecutionContext,
  ): Promise<boolean> {
    const passed: StateWrite[] = [];
    const told: PassedWrite<StateWrite>[] = [];
    for (const write of writes) {
      const one = isHooked(write.name, context, 'BeforeStateWrite', 'AfterStateWrite')
        ? await beforeWrite(write, await readableValue((await this.peek(write.name)).entry), context)
        : undefined;
      if (one) told.push(one);
      const unasked = keyClass(write.name) === 'trusted';
      if (one || unasked) passed.push(one?.write ?? write);
    }
    let success = false;
    try {
      success = passed.length === 0 || (await this.apply(passed, seen, context));
    } finally {
      for (const one of told) await afterWrite(one, success, context);
    }
    return success;
  }

  private async apply(
    writes: readonly StateWrite[],
    seen: readonly Seen[],
    context: ExecutionContext,
  ): Promise<boolean> {
    const changes = writes.map((write) => this.toChange(write));
    if (!(await this.store(changes, seen))) return false;
    for (const change of changes) this.changed(change, context);
    return true;
  }

  private toChange({ name, value, version, ttlSeconds }: StateWrite): EntryChange {
    if (ttlSeconds === undefined) return { name, value, version };
    if (!(ttlSeconds > 0 && ttlSeconds <= MAX_TTL_SECONDS))
      throw fail('state.invalid', `A time to live of ${ttlSeconds} seconds is none`, {
        hint: `ttl_seconds is a number above zero and at most ${MAX_TTL_SECONDS}.`,
      });
    return { name, value, version, expiresAt: Math.ceil(this.clock.now() + ttlSeconds * 1000) };
  }

  /** What is not durable is written last: it cannot fail any more then. */
  private async store(changes: readonly EntryChange[], seen: readonly Seen[]): Promise<boolean> {
    const [first] = changes;
    if (changes.length === 1 && seen.length <= 1) return this.entriesOf(first!.name).apply(changes, seen);
    const volatile = ({ name }: { name: string }) => this.entriesOf(name) === this.ephemeral;
    const lasting = (each: { name: string }) => !volatile(each);
    for (const { name, bytes } of seen.filter(volatile))
      if (!sameBytes((await this.ephemeral.find(name)).seen.bytes, bytes)) return false;
    const [lastingChanges, lastingSeen] = [changes.filter(lasting), seen.filter(lasting)];
    if (lastingChanges.length + lastingSeen.length > 0)
      if (!(await this.durable.apply(lastingChanges, lastingSeen))) return false;
    const rest = changes.filter(volatile);
    if (rest.length > 0) await this.ephemeral.apply(rest);
    return true;
  }

  private changed({ name, value }: EntryChange, context: ExecutionContext): void {
    const operation = value === undefined ? 'delete' : 'set';
    context.emit({ type: 'state.changed', ...splitName(name), operation });
    if (!this.hub.idle) this.hub.notify({ name, operation, value, session: context.sessionId });
  }

  private entriesOf(name: string): Entries {
    return keyClass(name) === 'ephemeral' ? this.ephemeral : this.durable;
  }
}

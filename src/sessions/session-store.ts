import { fail } from '../core/errors.js';
import type { KeyValueStore, StoreChange } from '../storage/store.js';
import type { ArtifactRecord } from './artifact-record.js';
import { type SessionRecord, sessionNotFound } from './record.js';

const sessionKey = (id: string) => `session/${id}`;
const artifactPrefix = (session: string) => `artifact/${session}/`;
const artifactKey = (session: string, number: number) =>
  `${artifactPrefix(session)}${String(number).padStart(10, '0')}`;

/** What a change of a session makes of it, and of its artifacts in the same step. */
export interface SessionChange {
  readonly record: SessionRecord;
  readonly add?: ArtifactRecord | undefined;
  readonly remove?: ArtifactRecord | undefined;
}

/** Sessions and their artifacts in a tenant's part of the store. Each change is one step for everybody who uses it. */
export class SessionStore {
  constructor(private readonly store: KeyValueStore) {}

  /** Keeps a new session. */
  async create(record: SessionRecord): Promise<void> {
    const key = sessionKey(record.id);
    if (!(await this.store.batchIf([{ key }], [{ key, value: encode(record) }])))
      throw fail('session.exists', `There is a session ${record.id} already`, {
        hint: 'Leave the id out, and Session.create gives one.',
      });
  }

  async get(id: string): Promise<SessionRecord | undefined> {
    const bytes = await this.store.get(sessionKey(id));
    return bytes && decode<SessionRecord>(bytes);
  }

  async all(): Promise<SessionRecord[]> {
    return (await this.store.entries('session/')).map(([, bytes]) => decode<SessionRecord>(bytes));
  }

  /**
   * Changes a session; the change is worked out again when somebody else was faster.
   * @param change Contract: does the same each time, from what it is given.
   * @throws `session.not_found`
   */
  async update(
    id: string,
    change: (record: SessionRecord) => SessionChange | Promise<SessionChange>,
  ): Promise<SessionRecord> {
    const key = sessionKey(id);
    for (;;) {
      const before = await this.store.get(key);
      if (!before) throw sessionNotFound(id);
      const made = await change(decode<SessionRecord>(before));
      const { record } = made;
      const changes = [{ key, value: encode(record) }, ...artifactChanges(id, made)];
      if (await this.store.batchIf([{ key, value: before }], changes)) return record;
    }
  }

  /** Forgets a session with its artifacts; whether there was one. */
  async delete(id: string): Promise<boolean> {
    for (;;) {
      const key = sessionKey(id);
      const before = await this.store.get(key);
      if (!before) return false;
      const artifacts = await this.store.keys(artifactPrefix(id));
      const changes = [key, ...artifacts].map((each) => ({ key: each }));
      if (await this.store.batchIf([{ key, value: before }], changes)) return true;
    }
  }

  /** One artifact of a session by its place, or undefined. */
  async artifact(session: string, number: number): Promise<ArtifactRecord | undefined> {
    const bytes = await this.store.get(artifactKey(session, number));
    return bytes && decode<ArtifactRecord>(bytes);
  }

  /** The artifacts of a session in the order in which they were stored; of all sessions without an id. */
  async artifacts(session?: string): Promise<ArtifactRecord[]> {
    const prefix = session === undefined ? 'artifact/' : artifactPrefix(session);
    return (await this.store.entries(prefix)).map(([, bytes]) => decode<ArtifactRecord>(bytes));
  }

  /** When something that is done now and then was done last. */
  async moment(name: string): Promise<number> {
    const bytes = await this.store.get(`moment/${name}`);
    return bytes ? decode<number>(bytes) : 0;
  }

  async setMoment(name: string, moment: number): Promise<void> {
    await this.store.set(`moment/${name}`, encode(moment));
  }
}

function artifactChanges(session: string, { add, remove }: SessionChange): StoreChange[] {
  return [
    ...(remove ? [{ key: artifactKey(session, remove.number) }] : []),
    ...(add ? [{ key: artifactKey(session, add.number), value: encode(add, 'artifact.invalid') }] : []),
  ];
}

/** What is said of a session or an artifact is read whole whenever they are listed; content has another place. */
const MAX_RECORD_BYTES = 1_000_000;

function encode(
  value: unknown,
  code: 'session.invalid' | 'artifact.invalid' = 'session.invalid',
): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  if (bytes.length <= MAX_RECORD_BYTES) return bytes;
  throw fail(code, `What is said of it takes ${bytes.length} bytes, more than ${MAX_RECORD_BYTES}`, {
    hint: 'Keep large values in the state (scope session:<id>) or as the content of an artifact.',
  });
}

function decode<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
  } catch (thrown) {
    throw fail('storage.failed', 'A stored session cannot be read', {
      hint: 'Restore the data directory from a backup.',
      cause: thrown,
    });
  }
}

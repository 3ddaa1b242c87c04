import { join, resolve } from 'node:path';
import type { Config } from '../config/types.js';
import type { Effects } from '../core/effects.js';
import type { Secrets } from '../core/secrets.js';
import type { TenantSessions } from '../globals/services.js';
import type { State } from '../state/state.js';
import type { StateUpkeep } from '../state/upkeep.js';
import type { BlobStore } from '../storage/blob-store.js';
import type { JournalStore } from '../storage/journal-store.js';
import type { KeyValueStore } from '../storage/store.js';
import { tenantFolder } from '../storage/tenant-folder.js';
import { pruneDaily } from './journal-retention.js';
import type { StateSchemas } from './open-upkeep.js';
import { dataDirectory } from './paths.js';

/** Rooms of the store; each tenant has a part of its own in each. */
export type StoreRoom = 'state' | 'sessions';

/** What the rooms are called inside the store. */
const PREFIX: Readonly<Record<StoreRoom, string>> = { state: 'tenant', sessions: 'sessions' };

/** The kernel's one store; tenants get views of it. Opened when it is first used, closed with the kernel. */
export class DataStore {
  private readonly states = new Map<string, Promise<State>>();
  private readonly opened = new Map<'memory' | 'lmdb', Promise<KeyValueStore>>();
  private readonly sessionRooms = new Map<string, Promise<TenantSessions>>();
  private readonly blobs = new Set<BlobStore>();
  private readonly journals = new Map<string, Promise<JournalStore>>();

  constructor(
    private readonly config: Config,
    private readonly cwd: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly effects: Pick<Effects, 'now' | 'id'>,
  ) {}

  /** Where everything is kept that outlives a run. */
  get directory(): string {
    const base = this.config.storage.base_dir;
    return base ? resolve(this.cwd, base) : dataDirectory(this.env);
  }

  /** The state of a tenant: one for all its sessions, so that they hear of each other. @throws `storage.unavailable` */
  state(tenant: string): Promise<State> {
    return kept(this.states, tenant, async () => {
      const [store, { openState }] = await Promise.all([
        this.view('state', tenant),
        import('./open-state.js'),
      ]);
      const { config, cwd, env: environment, effects } = this;
      return openState(store, { config, cwd, environment, now: () => effects.now() });
    });
  }

  /** What keeps the state of a tenant in order; each that asks registers schemas for itself. @throws `storage.unavailable`, `migration.invalid` */
  async upkeep(tenant: string, schemas?: StateSchemas): Promise<StateUpkeep> {
    const [state, { openUpkeep }] = await Promise.all([this.state(tenant), import('./open-upkeep.js')]);
    const { config, cwd, directory } = this;
    return openUpkeep(state, { config, cwd, directory, tenant, schemas });
  }

  /** The sessions of a tenant, with their artifacts. @throws `storage.unavailable` */
  sessions(tenant: string): Promise<TenantSessions> {
    return kept(this.sessionRooms, tenant, async () => {
      const [store, { openSessions }] = await Promise.all([
        this.view('sessions', tenant),
        import('./open-sessions.js'),
      ]);
      const directory = join(this.directory, 'artifacts', tenantFolder(tenant));
      const { config, effects } = this;
      const room = openSessions(store, {
        settings: config.runtime.sessions,
        directory,
        now: () => effects.now(),
        state: () => this.state(tenant),
      });
      this.blobs.add(room.blobs);
      return room;
    });
  }

  /** A tenant's part of a room. @throws `storage.unavailable` */
  async view(room: StoreRoom, tenant: string): Promise<KeyValueStore> {
    const { tenantStore } = await import('../storage/prefixed.js');
    return tenantStore(await this.open(this.backend(room)), tenant, PREFIX[room]);
  }

  /** The keys that are kept for providers. @throws `keys.unavailable` */
  async keys(secrets: Secrets): Promise<ReadonlyMap<string, string>> {
    const { storedKeys } = await import('./stored-keys.js');
    const { config, cwd, env: environment } = this;
    return storedKeys(this.directory, { config, cwd, environment }, secrets);
  }

  /** The journal of a tenant's runs. */
  journal(tenant: string): Promise<JournalStore> {
    return kept(this.journals, tenant, () => this.openJournal(tenant));
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    await this.pruneJournals();
    const stores = [...this.opened.values(), ...this.journals.values()];
    this.opened.clear();
    this.journals.clear();
    this.states.clear();
    this.sessionRooms.clear();
    for (const blobs of this.blobs) await blobs.close();
    for (const store of stores) await (await store.catch(() => undefined))?.close();
  }

  /** Here, where nobody waits for a first line any more. */
  private async pruneJournals(): Promise<void> {
    const { backend, retention_days: days } = this.config.runtime.journal;
    if (backend === 'memory' || this.journals.size === 0) return;
    for (const [tenant, opening] of this.journals) {
      const journal = await opening.catch(() => undefined);
      const directory = this.journalDirectory(tenant);
      if (journal) await pruneDaily(journal, { directory, days, now: () => this.effects.now() });
    }
  }

  private journalDirectory(tenant: string): string {
    return join(this.directory, 'journal', tenantFolder(tenant));
  }

  private backend(room: StoreRoom): 'memory' | 'lmdb' {
    const { state_persistence: state, sessions } = this.config.runtime;
    if (room === 'sessions') return sessions.storage_backend;
    return state.enabled ? state.backend_type : 'memory';
  }

  private open(backend: 'memory' | 'lmdb'): Promise<KeyValueStore> {
    return kept(this.opened, backend, () => this.openBackend(backend));
  }

  private async openJournal(tenant: string): Promise<JournalStore> {
    const { effects, config } = this;
    const { backend, lease_seconds } = config.runtime.journal;
    if (backend === 'memory')
      return (await import('../storage/journal-memory.js')).memoryJournal(() => effects.now());
    const [{ fileJournal }, { hostname }] = await Promise.all([
      import('../storage/journal-files.js'),
      import('node:os'),
    ]);
    return fileJournal({
      directory: this.journalDirectory(tenant),
      owner: `kernel_${effects.id()}`,
      host: hostname(),
      now: () => effects.now(),
      newId: () => effects.id(),
      leaseMs: lease_seconds * 1000,
    });
  }

  private async openBackend(backend: 'memory' | 'lmdb'): Promise<KeyValueStore> {
    if (backend === 'memory') return (await import('../storage/memory.js')).memoryStore();
    const { path } = this.config.runtime.state_persistence;
    const directory = path ? resolve(this.cwd, path) : join(this.directory, 'state');
    return (await import('../storage/lmdb.js')).openLmdbStore(directory);
  }
}

/** What was made for that name, made when it is first asked for; a failure is not kept. */
function kept<K, T>(made: Map<K, Promise<T>>, name: K, make: () => Promise<T>): Promise<T> {
  const known = made.get(name);
  if (known) return known;
  const making = make().catch((thrown) => {
    made.delete(name);
    throw thrown;
  });
  made.set(name, making);
  return making;
}

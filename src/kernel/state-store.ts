import { join, resolve } from 'node:path';
import type { Config } from '../config/types.js';
import { State } from '../state/state.js';
import type { KeyValueStore } from '../storage/store.js';
import { dataDirectory } from './paths.js';

/** The kernel's one store; tenants get views of it. Opened when state is first used, closed with the kernel. */
export class StateStore {
  private opened: Promise<KeyValueStore> | undefined;

  constructor(
    private readonly config: Config,
    private readonly cwd: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** The state of a tenant. @throws `storage.unavailable` */
  async forTenant(tenant: string): Promise<State> {
    const { tenantStore } = await import('../storage/prefixed.js');
    const store = await this.open();
    return new State(tenantStore(store, tenant), {
      maxValueBytes: this.config.runtime.state_persistence.max_state_size_bytes,
    });
  }

  /** Closes the store if it was opened. */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = undefined;
    await (await opened?.catch(() => undefined))?.close();
  }

  private open(): Promise<KeyValueStore> {
    this.opened ??= this.openBackend().catch((thrown) => {
      this.opened = undefined;
      throw thrown;
    });
    return this.opened;
  }

  private async openBackend(): Promise<KeyValueStore> {
    const { enabled, backend_type } = this.config.runtime.state_persistence;
    if (!enabled || backend_type === 'memory') return (await import('../storage/memory.js')).memoryStore();
    const base = this.config.storage.base_dir;
    const directory = base ? resolve(this.cwd, base) : dataDirectory(this.env);
    return (await import('../storage/lmdb.js')).openLmdbStore(join(directory, 'state'));
  }
}

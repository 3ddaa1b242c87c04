import type { Config } from '../config/types.js';
import type { Effects } from '../core/effects.js';
import type { RunInfo, RunObserver, RunWatch } from '../core/journal.js';
import type { EventBus } from '../events/bus.js';

/** The event buses of a kernel, one for each tenant. A bus is made when it is first asked for; until then nothing is loaded. */
export class EventBuses implements RunObserver {
  private readonly buses = new Map<string, { bus?: EventBus }>();

  constructor(
    private readonly config: Config['events'],
    private readonly effects: Effects,
  ) {}

  begin(info: RunInfo): RunWatch {
    const slot = this.slot(info.tenant);
    return { event: (event) => slot.bus?.observe(event, info) };
  }

  /** The bus of a tenant. */
  async of(tenant: string): Promise<EventBus> {
    const slot = this.slot(tenant);
    const { EventBus: Bus } = await import('../events/bus.js');
    slot.bus ??= new Bus(this.config, this.effects);
    return slot.bus;
  }

  /** Waits for the event handlers of a session; see {@link EventBus.drain}. */
  async drain(tenant: string, session: string, signal: AbortSignal): Promise<void> {
    await this.slot(tenant).bus?.drain(session, signal);
  }

  /** Ends all buses. */
  close(): void {
    for (const { bus } of this.buses.values()) bus?.close();
    this.buses.clear();
  }

  private slot(tenant: string): { bus?: EventBus } {
    const known = this.buses.get(tenant) ?? {};
    this.buses.set(tenant, known);
    return known;
  }
}

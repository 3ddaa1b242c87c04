import type { Config } from '../config/types.js';
import type { JournalEvent } from '../core/events.js';
import type { RunInfo, RunObserver, RunWatch } from '../core/journal.js';
import type { BuiltInMetrics } from '../observability/built-in.js';
import type { MetricRegistry } from '../observability/registry.js';

/** The metrics of one tenant, from the moment somebody asks for them. */
interface Tenant {
  /** Set when somebody has asked. */
  opening?: Promise<MetricRegistry>;
  builtIn?: BuiltInMetrics;
  /** Of each run that goes on, what happened in it before its metrics could be counted. */
  readonly early: Set<JournalEvent[]>;
}

/**
 * Counts what happens in the runs of a kernel. Nothing is loaded or counted before somebody asks for metrics; from then
 * on every event counts, and those runs that had already begun.
 */
export class Measurements implements RunObserver {
  private readonly tenants = new Map<string, Tenant>();

  constructor(private readonly config: Config['metrics']) {}

  begin({ tenant: name }: RunInfo): RunWatch {
    const tenant = this.tenant(name);
    if (this.config.enabled) void this.of(name);
    const early: JournalEvent[] = [];
    tenant.early.add(early);
    return {
      event: (event) => {
        if (tenant.builtIn) tenant.builtIn.event(event);
        else if (tenant.opening || event.type === 'run.started') early.push(event);
      },
      end: async () => {
        if (early.length > 1) await tenant.opening?.catch(() => {});
        tenant.early.delete(early);
      },
    };
  }

  /** The metrics of a tenant; from now on they are counted. */
  of(name = 'default'): Promise<MetricRegistry> {
    const tenant = this.tenant(name);
    tenant.opening ??= this.open(tenant);
    return tenant.opening;
  }

  private async open(tenant: Tenant): Promise<MetricRegistry> {
    const [{ MetricRegistry: Registry }, { BuiltInMetrics: BuiltIn }, { watchProcess }] = await Promise.all([
      import('../observability/registry.js'),
      import('../observability/built-in.js'),
      import('../observability/process-metrics.js'),
    ]);
    const { max_metrics: maxMetrics, max_series: maxSeries } = this.config;
    const registry = new Registry({ maxMetrics, maxSeries });
    const builtIn = new BuiltIn(registry);
    watchProcess(registry, () => tenant.early.size);
    for (const events of tenant.early) for (const event of events.splice(0)) builtIn.event(event);
    tenant.builtIn = builtIn;
    return registry;
  }

  private tenant(name: string): Tenant {
    const known = this.tenants.get(name) ?? { early: new Set() };
    this.tenants.set(name, known);
    return known;
  }
}

import { BuiltInMetrics } from '../../observability/built-in.js';
import { prometheusText } from '../../observability/prometheus.js';
import { MetricRegistry } from '../../observability/registry.js';
import type { JournalStore, RunRecord } from '../../storage/journal-store.js';

/** More series than one process may have: here nothing has to be kept small. */
const LIMITS = { maxMetrics: 1000, maxSeries: 100_000 };

/** What the journal holds of these runs, counted as the process that ran them would have counted it. */
export async function metricsOfRuns(journal: JournalStore, runs: readonly RunRecord[]): Promise<string> {
  const registry = new MetricRegistry(LIMITS);
  const builtIn = new BuiltInMetrics(registry);
  for (const { run } of runs) for await (const event of journal.events(run)) builtIn.event(event);
  return prometheusText(registry);
}

import { addUsage, type JournalEvent, noUsage, type Usage } from '../../core/events.js';
import type { RunRecord } from '../../storage/journal-store.js';

/** By what costs can be added up. */
export const COST_GROUPS = ['model', 'provider', 'agent', 'spell', 'day', 'run'] as const;
/** One of them. */
export type CostGroup = (typeof COST_GROUPS)[number];

/** What one group has cost. */
export interface CostLine {
  readonly group: string;
  readonly calls: number;
  readonly usage: Usage;
}

type UsageEvent = Extract<JournalEvent, { type: 'model.usage' }>;

/** Adds up the model calls of many runs, the dearest group first. */
export function costLines(
  events: readonly JournalEvent[],
  by: CostGroup,
  runs: ReadonlyMap<string, RunRecord>,
): CostLine[] {
  const groups = new Map<string, CostLine>();
  for (const event of events) {
    if (event.type !== 'model.usage') continue;
    const group = groupOf(event, by, runs);
    const { calls, usage } = groups.get(group) ?? { calls: 0, usage: noUsage() };
    groups.set(group, { group, calls: calls + 1, usage: addUsage(usage, event.usage) });
  }
  return [...groups.values()].sort(
    (a, b) => b.usage.costUsd - a.usage.costUsd || tokens(b.usage) - tokens(a.usage),
  );
}

/** All lines together. */
export function costTotal(lines: readonly CostLine[]): CostLine {
  return lines.reduce(
    (sum, line) => ({
      group: 'total',
      calls: sum.calls + line.calls,
      usage: addUsage(sum.usage, line.usage),
    }),
    { group: 'total', calls: 0, usage: noUsage() },
  );
}

function groupOf(event: UsageEvent, by: CostGroup, runs: ReadonlyMap<string, RunRecord>): string {
  switch (by) {
    case 'provider':
      return event.provider;
    case 'agent':
      return /.*agent:([^/[]+)/.exec(event.path)?.[1] ?? '(no agent)';
    case 'spell':
      return runs.get(event.run)?.name ?? '(unknown)';
    case 'day':
      return new Date(event.time).toISOString().slice(0, 10);
    case 'run':
      return event.run;
    default:
      return `${event.provider}/${event.model}`;
  }
}

function tokens({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

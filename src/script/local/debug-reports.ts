import type { DebugTimers, TimerStatistics } from './debug-timers.js';

/** The statistics of all timers as text for people. */
export function performanceReport(timers: DebugTimers): string {
  const lines = [...timers.statistics()].map(([name, statistics]) => describe(name, statistics));
  return [
    '=== Performance Report ===',
    ...(lines.length > 0 ? lines : ['No timer has been stopped yet.']),
  ].join('\n');
}

function describe(name: string, s: TimerStatistics): string {
  const ms = (value: number) => `${value.toFixed(3)} ms`;
  const spread = `mean ${ms(s.mean_ms)}, p50 ${ms(s.p50_ms)}, p95 ${ms(s.p95_ms)}, p99 ${ms(s.p99_ms)}`;
  return `${name}: ${s.count}×, total ${ms(s.total_ms)}, ${spread}`;
}

/** The same as JSON text. `now` is in milliseconds since the epoch. */
export function jsonReport(timers: DebugTimers, now: number): string {
  const timings = timers.statistics();
  const generated_at = new Date(now).toISOString();
  return JSON.stringify({
    version: '1.0',
    generated_at,
    summary: summary(timings),
    timings: Object.fromEntries(timings),
  });
}

function summary(timings: Map<string, TimerStatistics>): Record<string, number | string | null> {
  const bySpeed = [...timings].sort(([, a], [, b]) => a.mean_ms - b.mean_ms).map(([name]) => name);
  const sum = (pick: (statistics: TimerStatistics) => number) =>
    [...timings.values()].reduce((total, statistics) => total + pick(statistics), 0);
  const operations = sum((statistics) => statistics.count);
  const total = sum((statistics) => statistics.total_ms);
  return {
    total_operations: operations,
    total_time_ms: total,
    avg_time_ms: operations > 0 ? total / operations : 0,
    slowest_operation: bySpeed.at(-1) ?? null,
    fastest_operation: bySpeed[0] ?? null,
  };
}

import { z } from 'zod';
import type { JsonObject } from '../../core/values.js';
import type { HookContext } from '../contract.js';
import { defineBuiltin } from './definition.js';

const BUCKETS = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];
/** Components that are counted one by one; the rest is counted together. */
const MAX_COMPONENTS = 1000;

const options = z.strictObject({
  buckets: z
    .array(z.number().positive())
    .min(1)
    .default(BUCKETS)
    .describe('Bounds of the histogram, in milliseconds.'),
});

/** What is counted of one component. */
class Counts {
  calls = 0;
  failures = 0;
  totalMs = 0;
  private readonly buckets: number[];

  constructor(private readonly bounds: readonly number[]) {
    this.buckets = new Array(bounds.length + 1).fill(0);
  }

  add(durationMs: number, failed: boolean): void {
    this.calls++;
    if (failed) this.failures++;
    this.totalMs += durationMs;
    const index = this.bounds.findIndex((bound) => durationMs <= bound);
    this.buckets[index < 0 ? this.bounds.length : index]!++;
  }

  report(): JsonObject {
    const histogram = Object.fromEntries(
      this.buckets.map((count, index) => [String(this.bounds[index] ?? 'inf'), count]),
    );
    const mean = this.calls === 0 ? 0 : this.totalMs / this.calls;
    return { calls: this.calls, failures: this.failures, total_ms: this.totalMs, mean_ms: mean, histogram };
  }
}

/** Counts calls, failures and durations of every component. */
export default defineBuiltin({
  name: 'metrics',
  doc: 'Counts calls, failures and durations of every tool, agent and workflow; Hook.builtin_report shows them.',
  aliases: ['MetricsHook', 'MetricsCollector', 'PerformanceMonitor'],
  options,
  make: ({ buckets }) => {
    const counts = new Map<string, Counts>();
    const bounds = [...buckets].sort((a, b) => a - b);
    const of = ({ component_id: { type, name } }: HookContext) => {
      const key = `${type.toLowerCase()}:${name}`;
      const place = counts.has(key) || counts.size < MAX_COMPONENTS ? key : 'others';
      if (!counts.has(place)) counts.set(place, new Counts(bounds));
      return counts.get(place)!;
    };
    return {
      registrations: [
        {
          points: [
            'AfterToolExecution',
            'AfterAgentExecution',
            'AfterWorkflowComplete',
            'ToolError',
            'AgentError',
            'WorkflowError',
          ],
          priority: 'lowest',
          onError: 'continue',
          handler: (seen) => {
            of(seen).add(Number(seen.data.duration_ms ?? 0), seen.point.endsWith('Error'));
            return { kind: 'continue' };
          },
        },
      ],
      report: () => Object.fromEntries([...counts].map(([name, each]) => [name, each.report()])),
    };
  },
});

import { totalmem, uptime } from 'node:os';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import { withCommandLines } from './command-lines.js';
import { describeCpu, loadAverage, sampleCpu } from './cpu.js';
import { describeDisks } from './disk.js';
import { describeMemory } from './memory.js';
import { describeNetwork, sampleNetwork } from './network.js';
import { describeProcesses, pageSize, processIds, sampleProcesses } from './processes.js';
import { describeSensors } from './sensors.js';

/** What can be measured. */
export const METRICS = [
  'cpu',
  'memory',
  'disk',
  'network',
  'processes',
  'load',
  'uptime',
  'sensors',
] as const;
/** Something that can be measured. */
export type Metric = (typeof METRICS)[number];

/** How it is measured. */
export interface MonitorOptions {
  sampleMs: number;
  sortBy: 'cpu' | 'memory';
  limit: number;
  /** Whether what processes were called with is wanted. */
  arguments: boolean;
}

/** Measures, in one table. What counts up is looked at twice. */
export async function collect(
  metrics: readonly Metric[],
  options: MonitorOptions,
  context: ExecutionContext,
): Promise<JsonObject> {
  const wants = (metric: Metric) => metrics.includes(metric);
  return {
    ...((wants('cpu') || wants('network') || wants('processes')) &&
      (await sampled(metrics, options, context))),
    ...(wants('memory') && (await describeMemory())),
    ...(wants('disk') && (await describeDisks(context))),
    ...(wants('load') && { load_average: loadAverage() }),
    ...(wants('uptime') && { uptime_seconds: Math.floor(uptime()) }),
    ...(wants('sensors') && (await describeSensors())),
  };
}

/** How many processes there are; null on systems that do not tell. */
export async function processCount(): Promise<number | null> {
  return (await processIds())?.length ?? null;
}

async function sampled(
  metrics: readonly Metric[],
  options: MonitorOptions,
  context: ExecutionContext,
): Promise<JsonObject> {
  const { effects, signal } = context;
  const sample = async () => ({
    cpu: await sampleCpu(),
    network: metrics.includes('network') ? await sampleNetwork() : undefined,
    processes: metrics.includes('processes') ? await sampleProcesses(context) : undefined,
    at: effects.now(),
  });
  const before = await sample();
  await effects.sleep(options.sampleMs, signal);
  const after = await sample();
  const seconds = (after.at - before.at) / 1000;
  return {
    ...(metrics.includes('cpu') && describeCpu(before.cpu, after.cpu)),
    ...(metrics.includes('network') && describeNetwork(before.network, after.network, seconds)),
    ...(metrics.includes('processes') && (await processTable(before, after, options, context))),
  };
}

type Sample = {
  cpu: Awaited<ReturnType<typeof sampleCpu>>;
  processes: Awaited<ReturnType<typeof sampleProcesses>>;
};

async function processTable(
  before: Sample,
  after: Sample,
  options: MonitorOptions,
  context: ExecutionContext,
): Promise<JsonObject> {
  const table = describeProcesses([before.processes, after.processes], [before.cpu, after.cpu], {
    ...options,
    pageBytes: await pageSize(),
    totalMemory: totalmem(),
  });
  if (!options.arguments) return table;
  return { ...table, processes: await withCommandLines(table.processes ?? null, context) };
}

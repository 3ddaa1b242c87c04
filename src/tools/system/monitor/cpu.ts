import { availableParallelism, cpus, loadavg } from 'node:os';
import type { JsonObject } from '../../../core/values.js';
import { percent } from './format.js';
import { kernelTable } from './proc.js';

/** Time that processors have spent since the start, in whatever unit the system counts. */
export interface CpuTimes {
  busy: number;
  total: number;
}

/** All processors together, and each one. */
export interface CpuSample {
  whole: CpuTimes;
  cores: CpuTimes[];
}

/** How busy the processors have been so far. */
export async function sampleCpu(): Promise<CpuSample> {
  const table = process.platform === 'linux' ? await kernelTable('/proc/stat') : undefined;
  const cores = table === undefined ? cpus().map(({ times }) => timesOf(times)) : parseCpuLines(table);
  return { cores, whole: cores.reduce(sum, { busy: 0, total: 0 }) };
}

/** The lines `cpu0 …` of `/proc/stat`. Time as a guest is part of user time already. */
export function parseCpuLines(table: string): CpuTimes[] {
  return [...table.matchAll(/^cpu\d+ +(.*)$/gm)].map((line) => {
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, ...rest] = line[1]!.split(' ').map(Number);
    const busy = user + nice + system + rest.slice(0, 3).reduce((a, b) => a + b, 0);
    return { busy, total: busy + idle + wait };
  });
}

/** What processors did between two samples. */
export function describeCpu(before: CpuSample, after: CpuSample): JsonObject {
  return {
    cpu_usage_percent: usage(before.whole, after.whole),
    cpu_count: after.cores.length || availableParallelism(),
    cpu_per_core: after.cores.map((core, at) => usage(before.cores[at] ?? { busy: 0, total: 0 }, core)),
    cpu_model: cpus()[0]?.model.trim() ?? null,
    load_average: loadAverage(),
  };
}

/** The load of the last 1, 5 and 15 minutes; null on systems that do not count it. */
export function loadAverage(): number[] | null {
  return process.platform === 'win32' ? null : loadavg().map((load) => Math.round(load * 100) / 100);
}

function usage(before: CpuTimes, after: CpuTimes): number {
  return percent(after.busy - before.busy, after.total - before.total);
}

function timesOf({
  user,
  nice,
  sys,
  idle,
  irq,
}: {
  user: number;
  nice: number;
  sys: number;
  idle: number;
  irq: number;
}) {
  const busy = user + nice + sys + irq;
  return { busy, total: busy + idle };
}

function sum(a: CpuTimes, b: CpuTimes): CpuTimes {
  return { busy: a.busy + b.busy, total: a.total + b.total };
}

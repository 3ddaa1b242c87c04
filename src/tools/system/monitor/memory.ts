import { freemem, totalmem } from 'node:os';
import type { JsonObject } from '../../../core/values.js';
import { formatBytes, percent } from './format.js';
import { kernelTable } from './proc.js';

/** Bytes of memory. */
export interface Memory {
  total: number;
  available: number;
  swapTotal: number;
  swapFree: number;
}

/** How much memory there is and how much of it is free. */
export async function describeMemory(): Promise<JsonObject> {
  const table = process.platform === 'linux' ? await kernelTable('/proc/meminfo') : undefined;
  const memory = table === undefined ? undefined : parseMeminfo(table);
  const { total, available, swapTotal, swapFree } = memory ?? {
    total: totalmem(),
    available: freemem(),
    swapTotal: 0,
    swapFree: 0,
  };
  const used = total - available;
  return {
    total_memory_bytes: total,
    used_memory_bytes: used,
    available_memory_bytes: available,
    memory_usage_percent: percent(used, total),
    total_memory_formatted: formatBytes(total),
    used_memory_formatted: formatBytes(used),
    available_memory_formatted: formatBytes(available),
    swap_total_bytes: swapTotal,
    swap_used_bytes: swapTotal - swapFree,
    swap_usage_percent: percent(swapTotal - swapFree, swapTotal),
    memory_limit_bytes: limit(total),
  };
}

/** `/proc/meminfo`; what is available is estimated where old kernels do not say. */
export function parseMeminfo(table: string): Memory | undefined {
  const bytes = new Map(
    [...table.matchAll(/^(\w+): +(\d+) kB$/gm)].map(([, key, value]) => [key!, Number(value) * 1024]),
  );
  const of = (key: string) => bytes.get(key) ?? 0;
  const total = of('MemTotal');
  if (total === 0) return undefined;
  const available = bytes.get('MemAvailable') ?? of('MemFree') + of('Buffers') + of('Cached');
  return {
    total,
    available: Math.min(available, total),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
  };
}

/** What a container is limited to; null where there is no limit below the whole memory. */
function limit(total: number): number | null {
  const allowed = process.constrainedMemory?.() ?? 0;
  return allowed > 0 && allowed < total ? allowed : null;
}

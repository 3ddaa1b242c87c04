import { isRecord, type JsonObject } from '../../../core/values.js';
import { formatBytes } from './format.js';

/** What was measured, in lines for people. */
export function summary(result: JsonObject): string {
  return [
    cpuLine(result),
    memoryLine(result),
    ...diskLines(result),
    ...networkLines(result),
    ...otherLines(result),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function cpuLine({ cpu_usage_percent: usage, cpu_count: count }: JsonObject): string | undefined {
  return usage === undefined ? undefined : `CPU: ${usage} % of ${count} cores`;
}

function memoryLine(result: JsonObject): string | undefined {
  if (result.total_memory_bytes === undefined) return undefined;
  const { used_memory_formatted: used, total_memory_formatted: total, memory_usage_percent: share } = result;
  return `Memory: ${used} of ${total} used (${share} %)`;
}

function diskLines({ disk_usage: disks }: JsonObject): string[] {
  return rows(disks).map(
    ([path, disk]) =>
      `Disk ${path}: ${disk.available_formatted} of ${disk.total_formatted} available (${disk.usage_percent} % used)`,
  );
}

function networkLines({ network_interfaces: interfaces }: JsonObject): string[] {
  const rate = (bytes: unknown) => `${formatBytes(Number(bytes))}/s`;
  return rows(interfaces).map(
    ([name, one]) =>
      `Network ${name}: in ${rate(one.rx_bytes_per_second)}, out ${rate(one.tx_bytes_per_second)}`,
  );
}

function otherLines(result: JsonObject): string[] {
  const lines: string[] = [];
  if (Array.isArray(result.load_average)) lines.push(`Load: ${result.load_average.join(' ')}`);
  if (result.uptime_seconds !== undefined) lines.push(`Up: ${result.uptime_seconds} seconds`);
  if (typeof result.process_count === 'number') lines.push(`Processes: ${result.process_count}`);
  for (const process of list(result.processes))
    lines.push(
      `${process.pid} ${process.command ?? process.name}: CPU ${process.cpu_percent} %, memory ${formatBytes(Number(process.memory_bytes))}`,
    );
  for (const { sensor, celsius } of list(result.temperatures)) lines.push(`${sensor}: ${celsius} °C`);
  return lines;
}

function rows(table: unknown): [string, JsonObject][] {
  return isRecord(table) ? (Object.entries(table) as [string, JsonObject][]) : [];
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

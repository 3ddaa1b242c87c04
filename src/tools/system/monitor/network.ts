import type { JsonObject } from '../../../core/values.js';
import { kernelTable } from './proc.js';

/** What has passed through an interface since the start. */
export interface Counters {
  rx_bytes: number;
  rx_packets: number;
  rx_errors: number;
  rx_dropped: number;
  tx_bytes: number;
  tx_packets: number;
  tx_errors: number;
  tx_dropped: number;
}

/** The counters of all interfaces; undefined on systems that do not show them. */
export async function sampleNetwork(): Promise<Map<string, Counters> | undefined> {
  const table = process.platform === 'linux' ? await kernelTable('/proc/net/dev') : undefined;
  return table === undefined ? undefined : parseInterfaces(table);
}

/** The lines of `/proc/net/dev`, two of head and one per interface. */
export function parseInterfaces(table: string): Map<string, Counters> {
  const interfaces = new Map<string, Counters>();
  for (const [, name, rest] of table.matchAll(/^ *([^\s:]+): *(.*)$/gm)) {
    const fields = rest!.trim().split(/ +/).map(Number);
    const at = (index: number) => fields[index] ?? 0;
    interfaces.set(name!, {
      rx_bytes: at(0),
      rx_packets: at(1),
      rx_errors: at(2),
      rx_dropped: at(3),
      tx_bytes: at(8),
      tx_packets: at(9),
      tx_errors: at(10),
      tx_dropped: at(11),
    });
  }
  return interfaces;
}

/** The interfaces with counters and what passed between two samples. Addresses are nobody's business here. */
export function describeNetwork(
  before: Map<string, Counters> | undefined,
  after: Map<string, Counters> | undefined,
  seconds: number,
): JsonObject {
  if (!before || !after) return { network_interfaces: null };
  const rate = (from: number | undefined, to: number) =>
    from === undefined || seconds <= 0 ? 0 : Math.max(0, Math.round((to - from) / seconds));
  const interfaces: JsonObject = {};
  for (const [name, now] of after) {
    const then = before.get(name);
    interfaces[name] = {
      ...now,
      rx_bytes_per_second: rate(then?.rx_bytes, now.rx_bytes),
      tx_bytes_per_second: rate(then?.tx_bytes, now.tx_bytes),
    };
  }
  return { network_interfaces: interfaces };
}

import { BUILT_IN, type MetricRegistry } from './registry.js';

/**
 * Lets a registry look at the process whenever its figures are read: nothing is measured in between. The memory of
 * isolates is in that of the process, whose threads they are.
 * @param activeRuns how many runs of the tenant go on.
 */
export function watchProcess(registry: MetricRegistry, activeRuns: () => number): void {
  registry.onRead(() => {
    const gauge = (name: string, help: string, value: number) =>
      registry.metric('gauge', name, { help }).set(value);
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    gauge(`${BUILT_IN}runs_active`, 'Runs that go on.', activeRuns());
    gauge('process_resident_memory_bytes', 'Memory of the process, isolates included.', rss);
    gauge('nodejs_heap_size_used_bytes', 'Heap of the kernel’s thread.', heapUsed);
    gauge('nodejs_external_memory_bytes', 'Memory outside of the heap.', external);
    gauge('process_cpu_seconds', 'Processor time of the process.', (user + system) / 1e6);
  });
}

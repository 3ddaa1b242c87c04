import { resolve } from 'node:path';
import type { Kernel } from '../kernel/kernel.js';
import { prometheusText } from '../observability/prometheus.js';
import type { Invocation } from './command.js';
import { writeNewFile } from './write-file.js';

/** Writes what a kernel has counted into a file, in the text format of Prometheus. @throws `config.unwritable` */
export async function writeMetrics(kernel: Kernel, { terminal }: Invocation, file: string): Promise<void> {
  const registry = await kernel.servicesFor().metrics();
  await writeNewFile(resolve(terminal.cwd, file), prometheusText(registry), true);
}

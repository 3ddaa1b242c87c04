import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { collect, METRICS, type Metric, processCount } from './monitor/collect.js';
import { summary } from './monitor/summary.js';

/** What `all` measures, unless told otherwise. */
const USUAL: readonly Metric[] = ['cpu', 'memory', 'disk', 'network', 'load', 'uptime'];

const inputSchema = z.object({
  operation: operationParameter(['all', 'stats', ...METRICS])
    .default('all')
    .describe(
      'What to measure: cpu, memory, disk, network, processes, load, uptime, sensors; all (or stats) for the usual ones.',
    ),
  metrics: z.array(z.enum(METRICS)).max(METRICS.length).optional().describe('all: what to measure instead.'),
  sample_ms: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(200)
    .describe('cpu, network, processes: milliseconds between the two looks from which rates follow.'),
  sort_by: z.enum(['cpu', 'memory']).default('cpu').describe('processes: which ones come first.'),
  limit: z.number().int().min(1).max(100).default(10).describe('processes: how many are named.'),
  arguments: z
    .boolean()
    .default(false)
    .describe('processes: also what they were called with; needs the read grant for /proc.'),
});
type Input = z.output<typeof inputSchema>;

/**
 * Measures the machine. What it tells without a grant holds for the machine as a whole, and names of processes; no
 * addresses, no arguments of processes.
 */
export default defineTool({
  name: 'system-monitor',
  aliases: ['system-info', 'resource-monitor'],
  category: 'system',
  level: 'restricted',
  description: 'Measures processors, memory, disks, network, load and processes of this machine.',
  capabilities: ['read'],
  input: inputSchema,
  parameterAliases: { interval_ms: 'sample_ms', top: 'limit', sort: 'sort_by' },
  operationAliases: {
    get_stats: 'stats',
    get_metrics: 'all',
    get_all: 'all',
    get_cpu: 'cpu',
    get_memory: 'memory',
    get_disk: 'disk',
    get_network: 'network',
    get_processes: 'processes',
    top: 'processes',
  },
  samples: [
    {
      title: 'How full the memory is',
      input: { operation: 'memory' },
      expect: { success: true, operation: 'memory' },
    },
    {
      title: 'How busy the processors are',
      input: { operation: 'cpu', sample_ms: 50 },
      expect: { success: true, operation: 'cpu' },
    },
    { title: 'Everything', input: { operation: 'stats' }, expect: { success: true, operation: 'all' } },
    {
      title: 'What processes were called with has to be granted',
      input: { operation: 'processes', arguments: true },
      error: 'permission.read',
    },
    { title: 'An unknown operation', input: { operation: 'weather' }, error: 'input.invalid' },
  ],
  run: monitor,
});

async function monitor(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  const whole = input.operation === 'all' || input.operation === 'stats';
  const metrics = whole ? (input.metrics ?? USUAL) : [input.operation as Metric];
  const options = {
    sampleMs: input.sample_ms,
    sortBy: input.sort_by,
    limit: input.limit,
    arguments: input.arguments,
  };
  const measured = await collect(metrics, options, context);
  const result = whole ? { ...measured, ...(await totals(measured)) } : measured;
  return { operation: whole ? 'all' : input.operation, result, text: summary(result) };
}

/** What only stands in the table of everything. */
async function totals(measured: JsonObject): Promise<JsonObject> {
  const { total_memory_formatted, used_memory_formatted, available_memory_formatted } = measured;
  return {
    process_count: measured.process_count ?? (await processCount()),
    ...(total_memory_formatted !== undefined && {
      formatted: {
        total_memory: total_memory_formatted,
        used_memory: used_memory_formatted ?? null,
        available_memory: available_memory_formatted ?? null,
      },
    }),
  };
}

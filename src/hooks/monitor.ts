import { notice } from '../core/around.js';
import type { HookGate } from '../core/component.js';
import type { ExecutionContext } from '../core/context.js';
import type { NamedHookPoint } from '../core/hook-points.js';
import type { JsonObject } from '../core/values.js';

/** When the process counts as overburdened. */
export interface MonitorSettings {
  /** Milliseconds between two looks. */
  readonly interval_ms: number;
  /** Megabytes of resident memory. */
  readonly memory_mb: number;
  /** Percent of one processor. */
  readonly cpu_percent: number;
}

/** What the process uses. */
export interface ProcessUse {
  /** Bytes of resident memory. */
  readonly memory: number;
  /** Microseconds of processor time since the process began. */
  readonly cpuMicros: number;
  /** Milliseconds of a clock that never goes back. */
  readonly time: number;
}

const MEGABYTE = 1024 * 1024;
const SUBJECT = { type: 'System', name: 'process' } as const;

/**
 * Looks at the memory and the processor time of the process while somebody listens for it, and tells when a limit
 * is passed: once, until it has been below again.
 */
export class ProcessMonitor {
  private timer: NodeJS.Timeout | undefined;
  private last: ProcessUse | undefined;
  private readonly above = new Set<NamedHookPoint>();

  constructor(
    private readonly gate: HookGate,
    private readonly settings: MonitorSettings,
    private readonly measure: () => ProcessUse = processUse,
  ) {}

  /** Begins or ends looking, as there are listeners. @param context the work in whose name points are fired. */
  follow(context: () => ExecutionContext | undefined): void {
    const wanted = this.gate.has('MemoryUsageHigh') || this.gate.has('CpuUsageHigh');
    if (!wanted) return this.stop();
    if (this.timer) return;
    this.last = this.measure();
    this.timer = setInterval(() => void this.look(context()), this.settings.interval_ms);
    this.timer.unref();
  }

  /** Ends looking. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.above.clear();
  }

  /** One look. */
  async look(context: ExecutionContext | undefined): Promise<void> {
    const { last = this.measure() } = this;
    const now = this.measure();
    this.last = now;
    if (!context || context.signal.aborted) return;
    const { memory_mb, cpu_percent } = this.settings;
    const memory = now.memory / MEGABYTE;
    const percent = now.time > last.time ? (now.cpuMicros - last.cpuMicros) / (now.time - last.time) / 10 : 0;
    await this.compare(
      'MemoryUsageHigh',
      memory,
      memory_mb,
      { memory_mb: memory, limit_mb: memory_mb },
      context,
    );
    await this.compare(
      'CpuUsageHigh',
      percent,
      cpu_percent,
      { cpu_percent: percent, limit_percent: cpu_percent },
      context,
    );
  }

  private async compare(
    point: NamedHookPoint,
    value: number,
    limit: number,
    data: JsonObject,
    context: ExecutionContext,
  ): Promise<void> {
    if (value < limit) return void this.above.delete(point);
    if (this.above.has(point)) return;
    this.above.add(point);
    await notice(point, SUBJECT, data, context);
  }
}

function processUse(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { memory: process.memoryUsage.rss(), cpuMicros: user + system, time: performance.now() };
}

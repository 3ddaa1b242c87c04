import type { ScriptValue } from '../../core/values.js';
import type { DebugHost } from './debug-host.js';

/** Durations per name that the percentiles are computed from; count and total cover all of them. */
const MAX_SAMPLES = 10_000;
/** Laps and events that one timer keeps. */
const MAX_MARKS = 1_000;

interface Mark {
  name: string;
  /** Milliseconds since the timer was started. */
  at: number;
  metadata?: ScriptValue;
}

interface Running {
  name: string;
  started: number;
  memory: number;
  marks: Mark[];
  /** The timers that were running when this one started, outermost first, and its own name. */
  path: string;
  parent: Running | undefined;
  /** Milliseconds that timers inside this one have taken. */
  inner: number;
}

/** What is known of the finished timers of one name; milliseconds. */
export interface TimerStatistics {
  count: number;
  total_ms: number;
  mean_ms: number;
  min_ms: number;
  max_ms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

interface Samples {
  count: number;
  total: number;
  min: number;
  max: number;
  recent: number[];
}

/** The timers of a script, and what they have measured. */
export class DebugTimers {
  private lastId = 0;
  private readonly running = new Map<string, Running>();
  private readonly samples = new Map<string, Samples>();
  /** Own milliseconds by path: what a flame graph is drawn from. */
  private readonly folded = new Map<string, number>();

  constructor(private readonly host: DebugHost) {}

  /** Starts a timer and gives its id. */
  start(name: string): string {
    const id = `timer_${++this.lastId}`;
    const parent = [...this.running.values()].at(-1);
    const path = parent ? `${parent.path};${frameName(name)}` : frameName(name);
    const memory = this.host.memory?.() ?? 0;
    this.running.set(id, { name, started: this.host.elapsed(), memory, marks: [], path, parent, inner: 0 });
    return id;
  }

  /** Stops a timer: the milliseconds it ran, or undefined if it does not run. */
  stop(id: string): number | undefined {
    const timer = this.running.get(id);
    if (!timer) return undefined;
    this.running.delete(id);
    const duration = this.host.elapsed() - timer.started;
    if (timer.parent) timer.parent.inner += duration;
    this.folded.set(timer.path, (this.folded.get(timer.path) ?? 0) + Math.max(0, duration - timer.inner));
    this.record(timer.name, duration);
    return duration;
  }

  /** Milliseconds that a running timer has run so far. */
  elapsed(id: string): number | undefined {
    const timer = this.running.get(id);
    return timer && this.host.elapsed() - timer.started;
  }

  /** Notes a lap or an event; whether the timer runs. */
  mark(id: string, name: string, metadata?: ScriptValue): boolean {
    const timer = this.running.get(id);
    if (!timer) return false;
    const at = this.host.elapsed() - timer.started;
    if (timer.marks.length < MAX_MARKS)
      timer.marks.push({ name, at, ...(metadata !== undefined && { metadata }) });
    return true;
  }

  /** Statistics of all finished timers, by name. */
  statistics(): Map<string, TimerStatistics> {
    const names = [...this.samples.keys()].sort();
    return new Map(names.map((name) => [name, summarise(this.samples.get(name)!)]));
  }

  /** One line per path: names separated by semicolons, then microseconds of its own. */
  flameGraph(): string {
    const lines = [...this.folded].map(([path, own]) => `${path} ${Math.round(own * 1000)}`);
    return lines.sort().join('\n');
  }

  /** Growth of the script's memory since each running timer was started, in bytes by name. */
  memoryGrowth(): Record<string, number> {
    const now = this.host.memory?.() ?? 0;
    return Object.fromEntries([...this.running.values()].map((timer) => [timer.name, now - timer.memory]));
  }

  private record(name: string, duration: number): void {
    const known = this.samples.get(name);
    const samples = known ?? { count: 0, total: 0, min: duration, max: duration, recent: [] };
    if (!known) this.samples.set(name, samples);
    samples.recent[samples.count++ % MAX_SAMPLES] = duration;
    samples.total += duration;
    samples.min = Math.min(samples.min, duration);
    samples.max = Math.max(samples.max, duration);
  }
}

/** Semicolons separate the names of a path. */
function frameName(name: string): string {
  return name.replaceAll(';', ',').replaceAll('\n', ' ');
}

function summarise({ count, total, min, max, recent }: Samples): TimerStatistics {
  const sorted = [...recent].sort((a, b) => a - b);
  /** The smallest duration that at least this share of all did not exceed. */
  const percentile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return {
    count,
    total_ms: total,
    mean_ms: total / count,
    min_ms: min,
    max_ms: max,
    p50_ms: percentile(0.5),
    p95_ms: percentile(0.95),
    p99_ms: percentile(0.99),
  };
}

import type { ScriptValue } from '../../core/values.js';
import { ModuleFilters } from './debug-filters.js';
import type { DebugHost } from './debug-host.js';
import { admits, type LogLevel, parseLevel } from './debug-levels.js';

/** Entries that are kept for `Debug.getCapturedEntries`. */
const MAX_CAPTURED = 10_000;

/** One log entry, as a script sees it. */
export interface CapturedEntry {
  /** RFC 3339, UTC. */
  timestamp: string;
  level: LogLevel;
  message: string;
  module?: string;
  metadata?: ScriptValue;
}

/** The script's log: what passes level and filters is captured and sent to the kernel. */
export class DebugLog {
  readonly filters = new ModuleFilters();
  enabled = true;
  private limit: LogLevel = 'INFO';
  private captured: CapturedEntry[] = [];

  constructor(private readonly host: DebugHost) {}

  get level(): LogLevel {
    return this.limit;
  }

  /** Sets how much is logged; false when `text` names no level. */
  setLevel(text: string): boolean {
    const level = parseLevel(text);
    if (level) this.limit = level;
    return level !== undefined;
  }

  /** Logs a message; an unknown level is ignored. */
  write(levelText: string, message: string, module?: string, data?: ScriptValue): void {
    const level = parseLevel(levelText);
    if (!level || !this.enabled || !admits(this.limit, level) || !this.filters.admits(module)) return;
    const timestamp = new Date(this.host.now()).toISOString();
    const optional = { ...(module !== undefined && { module }) };
    this.keep({ timestamp, level, message, ...optional, ...(data !== undefined && { metadata: data }) });
    this.host.log({ level, message, ...optional, ...(data !== undefined && { data }) });
  }

  /** The last `limit` entries, oldest first; all of them without a limit. */
  entries(limit?: number): CapturedEntry[] {
    const wanted = Math.min(limit ?? MAX_CAPTURED, MAX_CAPTURED);
    return wanted <= 0 ? [] : this.captured.slice(-wanted);
  }

  /** Forgets the captured entries. */
  clear(): void {
    this.captured = [];
  }

  /** Drops the oldest entries, many at a time: one by one would copy the list for each. */
  private keep(entry: CapturedEntry): void {
    this.captured.push(entry);
    if (this.captured.length >= MAX_CAPTURED * 1.1) this.captured = this.captured.slice(-MAX_CAPTURED);
  }
}

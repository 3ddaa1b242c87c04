import type { ScriptValue } from '../../core/values.js';
import { ModuleFilters } from './debug-filters.js';
import type { DebugHost } from './debug-host.js';
import { admits, type LogLevel, parseLevel } from './debug-levels.js';

/** Entries that are kept for `Debug.getCapturedEntries`. */
const MAX_CAPTURED = 10_000;
/** Characters of messages and data that are kept with them. */
const MAX_CHARACTERS = 8_000_000;
/** What a value counts that has no text. */
const SCALAR_CHARACTERS = 8;

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
  /** What the script chose. */
  private limit: LogLevel | undefined;
  private captured: CapturedEntry[] = [];
  private characters = 0;

  constructor(private readonly host: DebugHost) {}

  get level(): LogLevel {
    return this.limit ?? parseLevel(this.host.level?.() ?? '') ?? 'INFO';
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
    if (!level || !this.enabled || !admits(this.level, level) || !this.filters.admits(module)) return;
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
    this.characters = 0;
  }

  /** Drops the oldest entries, many at a time: one by one would copy the list for each. */
  private keep(entry: CapturedEntry): void {
    this.captured.push(entry);
    this.characters += charactersOf(entry);
    if (this.captured.length >= MAX_CAPTURED * 1.1) this.dropTo(MAX_CAPTURED);
    while (this.characters > MAX_CHARACTERS && this.captured.length > 1)
      this.dropTo(Math.floor(this.captured.length / 2));
  }

  private dropTo(count: number): void {
    const dropped = this.captured.splice(0, this.captured.length - count);
    for (const entry of dropped) this.characters -= charactersOf(entry);
  }
}

function charactersOf({ message, metadata }: CapturedEntry): number {
  return message.length + (metadata === undefined ? 0 : sizeOf(metadata));
}

function sizeOf(value: ScriptValue): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return SCALAR_CHARACTERS;
  if (value instanceof Uint8Array) return value.length;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + key.length + sizeOf(item),
    SCALAR_CHARACTERS,
  );
}

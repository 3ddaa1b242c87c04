import { createHash } from 'node:crypto';
import type { ExecutionContext } from '../../../core/context.js';
import { isRecord, type JsonObject, type JsonValue, type ScriptValue, toJson } from '../../../core/values.js';
import type { State } from '../../../state/state.js';

/** The keys of a tool that are not its own values begin with this. */
export const OWN_MARK = '@';
const STATS = '@stats';
const CACHE = '@cache/';
/** Results that are kept for one tool; the oldest make room. They are counted at every so many new ones. */
const MAX_CACHED = 1000;
const COUNT_EVERY = 50;

/** A result that is kept for a while. */
export interface CachedResult {
  input_hash: string;
  result: JsonValue;
  execution_time_ms: number | null;
  /** Milliseconds since the epoch. */
  cached_at: number;
  ttl_seconds: number;
  contains_sensitive_data: boolean;
}

/** What is counted of a tool. */
export interface ExecutionStats {
  total_executions: number;
  successful_executions: number;
  failed_executions: number;
  total_execution_time_ms: number;
  /** ISO 8601. */
  last_execution: string | null;
  cache_hits: number;
  cache_misses: number;
  /** Sums, by what was used. */
  resource_usage: Record<string, number>;
}

const NO_STATS: ExecutionStats = {
  total_executions: 0,
  successful_executions: 0,
  failed_executions: 0,
  total_execution_time_ms: 0,
  last_execution: null,
  cache_hits: 0,
  cache_misses: 0,
  resource_usage: {},
};

/** Changes of a state that wait for each other, so that no count is lost between reading and writing. */
const turns = new WeakMap<State, Promise<unknown>>();

/** What one tool or agent keeps in the scope `tool:<id>`: values of its own, results with a time to live, counts. */
export class ToolRecords {
  private readonly scope: string;

  constructor(
    private readonly state: State,
    toolId: string,
    private readonly context: ExecutionContext,
  ) {
    this.scope = `tool:${toolId}`;
  }

  /** A value of its own, or undefined. */
  async get(key: string): Promise<JsonValue | undefined> {
    const value = await this.state.load(this.scope, key, this.context);
    return value === undefined ? undefined : toJson(value);
  }

  /** Keeps a value. */
  set(key: string, value: JsonValue): Promise<void> {
    return this.state.save(this.scope, key, value as ScriptValue, this.context);
  }

  /** Forgets a value; whether there was one. */
  delete(key: string): Promise<boolean> {
    return this.state.delete(this.scope, key, this.context);
  }

  /** The keys of its own values, sorted. */
  async keys(): Promise<string[]> {
    return (await this.state.listKeys(this.scope)).filter((key) => !key.startsWith(OWN_MARK));
  }

  /** All values of its own. */
  async values(keys: readonly string[]): Promise<JsonObject> {
    const found: [string, JsonValue][] = [];
    for (const key of keys) {
      this.context.signal.throwIfAborted();
      const value = await this.get(key);
      if (value !== undefined) found.push([key, value]);
    }
    return Object.fromEntries(found);
  }

  /** What is counted. */
  async stats(): Promise<ExecutionStats> {
    const stored = await this.state.load(this.scope, STATS, this.context);
    return { ...NO_STATS, ...(isRecord(stored) && (toJson(stored) as Partial<ExecutionStats>)) };
  }

  /** Counts something; changes of one state follow each other. */
  count(change: (stats: ExecutionStats) => ExecutionStats): Promise<ExecutionStats> {
    return this.inTurn(async () => {
      const stats = change(await this.stats());
      await this.state.save(this.scope, STATS, stats as unknown as ScriptValue, this.context);
      return stats;
    });
  }

  /** A result that has not expired. */
  async cached(hash: string): Promise<CachedResult | undefined> {
    const entry = await this.entry(`${CACHE}${hash}`);
    return entry && !this.isExpired(entry) ? entry : undefined;
  }

  /**
   * Keeps a result; when there are too many, expired and then old ones go.
   * @param number how many results were looked for in vain until now
   */
  async cache(entry: CachedResult, number: number): Promise<void> {
    await this.state.save(
      this.scope,
      `${CACHE}${entry.input_hash}`,
      entry as unknown as ScriptValue,
      this.context,
    );
    if (number % COUNT_EVERY === 0 && (await this.cacheKeys()).length > MAX_CACHED)
      await this.inTurn(() => this.makeRoom());
  }

  /** Forgets a result; whether there was one. */
  uncache(hash: string): Promise<boolean> {
    return this.delete(`${CACHE}${hash}`);
  }

  /** The results that have not expired. */
  async cachedResults(): Promise<CachedResult[]> {
    return (await this.entries()).filter((entry) => !this.isExpired(entry));
  }

  /** Forgets the results whose time is over; how many there were. */
  async purge(): Promise<number> {
    return this.forget((await this.entries()).filter((entry) => this.isExpired(entry)));
  }

  /** Forgets values, results, counts, or everything; how many entries there were. */
  async clear(part: 'all' | 'custom' | 'cache' | 'stats'): Promise<number> {
    const keys = (await this.state.listKeys(this.scope)).filter(
      (key) => part === 'all' || partOf(key) === part,
    );
    let count = 0;
    for (const key of keys) {
      this.context.signal.throwIfAborted();
      if (await this.delete(key)) count++;
    }
    return count;
  }

  private async makeRoom(): Promise<void> {
    await this.purge();
    const byAge = (await this.entries()).sort((a, b) => a.cached_at - b.cached_at);
    await this.forget(byAge.slice(0, Math.max(0, byAge.length - MAX_CACHED)));
  }

  private async forget(entries: readonly CachedResult[]): Promise<number> {
    for (const { input_hash } of entries) await this.uncache(input_hash);
    return entries.length;
  }

  private async entries(): Promise<CachedResult[]> {
    const found: CachedResult[] = [];
    for (const key of await this.cacheKeys()) {
      this.context.signal.throwIfAborted();
      const entry = await this.entry(key);
      if (entry) found.push(entry);
    }
    return found;
  }

  private async cacheKeys(): Promise<string[]> {
    return (await this.state.listKeys(this.scope)).filter((key) => key.startsWith(CACHE));
  }

  private async entry(key: string): Promise<CachedResult | undefined> {
    const stored = await this.state.load(this.scope, key, this.context);
    return isRecord(stored) ? (toJson(stored) as unknown as CachedResult) : undefined;
  }

  private isExpired({ cached_at, ttl_seconds }: CachedResult): boolean {
    return this.context.effects.now() >= cached_at + ttl_seconds * 1000;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(this.state) ?? Promise.resolve()).then(work, work);
    turns.set(
      this.state,
      turn.catch(() => {}),
    );
    return turn;
  }
}

function partOf(key: string): 'custom' | 'cache' | 'stats' {
  if (key.startsWith(CACHE)) return 'cache';
  return key === STATS ? 'stats' : 'custom';
}

/** The name under which the result for an input is kept: the same for the same data, whatever the order of its keys. */
export function inputHash(input: JsonValue): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`);
  return `{${members.join(',')}}`;
}

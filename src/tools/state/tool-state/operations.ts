import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import type { State } from '../../../state/state.js';
import type { ToolOutcome } from '../../define.js';
import { type CachedResult, type ExecutionStats, inputHash, OWN_MARK, ToolRecords } from './records.js';
import type { ToolStateRequest } from './request.js';

type Work = (
  request: ToolStateRequest,
  records: ToolRecords,
  context: ExecutionContext,
) => Promise<ToolOutcome>;

/** Does what a call asks for. */
export async function runToolState(
  request: ToolStateRequest,
  context: ExecutionContext,
  state: State,
): Promise<ToolOutcome> {
  if (request.operation === 'list' && request.tool_id === undefined) return listTools(request, state);
  const records = new ToolRecords(state, needed(request, 'tool_id'), context);
  return WORK[request.operation](request, records, context);
}

const WORK: Readonly<Record<ToolStateRequest['operation'], Work>> = {
  async get(request, records) {
    if (request.key === undefined) return wholeRecord(request, records);
    const value = await records.get(request.key);
    const found = value !== undefined;
    const { key, default: fallback = null } = request;
    return {
      result: { key, found, value: value ?? fallback },
      message: found ? `Found '${key}'` : `No value '${key}'`,
    };
  },

  async set(request, records) {
    const values = request.values ?? { [needed(request, 'key')]: needed(request, 'value') };
    for (const key of Object.keys(values))
      if (key === '' || key.startsWith(OWN_MARK))
        throw fail('input.invalid', `The key '${key}' is reserved or empty`);
    for (const [key, value] of Object.entries(values)) await records.set(key, value);
    const keys = Object.keys(values);
    return {
      result: { keys, stored: keys.length },
      message: `Stored ${keys.length === 1 ? `'${keys[0]}'` : `${keys.length} values`}`,
    };
  },

  async delete(request, records) {
    const cached = request.key === undefined && (request.cache_key ?? request.input) !== undefined;
    const deleted = cached
      ? await records.uncache(hashOf(request))
      : await records.delete(needed(request, 'key'));
    return { result: { deleted }, message: deleted ? 'Deleted' : 'There was nothing to delete' };
  },

  async list({ prefix, limit }, records) {
    const keys = (await records.keys()).filter((key) => key.startsWith(prefix));
    const shown = keys.slice(0, limit);
    return {
      result: { keys: shown, count: shown.length, truncated: shown.length < keys.length },
      message: `${keys.length} ${keys.length === 1 ? 'value' : 'values'}`,
    };
  },

  async clear({ part }, records) {
    const cleared = await records.clear(part);
    return {
      result: { cleared, part },
      message: `Cleared ${cleared} ${cleared === 1 ? 'entry' : 'entries'}`,
    };
  },

  async stats(_request, records) {
    return { result: shownStats(await records.stats()), message: 'Read the statistics' };
  },

  async record_execution({ success, duration_ms = 0, resource_usage = {} }, records, { effects }) {
    const last_execution = new Date(effects.now()).toISOString();
    const stats = await records.count((before) => ({
      ...before,
      total_executions: before.total_executions + 1,
      successful_executions: before.successful_executions + (success ? 1 : 0),
      failed_executions: before.failed_executions + (success ? 0 : 1),
      total_execution_time_ms: before.total_execution_time_ms + duration_ms,
      last_execution,
      resource_usage: sum(before.resource_usage, resource_usage),
    }));
    return { result: shownStats(stats), message: `Recorded execution ${stats.total_executions}` };
  },

  async cache(request, records, { effects }) {
    const hash = hashOf(request);
    const kept = request.refresh ? undefined : await records.cached(hash);
    const { cache_misses } = await records.count((before) => ({
      ...before,
      cache_hits: before.cache_hits + (kept ? 1 : 0),
      cache_misses: before.cache_misses + (kept ? 0 : 1),
    }));
    if (kept) return cacheOutcome(kept, true, false, effects.now());
    if (request.value === undefined)
      return {
        result: { hit: false, stored: false, value: null, input_hash: hash },
        message: 'No result is kept',
      };
    const entry = newEntry(request, request.value, hash, effects.now());
    await records.cache(entry, cache_misses);
    return cacheOutcome(entry, false, true, effects.now());
  },

  async purge(_request, records) {
    const purged = await records.purge();
    return { result: { purged }, message: `Forgot ${purged} expired ${purged === 1 ? 'result' : 'results'}` };
  },
};

async function listTools({ prefix, limit }: ToolStateRequest, state: State): Promise<ToolOutcome> {
  const ids = (await state.keys()).flatMap((key) => /^tool:([^:]+):/.exec(key)?.[1] ?? []);
  const all = [...new Set(ids)].filter((id) => id.startsWith(prefix)).sort();
  const shown = all.slice(0, limit);
  return {
    result: { tool_ids: shown, count: shown.length, truncated: shown.length < all.length },
    message: `${all.length} ${all.length === 1 ? 'tool has' : 'tools have'} state`,
  };
}

async function wholeRecord({ tool_id, limit }: ToolStateRequest, records: ToolRecords): Promise<ToolOutcome> {
  const keys = await records.keys();
  const cached = await records.cachedResults();
  const stats = await records.stats();
  const times = [stats.last_execution, ...cached.map(({ cached_at }) => iso(cached_at))].filter(
    (time) => time !== null,
  );
  return {
    result: {
      tool_id: tool_id!,
      metadata: { value_count: keys.length, cached_count: cached.length, truncated: keys.length > limit },
      execution_stats: shownStats(stats),
      result_cache: Object.fromEntries(
        cached.slice(0, limit).map((entry) => [entry.input_hash, shownEntry(entry)]),
      ),
      last_updated: times.sort().at(-1) ?? null,
      custom_state: await records.values(keys.slice(0, limit)),
    },
    message: `Read the record of '${tool_id}'`,
  };
}

function shownEntry({ result, cached_at, ...entry }: CachedResult): JsonObject {
  return { ...entry, cached_at: iso(cached_at), result: entry.contains_sensitive_data ? null : result };
}

function shownStats({ resource_usage, ...stats }: ExecutionStats): JsonObject {
  const { total_executions, total_execution_time_ms, cache_hits, cache_misses } = stats;
  const asked = cache_hits + cache_misses;
  return {
    ...stats,
    average_execution_time_ms: total_executions === 0 ? 0 : total_execution_time_ms / total_executions,
    cache_hit_ratio: asked === 0 ? 0 : (100 * cache_hits) / asked,
    resource_usage: { ...resource_usage },
  };
}

function sum(
  before: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(more)])];
  return Object.fromEntries(names.map((name) => [name, (before[name] ?? 0) + (more[name] ?? 0)]));
}

function hashOf(request: ToolStateRequest): string {
  if (request.cache_key !== undefined) return inputHash(request.cache_key);
  if (request.input !== undefined) return inputHash(request.input);
  throw fail('input.invalid', `The operation '${request.operation}' needs 'cache_key' or 'input'`);
}

function newEntry(
  request: ToolStateRequest,
  result: JsonValue,
  input_hash: string,
  cached_at: number,
): CachedResult {
  const { ttl_seconds, contains_sensitive_data, duration_ms = null } = request;
  return {
    input_hash,
    result,
    execution_time_ms: duration_ms,
    cached_at,
    ttl_seconds,
    contains_sensitive_data,
  };
}

function cacheOutcome(entry: CachedResult, hit: boolean, stored: boolean, now: number): ToolOutcome {
  const { input_hash, result, cached_at, ttl_seconds } = entry;
  return {
    result: {
      hit,
      stored,
      value: result,
      input_hash,
      cached_at: iso(cached_at),
      expires_at: iso(cached_at + ttl_seconds * 1000),
      age_seconds: Math.max(0, Math.floor((now - cached_at) / 1000)),
    },
    message: hit ? 'The result was kept' : 'The result is kept from now on',
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function needed<K extends 'tool_id' | 'key' | 'value'>(
  request: ToolStateRequest,
  name: K,
): NonNullable<ToolStateRequest[K]> {
  const value = request[name];
  if (value === undefined)
    throw fail('input.invalid', `Missing required parameter '${name}' (operation '${request.operation}')`);
  return value as NonNullable<ToolStateRequest[K]>;
}

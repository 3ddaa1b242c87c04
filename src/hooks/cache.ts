import type { JsonValue } from '../core/values.js';
import type { HookCache } from './contract.js';

const MAX_ENTRIES = 1000;

/** Keeps results in memory; the one used longest ago makes room. */
export class MemoryCache implements HookCache {
  private readonly entries = new Map<string, { value: JsonValue; until: number }>();

  get(key: string, now: number): JsonValue | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (now >= entry.until) return undefined;
    this.entries.set(key, entry);
    return structuredClone(entry.value);
  }

  set(key: string, value: JsonValue, ttlMs: number, now: number): void {
    this.entries.delete(key);
    if (this.entries.size >= MAX_ENTRIES) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(key, { value: structuredClone(value), until: now + ttlMs });
  }
}

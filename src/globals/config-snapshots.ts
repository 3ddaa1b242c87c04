import { fail } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';

const KEPT = 10;

/** The remembered states of one session's configuration, the ten newest. */
export class ConfigSnapshots {
  private readonly taken = new Map<number, string>();

  /** Remembers `config`; returns the moment in Unix seconds. */
  take(config: JsonObject, nowMs: number): number {
    const moment = Math.floor(nowMs / 1000);
    this.taken.delete(moment);
    this.taken.set(moment, JSON.stringify(config));
    if (this.taken.size > KEPT) this.taken.delete(this.taken.keys().next().value as number);
    return moment;
  }

  /** Puts a remembered state back into `config`. */
  restore(config: JsonObject, moment: number): void {
    const text = this.taken.get(moment);
    if (text === undefined) throw fail('input.invalid', `Snapshot not found: ${moment}`);
    for (const key of Object.keys(config)) delete config[key];
    Object.assign(config, JSON.parse(text));
  }
}

import type { JsonValue } from '../core/values.js';
import type { BusEvent } from './event.js';

/** Bytes that an event takes without its data. */
const BASE = 400;
/** Bytes of a value beside its text. */
const PART = 24;

const known = new WeakMap<BusEvent, number>();

/** About how many bytes of memory an event takes; worked out once. */
export function weightOf(event: BusEvent): number {
  const before = known.get(event);
  if (before !== undefined) return before;
  const weight = BASE + dataWeight(event.data);
  known.set(event, weight);
  return weight;
}

function dataWeight(value: JsonValue | undefined): number {
  if (typeof value === 'string') return PART + value.length;
  if (typeof value !== 'object' || value === null) return PART;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + dataWeight(item), PART);
  let sum = PART;
  for (const key of Object.keys(value)) sum += key.length + dataWeight(value[key]);
  return sum;
}

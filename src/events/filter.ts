import { compileGlob } from '../core/glob.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import { isRecord } from '../core/values.js';
import type { BusEvent } from './event.js';

/** Which of the events that match a pattern are wanted; all that is given must hold. */
export interface EventFilter {
  /** Globs. */
  readonly event_type?: string | readonly string[] | undefined;
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  readonly correlation_id?: string | undefined;
  readonly language?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly min_priority?: number | undefined;
  /** Fields of the metadata and of the data that must be equal; a nested table is compared field by field. */
  readonly metadata?: JsonObject | undefined;
  readonly data?: JsonObject | undefined;
}

type Test = (event: BusEvent) => boolean;

/** The filter as one question; undefined when it asks for nothing. */
export function compileFilter(filter: EventFilter): Test | undefined {
  const tests = [
    ...glob(filter.event_type, (event) => event.name),
    ...glob(filter.source, (event) => event.source),
    ...glob(filter.target, (event) => event.target),
    ...equal(filter.correlation_id, (event) => event.correlationId),
    ...equal(filter.language?.toLowerCase(), (event) => event.language?.toLowerCase()),
    ...(filter.tags ?? []).map(
      (tag): Test =>
        (event) =>
          event.tags.includes(tag),
    ),
    ...atLeast(filter.min_priority),
    ...fields(filter.metadata, metadataOf),
    ...fields(filter.data, (event) => event.data),
  ];
  return tests.length === 0 ? undefined : (event) => tests.every((test) => test(event));
}

/** What a filter on the metadata compares. */
export function metadataOf(event: BusEvent): JsonObject {
  const { correlationId, causationId, source, target, tags, priority, ttlSeconds, run, path } = event;
  return {
    correlation_id: correlationId,
    ...(causationId !== undefined && { causation_id: causationId }),
    ...(source !== undefined && { source }),
    ...(target !== undefined && { target }),
    tags: [...tags],
    priority,
    ...(ttlSeconds !== undefined && { ttl: ttlSeconds }),
    run,
    path,
  };
}

function glob(
  wanted: string | readonly string[] | undefined,
  of: (event: BusEvent) => string | undefined,
): Test[] {
  if (wanted === undefined) return [];
  const globs = (typeof wanted === 'string' ? [wanted] : wanted).map(compileGlob);
  return [(event) => globs.some((one) => one.matches(of(event) ?? ''))];
}

function equal(wanted: string | undefined, of: (event: BusEvent) => string | undefined): Test[] {
  return wanted === undefined ? [] : [(event) => of(event) === wanted];
}

function atLeast(priority: number | undefined): Test[] {
  return priority === undefined ? [] : [(event) => event.priority >= priority];
}

function fields(wanted: JsonObject | undefined, of: (event: BusEvent) => JsonValue | undefined): Test[] {
  return wanted === undefined ? [] : [(event) => includes(of(event), wanted)];
}

/** Whether `value` has everything that `wanted` has; lists must be equal. */
function includes(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((item, index) => includes(value[index], item))
    );
  if (!isRecord(wanted)) return value === wanted;
  return (
    isRecord(value) &&
    Object.keys(wanted).every((key) => Object.hasOwn(value, key) && includes(value[key], wanted[key]))
  );
}

import { type ErrorData, fail } from '../core/errors.js';
import { type EventBody, eventName, type JournalEvent, type PublishedEvent } from '../core/events.js';
import type { JsonObject, JsonValue } from '../core/values.js';

/** An event as the bus delivers it. Shared by all that receive it; never changed. */
export interface BusEvent {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly data: JsonValue | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Position among the events of its bus. */
  readonly sequence: number;
  readonly correlationId: string;
  readonly causationId: string | undefined;
  /** Of the script that published it; absent for what llmspell itself does. */
  readonly language: string | undefined;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly tags: readonly string[];
  readonly priority: number;
  /** Seconds after which nobody is to get it any more. */
  readonly ttlSeconds: number | undefined;
  readonly run: string;
  readonly path: string;
  /** How many handlers stand between it and the first event of its chain. */
  readonly depth: number;
}

/** What a publisher gives; the rest is completed. */
export type NewEvent = Omit<PublishedEvent, 'id' | 'correlationId'> & { correlationId?: string | undefined };

/** Parts of the journal that nobody can subscribe to: they record what crosses, and a subscriber would cause more of it. */
const INTERNAL: ReadonlySet<EventBody['type']> = new Set(['call', 'call.result', 'callback', 'effect']);
const DEBUG: ReadonlySet<EventBody['type']> = new Set(['output', 'display', 'log', 'model.delta']);
const STATE: ReadonlySet<EventBody['type']> = new Set(['state.changed', 'state.migrated']);

/** Whether the bus knows of such an event at all. */
export function isHeard(event: EventBody): boolean {
  return !INTERNAL.has(event.type);
}

/** What the configuration can keep from those who subscribe to everything: subscribers that name it get it all the same. */
export function groupOf(event: EventBody): 'debug' | 'state' | undefined {
  if (DEBUG.has(event.type)) return 'debug';
  return STATE.has(event.type) ? 'state' : undefined;
}

interface About {
  /** For what has no id of its own. */
  id: () => string;
  sequence: number;
  depth: number;
  correlationId: string;
  timing: boolean;
}

type Published = Extract<JournalEvent, { type: 'event.published' }>;

/** How an event of the journal travels over the bus. */
export function toBusEvent(event: JournalEvent, about: About): BusEvent {
  return event.type === 'event.published' ? fromPublished(event, about) : fromOwn(event, about);
}

// Both are written out as literals: objects put together by spreading take several times as long to make and to read.

function fromPublished(event: Published, { sequence, depth }: About): BusEvent {
  return {
    time: event.time,
    sequence,
    depth,
    run: event.run,
    path: event.path,
    id: event.id,
    name: event.name,
    data: event.data,
    correlationId: event.correlationId,
    causationId: event.causationId,
    language: event.language,
    source: event.source,
    target: event.target,
    tags: event.tags ?? NO_TAGS,
    priority: event.priority ?? 0,
    ttlSeconds: event.ttlSeconds,
  };
}

/** What llmspell itself says. */
function fromOwn(event: JournalEvent, about: About): BusEvent {
  return {
    time: event.time,
    sequence: about.sequence,
    depth: about.depth,
    run: event.run,
    path: event.path,
    id: about.id(),
    name: eventName(event),
    data: dataOf(event, about.timing),
    correlationId: about.correlationId,
    causationId: undefined,
    language: undefined,
    source: sourceOf(event),
    target: undefined,
    tags: NO_TAGS,
    priority: 0,
    ttlSeconds: undefined,
  };
}

const NO_TAGS: string[] = [];

/** Who speaks: `tool:calculator`, or the part of llmspell, e.g. `session`. */
export function sourceOf(event: EventBody): string {
  if ('kind' in event && 'name' in event) return `${event.kind}:${event.name}`;
  return event.type.split('.')[0]!;
}

/** What an event of llmspell itself says, in the spelling of scripts. */
function dataOf(event: JournalEvent, timing: boolean): JsonObject {
  const { type, run, seq, path, time, ...said } = event;
  const data: JsonObject = {};
  for (const [key, value] of Object.entries(said))
    if (value !== undefined && (timing || key !== 'durationMs')) data[snake(key)] = spelled(key, value);
  return data;
}

function spelled(key: string, value: unknown): JsonValue {
  if (key !== 'usage') return value as JsonValue;
  return Object.fromEntries(
    Object.entries(value as object).map(([inner, figure]) => [snake(inner), figure as JsonValue]),
  );
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The longest name of an event, and the longest pattern, in characters. */
export const MAX_NAME = 256;

/** @throws `event.invalid` for what cannot be the name of an event. */
export function checkName(name: string): void {
  if (name.trim() !== '' && name.length <= MAX_NAME && !hasControl(name)) return;
  throw fail('event.invalid', `${JSON.stringify(name.slice(0, 40))} cannot be the name of an event`, {
    hint: `Use dotted words such as "job.done", at most ${MAX_NAME} characters.`,
  });
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20) return true;
  return false;
}

/** Why an event did not reach a subscriber. */
export type DropReason =
  | 'queue_full'
  | 'sampled'
  | 'expired'
  | 'memory'
  | 'recursion'
  | 'handler_failed'
  | 'cancelled'
  | 'unsubscribed';

/** An event that did not reach a subscriber. */
export interface DeadLetter {
  readonly id: string;
  readonly event: BusEvent;
  readonly subscription: string;
  /** The script session of the subscriber. */
  readonly session: string;
  readonly reason: DropReason;
  readonly error: ErrorData | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

import { z } from 'zod';
import { fail } from '../core/errors.js';
import { issueText } from '../core/schema.js';
import { isRecord, type JsonObject, type JsonValue, type ScriptValue, toJson } from '../core/values.js';
import { checkName, MAX_NAME, type NewEvent } from '../events/event.js';
import { OVERFLOWS } from '../events/subscription.js';
import type { EventQuery } from '../storage/journal-store.js';
import type { ScriptFunction } from './define.js';
import { callback, flag, integer, number, table, text } from './types.js';

const PRIORITIES: Readonly<Record<string, number>> = { low: -10, normal: 0, high: 10, critical: 20 };

/** A priority: a number, or one of four words. */
const priority = () =>
  z.preprocess(
    (value) => (typeof value === 'string' ? (PRIORITIES[value.toLowerCase()] ?? value) : value),
    z.int().min(-1000).max(1000),
  );

/** An empty table of Lua may be a list as well. */
const options = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? {} : value), z.strictObject(shape));

/** What `Event.publish` takes besides name and data. */
export const publishOptions = options({
  language: text().optional().describe('Which language it speaks of; that of the script when absent.'),
  correlation_id: z
    .unknown()
    .optional()
    .describe('A UUID that ties events together; another text is ignored.'),
  causation_id: text().optional().describe('The id of the event that led to this one.'),
  source: text().optional().describe('Who says it.'),
  target: text().optional().describe('Whom it is for; filters may ask for it.'),
  tags: z.array(text()).max(100).optional(),
  priority: priority()
    .optional()
    .describe('Higher ones overtake; −1000 to 1000, or low, normal, high, critical.'),
  ttl_seconds: number().optional().describe('Seconds after which nobody is to get it any more.'),
  ttl: number().optional().describe('Same as ttl_seconds.'),
}).meta({ id: 'EventPublishOptions' });

/** A function, or a table; what is wrong with a table is said of the table. */
export function either<F extends z.ZodType, T extends z.ZodType>(fn: F, table: T) {
  return z.union([fn, table], {
    error: ({ input }) => {
      const [issue] = table.safeParse(input).error?.issues ?? [];
      return issue ? issueText(issue) : 'expected a function or a table';
    },
  });
}

/** Which of the events that match the pattern are wanted. */
const filterTable = options({
  event_type: z
    .union([text(), z.array(text())])
    .optional()
    .describe('Glob over the name, or several.'),
  source: text().optional().describe('Glob.'),
  target: text().optional().describe('Glob.'),
  correlation_id: text().optional(),
  language: text().optional(),
  tags: z.array(text()).optional().describe('All of them.'),
  min_priority: priority().optional(),
  metadata: table().optional().describe('Fields of the metadata that must be equal.'),
  data: table().optional().describe('Fields of the data that must be equal.'),
}).meta({ id: 'EventFilter' });

/** What `Event.subscribe` takes besides patterns and handler. */
export const subscribeOptions = options({
  language: text().optional().describe('Has no effect: every subscriber gets the events of all languages.'),
  filter: either(callback('(event: EventMessage) => boolean'), filterTable)
    .optional()
    .describe('Fields that must be equal, or a function that says whether an event is wanted.'),
  once: flag().optional().describe('Ends with the first event.'),
  priority: priority().optional().describe('Handlers of higher priority are called first.'),
  queue_size: integer().pipe(z.int().min(1).max(1_000_000)).optional().describe('Events that may wait.'),
  overflow: z
    .preprocess(overflowWord, z.enum(OVERFLOWS))
    .optional()
    .describe('What happens to an event for which there is no room.'),
  sample_every: integer().pipe(z.int().min(1)).optional().describe('With `sample`: one in so many is kept.'),
  high_water: integer().pipe(z.int().min(1)).optional(),
  low_water: integer().pipe(z.int().min(0)).optional(),
  block_timeout_ms: integer().pipe(z.int().min(0)).optional(),
}).meta({ id: 'EventSubscribeOptions' });

/** Which events of the past are wanted. */
export const historyQuery = options({
  pattern: text().optional().describe('Glob over the name.'),
  event_type: text().optional().describe('Same as pattern.'),
  since: z.union([number(), text()]).optional().describe('Milliseconds since 1970, or a date.'),
  until: z.union([number(), text()]).optional(),
  correlation_id: text().optional(),
  run: text().optional(),
  limit: integer()
    .pipe(z.int().min(1).max(10_000))
    .optional()
    .describe('The newest so many; 100 unless said otherwise.'),
}).meta({ id: 'EventHistoryQuery' });

/** The patterns of a subscription: a text or a list of them. @throws `event.invalid` */
export function patternsOf(given: unknown): string[] {
  const patterns = Array.isArray(given) ? given : [given];
  const fits = (pattern: unknown) =>
    typeof pattern === 'string' && pattern.trim() !== '' && pattern.length <= MAX_NAME;
  if (patterns.length > 0 && patterns.length <= 1000 && patterns.every(fits)) return patterns as string[];
  throw fail('event.invalid', 'A subscription needs a pattern, or a list of patterns', {
    hint: `Use names such as "job.done" or "job.*", at most ${MAX_NAME} characters each.`,
  });
}

/** What a script wants to publish. @throws `event.invalid`, `value.unsupported` */
export function newEvent(
  name: string,
  data: ScriptValue | undefined,
  options: z.output<typeof publishOptions>,
  language: string,
): NewEvent {
  checkName(name);
  const { correlation_id: correlation, causation_id: causationId, ttl, ttl_seconds, ...rest } = options;
  const ttlSeconds = ttl_seconds ?? ttl;
  const value = eventData(data);
  return {
    name,
    ...(value !== undefined && { data: value }),
    ...(isUuid(correlation) && { correlationId: correlation }),
    ...(causationId !== undefined && { causationId }),
    language: known(rest.language ?? language),
    ...(rest.source !== undefined && { source: rest.source }),
    ...(rest.target !== undefined && { target: rest.target }),
    ...(rest.tags && { tags: rest.tags }),
    ...(rest.priority !== undefined && { priority: rest.priority }),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  };
}

/** The data of an event as JSON. @throws `value.unsupported` for functions and objects of the kernel */
export function eventData(value: ScriptValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null) return undefined;
  refuseObjects(value);
  return toJson(value);
}

function refuseObjects(value: unknown): void {
  if (typeof value === 'function') {
    (value as ScriptFunction).release();
    throw fail('value.unsupported', 'An event carries data, not functions');
  }
  if (Array.isArray(value)) value.forEach(refuseObjects);
  else if (isRecord(value)) {
    if (Object.getPrototypeOf(value) !== Object.prototype)
      throw fail('value.unsupported', 'An event carries data, not objects such as agents and tools');
    for (const inner of Object.values(value)) refuseObjects(inner);
  }
}

/** The languages that events know; `lua` for all that is none. */
function known(language: string): string {
  const word = language.toLowerCase();
  const short: Readonly<Record<string, string>> = { js: 'javascript', py: 'python' };
  const long = short[word] ?? word;
  return ['lua', 'javascript', 'python', 'rust', 'unknown'].includes(long) ? long : 'lua';
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** `DropOldest`, `drop-oldest` and `drop_oldest` are the same word. */
function overflowWord(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const plain = (word: string) => word.toLowerCase().replace(/[-_ ]/g, '');
  return OVERFLOWS.find((word) => plain(word) === plain(value)) ?? value;
}

/** A question about the past in the journal's terms. @throws `event.invalid` */
export function historyOf(given: string | z.output<typeof historyQuery> = {}): EventQuery {
  const query = typeof given === 'string' ? { pattern: given } : given;
  return {
    pattern: query.pattern ?? query.event_type,
    since: moment(query.since),
    until: moment(query.until),
    correlationId: query.correlation_id,
    run: query.run,
    limit: query.limit ?? 100,
  };
}

function moment(given: number | string | undefined): number | undefined {
  if (given === undefined || typeof given === 'number') return given;
  const time = Date.parse(given);
  if (Number.isNaN(time))
    throw fail('event.invalid', `'${given}' is no date`, { hint: 'Write 2024-05-01T12:00:00Z.' });
  return time;
}

/** A table of data as scripts see it, for a schema. @throws `event.invalid` */
export function schemaOf(given: unknown): JsonObject {
  if (isRecord(given)) return given as JsonObject;
  throw fail(
    'event.invalid',
    'The schema of an event is a JSON Schema, e.g. { type = "object", required = { "id" } }',
  );
}

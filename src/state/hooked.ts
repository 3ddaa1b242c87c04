import { announce, around } from '../core/around.js';
import type { ExecutionContext } from '../core/context.js';
import type { HookSubject } from '../core/hooks.js';
import { type JsonObject, type JsonValue, type ScriptValue, toJson } from '../core/values.js';
import { keyClass } from './key-class.js';
import { entryName, splitName } from './keys.js';
import { redactWhole } from './redaction.js';
import { sameValue } from './same-value.js';

/** What is about to be written: without a value the entry is removed. */
export interface HookedWrite {
  readonly name: string;
  readonly value?: ScriptValue | undefined;
}

type StatePoint = 'BeforeStateRead' | 'AfterStateRead' | 'BeforeStateWrite' | 'AfterStateWrite';

/** Whether anybody wants to hear of what happens to this entry. Nobody does of benchmarks and tests. */
export function isHooked(
  name: string,
  context: ExecutionContext,
  before: StatePoint,
  after: StatePoint,
): boolean {
  const { hooks } = context;
  return (hooks.has(before) || hooks.has(after)) && keyClass(name) !== 'trusted';
}

/**
 * Reads an entry between its hook points. A handler may have another entry read, or give another value; what it leaves
 * alone stays as it is.
 */
export async function hookedRead(
  name: string,
  context: ExecutionContext,
  read: (name: string) => Promise<ScriptValue | undefined>,
): Promise<ScriptValue | undefined> {
  let found: ScriptValue | undefined;
  let wasShown: JsonValue | undefined;
  const points = { before: 'BeforeStateRead', after: 'AfterStateRead', subject: subjectOf(name) } as const;
  const answer = await around<JsonValue | undefined>(points, dataOf(name, 'get'), context, async (data) => {
    const place = placeIn(data, name);
    found = await read(place);
    wasShown = shown(place, found);
    return wasShown;
  });
  const untouched =
    wasShown === undefined ? answer === undefined : answer !== undefined && sameValue(answer, wasShown);
  return untouched ? found : answer;
}

/** A write that handlers have let pass, and what handlers after it are told. */
export interface PassedWrite<W extends HookedWrite> {
  readonly write: W;
  readonly data: JsonObject;
}

/**
 * Fires the point before a write. The handlers may change its value, by `new_value` or `value`, and where it goes.
 * @param old the present value.
 * @returns undefined when a handler took the write upon itself.
 * @throws `hook.cancelled`
 */
export async function beforeWrite<W extends HookedWrite>(
  write: W,
  old: ScriptValue | undefined,
  context: ExecutionContext,
): Promise<PassedWrite<W> | undefined> {
  const { name } = write;
  const offered = shown(name, write.value) ?? null;
  const operation = write.value === undefined ? 'delete' : 'set';
  const data = { ...dataOf(name, operation), old_value: shown(name, old) ?? null, new_value: offered };
  let passed: JsonObject | undefined;
  await around({ before: 'BeforeStateWrite', subject: subjectOf(name) }, data, context, async (given) => {
    passed = given;
    return undefined;
  });
  return passed && { write: asChanged(write, passed, offered), data: passed };
}

/** Fires the point after a write that was made, or failed. */
export async function afterWrite<W extends HookedWrite>(
  { write, data }: PassedWrite<W>,
  success: boolean,
  context: ExecutionContext,
): Promise<void> {
  const final = shown(write.name, write.value) ?? null;
  await announce('AfterStateWrite', subjectOf(write.name), { ...data, success, final_value: final }, context);
}

/** Tells handlers that an entry was not as somebody expected. */
export async function announceConflict(
  name: string,
  operation: string,
  context: ExecutionContext,
  details: {
    expected: ScriptValue | undefined;
    actual: ScriptValue | undefined;
    value: ScriptValue | undefined;
  },
): Promise<void> {
  if (!context.hooks.has('StateConflict')) return;
  const values = {
    expected_value: shown(name, details.expected) ?? null,
    old_value: shown(name, details.actual) ?? null,
    new_value: shown(name, details.value) ?? null,
  };
  await announce('StateConflict', subjectOf(name), { ...dataOf(name, operation), ...values }, context);
}

function asChanged<W extends HookedWrite>(given: W, passed: JsonObject, offered: JsonValue): W {
  const name = placeIn(passed, given.name);
  const write = name === given.name ? given : { ...given, name };
  return write.value === undefined ? write : withValue(write, passed, offered);
}

/** The entry that handlers mean: `key` and `scope` say which. @throws `state.invalid_key` */
function placeIn({ scope, key }: JsonObject, name: string): string {
  const before = splitName(name);
  if (scope === before.scope && key === before.key) return name;
  return entryName(String(scope), String(key));
}

function withValue<W extends HookedWrite>(write: W, given: JsonObject, offered: JsonValue): W {
  const value = Object.hasOwn(given, 'value') ? given.value! : (given.new_value ?? null);
  return sameValue(value, offered) ? write : { ...write, value };
}

function subjectOf(name: string): HookSubject {
  return { type: 'State', name };
}

function dataOf(name: string, operation: string): JsonObject {
  return { operation, ...splitName(name) };
}

/** A value as handlers see it, whose input and output the journal holds: of a sensitive one only that it is there. */
function shown(name: string, value: ScriptValue | undefined): JsonValue | undefined {
  if (value === undefined) return undefined;
  const json = toJson(value);
  return keyClass(name) === 'sensitive' ? redactWhole(json) : json;
}

import { fail } from '../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../core/values.js';
import type { ForkOperation, HookResult, HookResultKind } from './contract.js';

/** What a script's handler answered: the result, and the notes it leaves for other handlers. */
export interface ScriptAnswer {
  readonly result: HookResult;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Operations that one handler may have done beside the work. */
const MAX_FORKS = 16;
/** Milliseconds that one retry may wait at most. */
const MAX_DELAY_MS = 3_600_000;
const DEFAULT_TTL_SECONDS = 300;

const WORDS: Readonly<Record<string, HookResult>> = {
  continue: { kind: 'continue' },
  skip: { kind: 'skipped', reason: 'Skipped by the hook' },
  skipped: { kind: 'skipped', reason: 'Skipped by the hook' },
  cancel: { kind: 'cancel', reason: 'Cancelled by the hook' },
};

/** Other spellings of the kinds. */
const KINDS: Readonly<Record<string, HookResultKind>> = {
  modify: 'modified',
  skip: 'skipped',
  cancelled: 'cancel',
};

type Reader = (table: JsonObject) => HookResult;

const READERS: Readonly<Record<HookResultKind, Reader>> = {
  continue: () => ({ kind: 'continue' }),
  modified: (table) => ({ kind: 'modified', data: dataOf(table, 'modified') }),
  cancel: (table) => ({ kind: 'cancel', reason: textOf(table, 'reason') ?? 'Cancelled by the hook' }),
  redirect: (table) => ({
    kind: 'redirect',
    target: required(textOf(table, 'target'), 'redirect', 'target'),
  }),
  replace: (table) => ({ kind: 'replace', data: dataOf(table, 'replace') }),
  retry: (table) => ({
    kind: 'retry',
    delayMs: Math.min(
      numberOf(table, ['delay_ms', 'backoff_ms', 'delayMs', 'backoffMs'], 0) ?? 1000,
      MAX_DELAY_MS,
    ),
    maxAttempts: Math.floor(numberOf(table, ['max_attempts', 'maxAttempts'], 1) ?? 3),
  }),
  fork: (table) => ({ kind: 'fork', operations: operationsOf(table) }),
  cache: (table) => ({
    kind: 'cache',
    key: required(textOf(table, 'key'), 'cache', 'key'),
    ttlMs: ttlOf(table),
  }),
  skipped: (table) => ({ kind: 'skipped', reason: textOf(table, 'reason') ?? 'Skipped by the hook' }),
};

/**
 * What a handler's answer means: nothing, a number or `true` go on; a word is one of `continue`, `skip` and
 * `cancel`; a table has `type` (or `action`).
 * @throws `hook.invalid_result` for everything else, so that a slip of the pen is never taken for a decision.
 */
export function parseAnswer(answer: JsonValue): ScriptAnswer {
  if (answer === null || answer === true || typeof answer === 'number') return { result: WORDS.continue! };
  if (typeof answer === 'string') return { result: wordOf(answer) };
  if (!isRecord(answer)) throw invalid(`answered ${answer === false ? 'false' : 'a list'}`, HINT);
  const table = answer as JsonObject;
  const word = table.type ?? table.action;
  const kind = typeof word === 'string' ? (KINDS[word] ?? word) : undefined;
  if (kind === undefined || !Object.hasOwn(READERS, kind))
    throw invalid(`answered a table whose type is ${JSON.stringify(word ?? null)}`, HINT);
  return { result: READERS[kind as HookResultKind](table), metadata: metadataOf(table) };
}

const HINT =
  'Return nothing, "continue", "skip", "cancel", or a table like { type = "modified", data = … }; types: continue, modified, cancel, redirect, replace, retry, fork, cache, skipped.';

function wordOf(word: string): HookResult {
  if (Object.hasOwn(WORDS, word)) return WORDS[word]!;
  throw invalid(
    `answered "${word.slice(0, 100)}"`,
    `To cancel with a reason return { type = "cancel", reason = … }. ${HINT}`,
  );
}

function dataOf(table: JsonObject, kind: string): JsonValue {
  if (Object.hasOwn(table, 'data')) return table.data!;
  return required(table.modified_data ?? table.modifiedData, kind, 'data');
}

function textOf(table: JsonObject, key: string): string | undefined {
  const value = table[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw invalid(`answered a table whose ${key} is no text`);
}

function numberOf(table: JsonObject, keys: readonly string[], least: number): number | undefined {
  const key = keys.find((name) => table[name] !== undefined && table[name] !== null);
  if (key === undefined) return undefined;
  const value = table[key];
  if (typeof value === 'number' && value >= least) return value;
  throw invalid(`answered a table whose ${key} is no number from ${least} on`);
}

function ttlOf(table: JsonObject): number {
  const milliseconds = numberOf(table, ['ttl_ms', 'ttlMs'], 1);
  return milliseconds ?? (numberOf(table, ['ttl', 'ttl_seconds'], 0) ?? DEFAULT_TTL_SECONDS) * 1000;
}

function operationsOf(table: JsonObject): ForkOperation[] {
  const list = table.operations ?? table.parallel_operations ?? table.parallelOperations;
  if (!Array.isArray(list) || list.length === 0)
    throw invalid("answered 'fork' without a list of operations");
  if (list.length > MAX_FORKS) throw invalid(`answered 'fork' with more than ${MAX_FORKS} operations`);
  return list.map(operationOf);
}

function operationOf(value: JsonValue, index: number): ForkOperation {
  if (!isRecord(value)) throw invalid("answered 'fork' with an operation that is no table");
  const table = value as JsonObject;
  const given = required(
    textOf(table, 'operation_type') ?? textOf(table, 'operationType'),
    'fork',
    'operation_type',
  );
  const colon = given.indexOf(':');
  const operationType = colon < 0 ? given : given.slice(0, colon);
  const parameters = isRecord(table.parameters) ? (table.parameters as JsonObject) : {};
  if (operationType !== 'tool' && operationType !== 'agent')
    throw invalid(`answered 'fork' with the operation_type '${given}'; it is tool or agent`);
  return {
    id: textOf(table, 'id') ?? `op${index + 1}`,
    operationType,
    parameters: colon < 0 ? parameters : { name: given.slice(colon + 1), input: parameters },
  };
}

function metadataOf(table: JsonObject): Record<string, string> | undefined {
  if (!isRecord(table.metadata)) return undefined;
  const entries = Object.entries(table.metadata).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries);
}

function required<T>(value: T | null | undefined, kind: string, key: string): T {
  if (value === undefined || value === null) throw invalid(`answered '${kind}' without '${key}'`);
  return value;
}

function invalid(what: string, hint?: string): Error {
  return fail('hook.invalid_result', `A hook handler ${what}`, hint ? { hint } : {});
}

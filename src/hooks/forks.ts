import type { ExecutionContext } from '../core/context.js';
import { errorToData, toLlmspellError } from '../core/errors.js';
import {
  isRecord,
  type JsonObject,
  type JsonValue,
  type ScriptValue,
  setOwn,
  toJson,
} from '../core/values.js';
import type { ForkOperation } from './contract.js';

/**
 * Has a component do something.
 * Contract: goes through `invoke`; rejects with `tool.not_found` or `agent.not_found` for a name that there is not,
 * and with `hook.unsupported_result` for a kind of component that cannot be named.
 */
export type Perform = (
  kind: string,
  name: string,
  input: JsonValue,
  context: ExecutionContext,
) => Promise<unknown>;

/** Does operations side by side. @returns what each gave, or failed with, by its id; never rejects. */
export async function performAll(
  operations: readonly ForkOperation[],
  perform: Perform,
  context: ExecutionContext,
): Promise<JsonObject> {
  const results: JsonObject = {};
  const one = async (operation: ForkOperation) =>
    setOwn<JsonValue>(results, operation.id, await performOne(operation, perform, context));
  await Promise.all(operations.map(one));
  return results;
}

async function performOne(
  operation: ForkOperation,
  perform: Perform,
  context: ExecutionContext,
): Promise<JsonObject> {
  const { name, input } = targetOf(operation);
  try {
    const output = await perform(operation.operationType, name, input, context);
    return { ok: true, output: toJson((output ?? null) as ScriptValue) };
  } catch (thrown) {
    const { code, message } = errorToData(toLlmspellError(thrown));
    return { ok: false, error: { code, message } };
  }
}

/** `parameters` names the component; what it is given is `input`, or everything that stands beside the name. */
function targetOf({ operationType, parameters }: ForkOperation): { name: string; input: JsonValue } {
  const { name, [operationType]: named, input, params, ...rest } = parameters;
  const given = input ?? params ?? rest;
  return { name: String(name ?? named ?? ''), input: isRecord(given) ? (given as JsonObject) : given };
}

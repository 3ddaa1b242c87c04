import type { Component, ExecutionContext, Interceptor, Invocation } from './component.js';
import { errorFromData, errorToData, fail, type LlmspellError, toLlmspellError } from './errors.js';
import { redactSecrets } from './redact.js';
import { inputError } from './schema.js';
import type { Secrets } from './secrets.js';
import { noteWork } from './unfinished.js';
import { untilAborted } from './until-aborted.js';
import { type JsonValue, toJson } from './values.js';

export type { Interceptor, Invocation } from './component.js';

/**
 * The one way in: whatever a script, a model, a workflow, a protocol or the command line wants done by a
 * component goes through here. Reserves budget, journals start and end, lets the interceptors look, and for each
 * attempt that they make checks the input and applies the time limit.
 */
export async function invoke<I, O>(
  component: Component<I, O>,
  input: unknown,
  parent: ExecutionContext,
): Promise<O> {
  const context = parent.child(component.kind, component.name);
  const started = context.effects.now();
  const given = asJson(input);
  context.secrets.learn(given);
  context.emit({
    type: 'component.started',
    kind: component.kind,
    name: component.name,
    input: redactSecrets(given),
  });
  const finish = (end: { output?: JsonValue; error?: ReturnType<typeof errorToData> }) => {
    const durationMs = context.effects.now() - started;
    context.emit({
      type: 'component.finished',
      kind: component.kind,
      name: component.name,
      durationMs,
      ...end,
    });
  };
  try {
    parent.budget.reserveCall();
    const chain = compose(context.interceptors, runComponent);
    const work = chain({ component: component as Component, input, context });
    noteWork(context.budget, work);
    const output = await untilAborted(work, context.signal);
    finish({ output: redactSecrets(asJson(output)) });
    return output as O;
  } catch (thrown) {
    const error = masked(explain(thrown, context, undefined, component), context.secrets);
    finish({ error: errorToData(error) });
    throw error;
  }
}

/** One attempt, under the time limit of the component. */
async function runComponent(invocation: Invocation): Promise<unknown> {
  const { component, context } = invocation;
  const { timeoutMs } = component;
  if (timeoutMs === undefined) return attempt(invocation);
  const limited = context.limit(timeoutMs);
  const work = attempt({ ...invocation, context: limited });
  try {
    return await untilAborted(work, limited.signal);
  } catch (thrown) {
    noteWork(context.budget, work);
    throw explain(thrown, limited, context, component);
  } finally {
    limited.end();
  }
}

async function attempt({ component, input, context }: Invocation): Promise<unknown> {
  context.signal.throwIfAborted();
  const checked = component.input.safeParse(input);
  if (!checked.success)
    throw inputError(`${component.kind} '${component.name}'`, checked.error, component.input);
  const output = await component.run(checked.data, context);
  const promised = component.output?.safeParse(output);
  if (promised && !promised.success) {
    throw fail(
      'component.output_invalid',
      `${component.name} returned an unexpected shape: ${promised.error.message}`,
    );
  }
  return output;
}

function compose(interceptors: readonly Interceptor[], last: (invocation: Invocation) => Promise<unknown>) {
  return interceptors.reduceRight<typeof last>(
    (next, interceptor) => (invocation) => interceptor(invocation, next),
    last,
  );
}

/** @param around what the context of the attempt was made of, where it has a time limit of its own. */
function explain(
  thrown: unknown,
  context: ExecutionContext,
  around: ExecutionContext | undefined,
  component: Component,
): LlmspellError {
  if (!context.signal.aborted)
    return toLlmspellError(thrown, component.kind === 'tool' ? 'tool.failed' : 'internal.error');
  const reason: unknown = context.signal.reason;
  if (!(reason instanceof DOMException && reason.name === 'TimeoutError'))
    return toLlmspellError(reason, 'component.cancelled');
  const what =
    around && !around.signal.aborted
      ? `ran longer than ${component.timeoutMs} ms`
      : 'was ended because what it was called from ran too long';
  return fail('component.timeout', `${component.kind} '${component.name}' ${what}`);
}

/** An error without any known secret in it: message, hint and details. */
function masked(error: LlmspellError, secrets: Secrets): LlmspellError {
  const data = errorToData(error);
  const clean = secrets.maskData(data);
  return JSON.stringify(clean) === JSON.stringify(data) ? error : errorFromData(clean);
}

/** Inputs and outputs enter the journal as JSON; what is not JSON (handles, callbacks) enters as its name. */
function asJson(value: unknown): JsonValue {
  if (value === undefined) return null;
  try {
    return toJson(value as never);
  } catch {
    return String(value);
  }
}

import { fail } from '../../../core/errors.js';
import { isRecord, type JsonValue } from '../../../core/values.js';

/** One step into a value: a key, a place in a list (negative ones count from its end), or everything in it. */
type Step = { key: string } | { index: number } | { every: true };

/** A path that was read. */
export interface JsonPath {
  readonly steps: readonly Step[];
  /** Whether it may lead to several values: it has a wildcard. */
  readonly many: boolean;
}

/** The most values that a wildcard gives. */
const MAX_VALUES = 10_000;

const STEP =
  /\.?\*|\.?\[\*\]|\.?\[(-?\d+)\]|\.?\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]|\.?([^.[\]*"'\s]+)|\[\]/y;

/**
 * Reads a path: `$.users[0].name`, `.users[0].name` and `users[0].name` mean the same, as does the JSON pointer
 * `/users/0/name`; `[*]` or `[]` is every item, `["a.b"]` a key with special characters, `[-1]` the last item.
 * @throws `input.invalid`
 */
export function parseJsonPath(text: string): JsonPath {
  const steps = text.startsWith('/') ? pointerSteps(text) : dottedSteps(text);
  return { steps, many: steps.some((step) => 'every' in step) };
}

/** What the path leads to, a list for a path with a wildcard; `undefined` where there is nothing. */
export function valueAt(path: JsonPath, root: JsonValue): JsonValue | undefined {
  let values: JsonValue[] = [root];
  for (const step of path.steps) {
    values = values.flatMap((value) => taken(value, step));
    if (values.length > MAX_VALUES)
      throw fail('tool.failed', `A JSON path leads to more than ${MAX_VALUES} values`);
  }
  return path.many ? values : values[0];
}

function taken(value: JsonValue, step: Step): JsonValue[] {
  if ('every' in step) return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  if ('index' in step) return Array.isArray(value) ? present(value.at(step.index)) : [];
  if (Array.isArray(value)) return /^\d+$/.test(step.key) ? present(value[Number(step.key)]) : [];
  return isRecord(value) && Object.hasOwn(value, step.key) ? [value[step.key] as JsonValue] : [];
}

function present(value: JsonValue | undefined): JsonValue[] {
  return value === undefined ? [] : [value];
}

function pointerSteps(text: string): Step[] {
  return text
    .slice(1)
    .split('/')
    .map((part) => ({ key: part.replaceAll('~1', '/').replaceAll('~0', '~') }));
}

function dottedSteps(text: string): Step[] {
  const steps: Step[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  if (text.slice(at) === '.') return [];
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) throw notAPath(text, at);
    steps.push(stepOf(match));
    at = STEP.lastIndex;
  }
  return steps;
}

function stepOf([, index, double, single, name]: RegExpExecArray): Step {
  if (index !== undefined) return { index: Number(index) };
  const quoted = double ?? single;
  if (quoted !== undefined) return { key: quoted.replace(/\\(.)/g, '$1') };
  return name === undefined ? { every: true } : { key: name };
}

function notAPath(text: string, at: number): Error {
  return fail('input.invalid', `'${text}' is not a JSON path: it cannot be read from character ${at + 1}`, {
    hint: 'Write $.users[0].name, $.items[*].id or /users/0/name.',
  });
}

import { writeJson } from '../core/json-text.js';
import { isRecord, type JsonValue } from '../core/values.js';
import type { Entry } from './recording-lines.js';

const LONGEST = 300;

/** What crossed, as a line for people. The values are tagged data. */
export function crossingText(entry: Entry): string {
  switch (entry.t) {
    case 'call':
      return callText(entry.member, entry.handle, entry.args as JsonValue[]);
    case 'callback':
      return `a callback of function ${entry.fn}${shortened(listText(entry.args as JsonValue[]))}`;
    case 'result':
      return resultText(entry);
    case 'release':
      return `the release of function ${entry.fn}`;
    case 'output':
    case 'shown':
      return `the output ${shortened(JSON.stringify(entry.text))}`;
    case 'stop':
      return `being stopped with ${entry.error.code}`;
    case 'ended':
      return endText(entry);
  }
}

/** `Tool.execute("calculator", {"input": "1"})`, and `agent:7.execute("hi")` for a method. */
export function callText(member: string, handle: string | undefined, args: JsonValue[]): string {
  const name = handle === undefined ? member : `${handle}${member.slice(member.indexOf('.'))}`;
  return `${name}${shortened(listText(args))}`;
}

/** How an execution ended. */
export function endText({ error, exitCode, text }: Omit<Extract<Entry, { t: 'ended' }>, 't'>): string {
  if (error) return `an end with ${error.code}: ${shortened(error.message)}`;
  if (exitCode !== undefined) return `an end with exit code ${exitCode}`;
  return text === undefined ? 'its end' : `its end with the result ${shortened(text)}`;
}

/** The first place at which two values differ, as `.operation: "generate" became "hash"`; undefined when there is none. */
export function firstDifference(before: JsonValue, after: JsonValue, path = ''): string | undefined {
  if (Array.isArray(before) && Array.isArray(after))
    return firstIn([...Array(Math.max(before.length, after.length)).keys()], (index) =>
      memberDifference(
        before[index],
        after[index],
        path === '' ? `argument ${index + 1}` : `${path}[${index}]`,
      ),
    );
  if (isRecord(before) && isRecord(after))
    return firstIn([...new Set([...Object.keys(before), ...Object.keys(after)])].sort(), (key) =>
      memberDifference(before[key], after[key], `${path}.${key}`),
    );
  const [was, is] = [writeJson(before, { sortKeys: true }), writeJson(after, { sortKeys: true })];
  return was === is ? undefined : `${path}: ${shortened(was, 80)} became ${shortened(is, 80)}`;
}

function memberDifference(before: JsonValue | undefined, after: JsonValue | undefined, path: string) {
  if (before === undefined) return `${path}: ${shortened(writeJson(after ?? null), 80)} came in`;
  if (after === undefined) return `${path}: ${shortened(writeJson(before), 80)} is missing`;
  return firstDifference(before, after, path);
}

function firstIn<T>(items: T[], difference: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = difference(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listText(args: JsonValue[]): string {
  return `(${args.map((arg) => writeJson(arg)).join(', ')})`;
}

function resultText({ id, value, error }: Extract<Entry, { t: 'result' }>): string {
  const what = error ? error.code : shortened(writeJson(value ?? null));
  return `the end of crossing ${id} with ${what}`;
}

/** The beginning of a long text. */
export function shortened(text: string, most = LONGEST): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

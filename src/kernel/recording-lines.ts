import type { ErrorData } from '../core/errors.js';
import { fromTagged } from '../core/tagged-json.js';
import { isRecord, type JsonValue } from '../core/values.js';
import type { Language, Source } from '../script/protocol.js';
import type { NamedToken } from './secret-tokens.js';
import type { ExecutionEnd, StreamName } from './tape.js';

/** The form in which recordings are written. */
export const RECORDING_VERSION = 2;

/** First line of a recording: everything that is needed to run the script again. */
export interface RecordingHeader {
  llmspell: typeof RECORDING_VERSION;
  language: Language;
  source: Source;
  /** SHA-256 of the code. */
  hash: string;
  seed: number;
  /** Name of the time zone in which dates were shown. */
  timezone?: string;
}

/**
 * What crossed between script and kernel, in order. Calls and callbacks are numbered from 1, which is the number of
 * the crossing; a result has the number of what it ends.
 */
export type Entry =
  | { t: 'call'; id: number; member: string; handle?: string; args: JsonValue }
  | { t: 'callback'; id: number; fn: number; args: JsonValue }
  | { t: 'result'; id: number; value?: JsonValue; error?: ErrorData }
  /** The script was told that nobody will call this function again; its number may be given to another. */
  | { t: 'release'; fn: number }
  /** The script printed. */
  | { t: 'output'; stream: StreamName; text: string }
  /** What stands around the script printed. */
  | { t: 'shown'; stream: StreamName; text: string }
  | { t: 'stop'; error: ErrorData }
  | ({ t: 'ended' } & ExecutionEnd);

/** What a recording holds besides. */
export type Note =
  | { t: 'effect'; name: string; value: JsonValue }
  /** Where in the call of this number a component began. */
  | { t: 'step'; id: number; path: string }
  | ({ t: 'secret' } & NamedToken)
  /** The last line: the recording is whole, and this many lines precede. */
  | { t: 'end'; lines: number };

/** A line after the first. */
export type Line = Entry | Note;

const LANGUAGES: readonly Language[] = ['lua', 'javascript'];

/** Whether this is the first line of a recording. */
export function isHeader(line: unknown): line is RecordingHeader {
  if (!isRecord(line) || line.llmspell !== RECORDING_VERSION || !isRecord(line.source)) return false;
  const { code, name } = line.source;
  const texts = [code, name, line.hash, line.language].every(isText);
  return texts && LANGUAGES.includes(line.language as Language) && typeof line.seed === 'number';
}

/** Whether this is a later line of a recording. */
export function isLine(line: unknown): line is Line {
  return isRecord(line) && isTagged(line.args ?? line.value ?? null) && hasParts(line);
}

function hasParts(line: Record<string, unknown>): boolean {
  const hasId = typeof line.id === 'number';
  switch (line.t) {
    case 'call':
      return hasId && isText(line.member) && Array.isArray(line.args);
    case 'callback':
      return hasId && typeof line.fn === 'number' && Array.isArray(line.args);
    case 'result':
      return hasId;
    case 'release':
      return typeof line.fn === 'number';
    case 'output':
    case 'shown':
      return (line.stream === 'stdout' || line.stream === 'stderr') && isText(line.text);
    case 'stop':
      return isRecord(line.error);
    case 'ended':
      return line.error === undefined || isRecord(line.error);
    default:
      return isNote(line, hasId);
  }
}

function isNote(line: Record<string, unknown>, hasId: boolean): boolean {
  switch (line.t) {
    case 'effect':
      return 'value' in line;
    case 'step':
      return hasId && isText(line.path);
    case 'secret':
      return isText(line.token);
    default:
      return line.t === 'end' && typeof line.lines === 'number';
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTagged(value: unknown): boolean {
  try {
    fromTagged(value as JsonValue);
    return true;
  } catch {
    return false;
  }
}

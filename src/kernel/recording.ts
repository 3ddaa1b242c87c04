import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ErrorData, fail } from '../core/errors.js';
import { fromTagged } from '../core/tagged-json.js';
import { isRecord, type JsonValue, type ScriptValue } from '../core/values.js';
import type { Language, Source } from '../script/protocol.js';

/** First line of a recording: everything that is needed to run the script again. */
export interface RecordingHeader {
  llmspell: 1;
  language: Language;
  source: Source;
  /** SHA-256 of the code. */
  hash: string;
  seed: number;
  /** Name of the time zone in which dates were shown. */
  timezone?: string;
}

/** What crossed between script and kernel, in order; a result has the id of the call or callback that it ends. */
export type Entry =
  | { t: 'call'; id: number; member: string; handle?: string; args: JsonValue }
  | { t: 'callback'; id: number; fn: number; args: JsonValue }
  | { t: 'result'; id: number; value?: JsonValue; error?: ErrorData }
  | { t: 'effect'; name: string; value: JsonValue }
  | { t: 'stop'; error: ErrorData };

const LANGUAGES: readonly Language[] = ['lua', 'javascript'];

/** The hash that names a script's code. */
export function codeHash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** A recording read back. */
export interface Recording {
  header: RecordingHeader;
  entries: Entry[];
  /** The clock readings, in order. */
  effects: ScriptValue[];
}

/** Reads a recording. @throws `replay.invalid` */
export function readRecording(path: string): Recording {
  const [header, ...all] = readLines(path) as unknown[];
  if (!isHeader(header) || !all.every(isEntry)) {
    throw fail('replay.invalid', `${path} is not a recording`, {
      hint: 'Make one with: llmspell run --record FILE SCRIPT',
    });
  }
  const effects = all.flatMap((entry) => (entry.t === 'effect' ? [fromTagged(entry.value)] : []));
  return { header, entries: all.filter((entry) => entry.t !== 'effect'), effects };
}

function isHeader(line: unknown): line is RecordingHeader {
  if (!isRecord(line) || line.llmspell !== 1 || !isRecord(line.source)) return false;
  const { code, name } = line.source;
  const texts = [code, name, line.hash, line.language].every((value) => typeof value === 'string');
  return texts && LANGUAGES.includes(line.language as Language) && typeof line.seed === 'number';
}

function isEntry(line: unknown): line is Entry {
  if (!isRecord(line) || !isTagged(line.args ?? line.value ?? null)) return false;
  const hasId = typeof line.id === 'number';
  switch (line.t) {
    case 'call':
      return hasId && typeof line.member === 'string' && Array.isArray(line.args);
    case 'callback':
      return hasId && typeof line.fn === 'number' && Array.isArray(line.args);
    case 'result':
      return hasId;
    case 'stop':
      return isRecord(line.error);
    default:
      return line.t === 'effect' && 'value' in line;
  }
}

function isTagged(value: unknown): boolean {
  try {
    fromTagged(value as JsonValue);
    return true;
  } catch {
    return false;
  }
}

function readLines(path: string): JsonValue[] {
  try {
    const text = readFileSync(path, 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JsonValue);
  } catch (thrown) {
    throw fail('replay.invalid', `Cannot read the recording ${path}: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}

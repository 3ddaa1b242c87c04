import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ErrorData, fail } from '../core/errors.js';
import { fromTagged } from '../core/tagged-json.js';
import type { JsonValue, ScriptValue } from '../core/values.js';
import type { Language, Source } from '../script/protocol.js';

/** First line of a recording: everything that is needed to run the script again. */
export interface RecordingHeader {
  llmspell: 1;
  language: Language;
  source: Source;
  /** SHA-256 of the code. */
  hash: string;
  seed: number;
}

/** What crossed between script and kernel, in order. */
export type Entry =
  | { t: 'call'; member: string; handle?: string; args: JsonValue }
  | { t: 'callback'; fn: number; args: JsonValue }
  | { t: 'result'; value?: JsonValue; error?: ErrorData }
  | { t: 'effect'; name: string; value: JsonValue };

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
  const lines = readLines(path);
  const header = lines[0] as unknown as RecordingHeader | undefined;
  if (header?.llmspell !== 1 || typeof header.source?.code !== 'string') {
    throw fail('replay.invalid', `${path} is not a recording`, {
      hint: 'Make one with: llmspell run --record FILE SCRIPT',
    });
  }
  const all = lines.slice(1) as unknown as Entry[];
  const effects = all.flatMap((entry) => (entry.t === 'effect' ? [fromTagged(entry.value)] : []));
  return { header, entries: all.filter((entry) => entry.t !== 'effect'), effects };
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

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fail, type LlmspellError } from '../core/errors.js';
import { fromTagged } from '../core/tagged-json.js';
import type { ScriptValue } from '../core/values.js';
import {
  type Entry,
  isHeader,
  isLine,
  type Line,
  RECORDING_VERSION,
  type RecordingHeader,
} from './recording-lines.js';
import type { NamedToken } from './secret-tokens.js';

/** The hash that names a script's code. */
export function codeHash(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

/** A step of a component, and the call in which it was taken. */
export interface RecordedStep {
  readonly id: number;
  readonly path: string;
}

/** A recording read back. */
export interface Recording {
  header: RecordingHeader;
  entries: Entry[];
  /** The clock readings, in order, and before which entry each was taken. */
  effects: ScriptValue[];
  effectPlaces: number[];
  steps: RecordedStep[];
  /** The tokens that stand for secrets. */
  secrets: NamedToken[];
  /** False when it breaks off. */
  whole: boolean;
}

/**
 * Reads a recording.
 * @param options `broken` takes one that breaks off, as far as it goes.
 * @throws `replay.invalid`
 */
export function readRecording(path: string, options: { broken?: boolean } = {}): Recording {
  const text = readText(path);
  const [first, ...rest] = wholeLines(text);
  const header = attempt(() => JSON.parse(first ?? '') as unknown);
  if (!isHeader(header)) throw foreign(path, header);
  const lines = rest.map((line, index) => parseLine(path, line, index + 2));
  const end = lines.at(-1);
  const body = end?.t === 'end' ? lines.slice(0, -1) : lines;
  const recording = sorted(header, body, end?.t === 'end' && end.lines === lines.length);
  if (!recording.whole && !options.broken) throw broken(path, recording, end?.t === 'end');
  if (codeHash(header.source.code) !== header.hash) throw edited(path);
  return recording;
}

function sorted(header: RecordingHeader, lines: Line[], whole: boolean): Recording {
  const recording: Recording = {
    header,
    entries: [],
    effects: [],
    effectPlaces: [],
    steps: [],
    secrets: [],
    whole,
  };
  for (const line of lines) sort(recording, line);
  return recording;
}

function sort(recording: Recording, line: Line): void {
  switch (line.t) {
    case 'effect':
      recording.effects.push(fromTagged(line.value));
      recording.effectPlaces.push(recording.entries.length);
      return;
    case 'step':
      return void recording.steps.push({ id: line.id, path: line.path });
    case 'secret':
      return void recording.secrets.push(line);
    case 'end':
      return;
    default:
      recording.entries.push(line);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw fail('replay.invalid', `Cannot read the recording ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** The lines; a last one without its end is left out, as whoever wrote it did not come to that. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

function parseLine(path: string, text: string, number: number): Line {
  const line = attempt(() => JSON.parse(text) as unknown);
  if (isLine(line)) return line;
  throw fail('replay.invalid', `Line ${number} of ${path} is no line of a recording`, {
    hint: 'The file was changed or damaged; make the recording again.',
    details: { path, line: number },
  });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function foreign(path: string, header: unknown): LlmspellError {
  const version = (header as { llmspell?: unknown } | null | undefined)?.llmspell;
  if (typeof version === 'number' && version !== RECORDING_VERSION)
    return fail('replay.invalid', `${path} is a recording of another version (${version})`, {
      hint: 'Make it again with: llmspell run --record FILE SCRIPT',
    });
  return fail('replay.invalid', `${path} is not a recording`, {
    hint: 'Make one with: llmspell run --record FILE SCRIPT',
  });
}

function broken(path: string, { entries }: Recording, hasEnd: boolean): LlmspellError {
  const crossings = entries.filter(({ t }) => t === 'call' || t === 'callback').length;
  const what = hasEnd ? 'lacks lines' : `breaks off after ${crossings} crossings`;
  return fail('replay.invalid', `The recording ${path} ${what}`, {
    hint: hasEnd
      ? 'The file was changed or damaged; make the recording again.'
      : 'The recorded run did not come to its end. See how far it goes: llmspell replay show FILE',
    details: { path, crossings },
  });
}

function edited(path: string): LlmspellError {
  return fail('replay.invalid', `The script inside the recording ${path} is not the one that was recorded`, {
    hint: 'To try a changed script against a recording: llmspell replay FILE --script SCRIPT',
    details: { path },
  });
}

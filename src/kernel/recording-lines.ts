import { fromTagged } from '../core/tagged-json.js';
import { isRecord, type JsonValue } from '../core/values.js';
import type { Language } from '../script/protocol.js';
import type { Line, RecordingHeader } from './recording.js';

/** The form in which recordings are written. */
export const RECORDING_VERSION = 2;

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

import type { JournalEvent } from '../core/events.js';
import { isRecord } from '../core/values.js';

/** The first line of a segment: who writes it. */
export interface SegmentHeader {
  readonly journal: 1;
  readonly owner: string;
  readonly pid: number;
  readonly host: string;
}

/** Says that the events of a run follow, between those of others. */
export interface OpenLine {
  readonly open: string;
  readonly session: string;
  readonly time: number;
}

/** Gives up a run that has not finished: its writer was closed. */
export interface CloseLine {
  readonly close: string;
}

/** What a line of a segment may be. */
export type JournalLine = SegmentHeader | OpenLine | CloseLine | JournalEvent;

/**
 * What a line says, or undefined for one that is damaged.
 * @param text without its newline.
 */
export function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isRecord(line) && (isEvent(line) || isHeader(line) || isOpen(line) || isClose(line))
      ? (line as unknown as JournalLine)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line is an event. */
export function isEvent(line: JournalLine | Record<string, unknown>): line is JournalEvent {
  return 'run' in line && 'seq' in line && 'type' in line;
}

/** Whether a line opens a run. */
export function isOpen(line: JournalLine | Record<string, unknown>): line is OpenLine {
  return 'open' in line && typeof line.open === 'string';
}

/** Whether a line gives up a run. */
export function isClose(line: JournalLine | Record<string, unknown>): line is CloseLine {
  return 'close' in line && typeof line.close === 'string';
}

/** Whether a line is the first of a segment. */
export function isHeader(line: JournalLine | Record<string, unknown>): line is SegmentHeader {
  return 'journal' in line && line.journal === 1;
}

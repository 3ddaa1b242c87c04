import type { JournalEvent } from '../core/events.js';
import type { RunQuery, RunRecord } from './journal-store.js';

/** A run of which nothing is known but that it was opened. */
export function openedRun(run: string, kernelSession: string, startedAt: number): RunRecord {
  return {
    run,
    kind: 'script',
    name: '',
    status: 'running',
    startedAt,
    kernelSession,
    sessions: [],
    events: 0,
  };
}

/** The record of a run after one more of its events. */
export function afterEvent(record: RunRecord, event: JournalEvent): RunRecord {
  const next = { ...record, events: record.events + 1 };
  switch (event.type) {
    case 'run.started':
      return { ...next, kind: event.kind, name: event.name, startedAt: event.time, ...languageOf(event) };
    case 'run.finished':
      return {
        ...next,
        status: event.ok ? 'completed' : 'failed',
        finishedAt: event.time,
        durationMs: event.durationMs,
        usage: event.usage,
        ...(event.error && { error: event.error }),
      };
    case 'session.changed':
    case 'artifact.changed':
      return record.sessions.includes(event.session)
        ? next
        : { ...next, sessions: [...record.sessions, event.session] };
    default:
      return next;
  }
}

function languageOf({ language }: { language?: string }): { language?: string } {
  return language === undefined ? {} : { language };
}

/** Whether an event changes more of a record than its count. */
export function changesRecord({ type }: JournalEvent): boolean {
  return (
    type === 'run.started' ||
    type === 'run.finished' ||
    type === 'session.changed' ||
    type === 'artifact.changed'
  );
}

/** Those records that a query asks for, newest first. */
export function selectRuns(records: Iterable<RunRecord>, query: RunQuery = {}): RunRecord[] {
  const wanted = [...records].filter((record) => fits(record, query));
  wanted.sort((a, b) => b.startedAt - a.startedAt || (a.run < b.run ? 1 : -1));
  return query.limit === undefined ? wanted : wanted.slice(0, query.limit);
}

function fits(record: RunRecord, { status, session, name, since, until }: RunQuery): boolean {
  return (
    (status === undefined || record.status === status) &&
    (session === undefined || record.sessions.includes(session) || record.kernelSession === session) &&
    (name === undefined || record.name.includes(name)) &&
    (since === undefined || record.startedAt >= since) &&
    (until === undefined || record.startedAt <= until)
  );
}

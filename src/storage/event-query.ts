import { eventName, type JournalEvent } from '../core/events.js';
import { compileGlob } from '../core/glob.js';
import type { EventQuery } from './journal-store.js';

/** Events that an unbounded query gives at most. */
export const DEFAULT_EVENT_LIMIT = 10_000;

/** Whether an event is one that a query asks for; its `session` is for the store, which knows what runs belong to it. */
export function eventFilter(query: EventQuery): (event: JournalEvent) => boolean {
  const glob = query.pattern === undefined ? undefined : compileGlob(query.pattern);
  const { run, correlationId, since, until } = query;
  return (event) =>
    (run === undefined || event.run === run) &&
    (since === undefined || event.time >= since) &&
    (until === undefined || event.time <= until) &&
    (correlationId === undefined || correlationOf(event) === correlationId) &&
    (glob === undefined || glob.matches(eventName(event)));
}

/** What was not published belongs to the request that its run serves. */
function correlationOf(event: JournalEvent): string {
  return event.type === 'event.published' ? event.correlationId : event.run;
}

/** Oldest first; of one run in the order in which they happened, whatever the clock said. */
export function inOrder(events: JournalEvent[]): JournalEvent[] {
  return events.sort((a, b) => (a.run === b.run ? a.seq - b.seq : a.time - b.time));
}

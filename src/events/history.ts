import type { JournalEvent } from '../core/events.js';
import { eventName } from '../core/events.js';
import { compileGlob } from '../core/glob.js';
import type { RunInfo } from '../core/journal.js';
import type { EventQuery } from '../storage/journal-store.js';

/** Events that are remembered where no journal is kept. */
const MOST = 1000;

/** The newest events of one kernel, for questions about the past where there is no durable journal. */
export class RecentEvents {
  private readonly ring: { event: JournalEvent; session: string }[] = [];
  private next = 0;

  add(event: JournalEvent, { session }: RunInfo): void {
    this.ring[this.next] = { event, session };
    this.next = (this.next + 1) % MOST;
  }

  /** What a journal would answer, as far as it is remembered; oldest first. */
  search(query: EventQuery): JournalEvent[] {
    const fits = questionOf(query);
    const inOrder = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    const found = inOrder.filter(({ event, session }) => fits(event, session)).map(({ event }) => event);
    return query.limit === undefined ? found : found.slice(-query.limit);
  }
}

function questionOf(query: EventQuery): (event: JournalEvent, session: string) => boolean {
  const glob = compileGlob(query.pattern ?? '*');
  const { run, session, correlationId, since, until } = query;
  return (event, eventSession) =>
    (run === undefined || event.run === run) &&
    (session === undefined || eventSession === session) &&
    (correlationId === undefined || correlationOf(event) === correlationId) &&
    (since === undefined || event.time >= since) &&
    (until === undefined || event.time <= until) &&
    glob.matches(eventName(event));
}

/** What ties an event to others: its own correlation id, or the run it belongs to. */
export function correlationOf(event: JournalEvent): string {
  return event.type === 'event.published' ? event.correlationId : event.run;
}

import type { EventBody } from '../core/events.js';
import type { Subscription } from './subscription.js';

/** Milliseconds between two reports of the same kind. */
const PERIOD_MS = 1000;

type Notice = Extract<EventBody, { type: 'event.dropped' | 'event.backpressure' }>;

interface Pending {
  readonly subscription: Subscription;
  notice: Notice;
}

/**
 * Journals what the bus itself has to say, at a bounded rate: the first of a kind soon, what follows within a second
 * together. Never from inside the journal, whose order it would disturb.
 */
export class Notices {
  private readonly pending = new Map<string, Pending>();
  /** When each kind was last reported. */
  private readonly reported = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly now: () => number) {}

  /** An event was dropped. What the bus says about itself is not counted: it would have more to say for ever. */
  dropped(subscription: Subscription, name: string, reason: string): void {
    if (name.startsWith('event.')) return;
    const known = this.pending.get(`${subscription.id} ${reason}`);
    const count = known?.notice.type === 'event.dropped' ? known.notice.count + 1 : 1;
    this.note(subscription, reason, {
      type: 'event.dropped',
      name,
      subscription: subscription.id,
      reason,
      count,
    });
  }

  /** A subscriber became slow, or is no longer. */
  pressure(subscription: Subscription, change: 'started' | 'relieved'): void {
    const { id, queued } = subscription;
    this.note(subscription, change, { type: 'event.backpressure', subscription: id, change, queued });
  }

  /** Journals what has not been said yet. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const due = [...this.pending];
    this.pending.clear();
    for (const [key, { subscription, notice }] of due) {
      this.reported.set(key, this.now());
      subscription.owner.emit(notice);
    }
  }

  /** A subscription has ended; nothing more is to be said of it. */
  forget(subscription: Subscription): void {
    if (this.reported.size === 0) return;
    for (const key of this.reported.keys()) if (key.startsWith(subscription.id)) this.reported.delete(key);
  }

  /** Ends the clock. */
  close(): void {
    clearTimeout(this.timer);
    this.pending.clear();
  }

  private note(subscription: Subscription, kind: string, notice: Notice): void {
    const key = `${subscription.id} ${kind}`;
    this.pending.set(key, { subscription, notice });
    if (this.timer) return;
    const since = this.now() - (this.reported.get(key) ?? Number.NEGATIVE_INFINITY);
    this.timer = setTimeout(() => this.flush(), since < PERIOD_MS ? PERIOD_MS : 0);
    this.timer.unref();
  }
}

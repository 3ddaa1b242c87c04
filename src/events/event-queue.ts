import type { BusEvent } from './event.js';

/** First in, first out, without moving what waits. */
class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.items[this.head++] = undefined as T;
    if (this.head > 64 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}

/** Events that wait for one subscriber: the highest priority first, the oldest of them first. */
export class EventQueue {
  /** Highest priority first; nearly always there is one. */
  private lanes: { priority: number; waiting: Fifo<BusEvent> }[] = [];
  length = 0;

  push(event: BusEvent): void {
    this.lane(event.priority).push(event);
    this.length++;
  }

  /** The next one, left where it is. */
  peek(): BusEvent | undefined {
    return this.lanes[0]?.waiting.peek();
  }

  /** Takes the next one. */
  shift(): BusEvent | undefined {
    return this.take(0);
  }

  /** Takes the one that can best be spared: the oldest of the lowest priority. */
  dropLeast(): BusEvent | undefined {
    return this.take(this.lanes.length - 1);
  }

  /** The lowest priority that waits. */
  get lowest(): number {
    return this.lanes.at(-1)?.priority ?? Number.NEGATIVE_INFINITY;
  }

  private take(index: number): BusEvent | undefined {
    const lane = this.lanes[index];
    if (!lane) return undefined;
    const event = lane.waiting.shift();
    if (lane.waiting.length === 0) this.lanes.splice(index, 1);
    this.length--;
    return event;
  }

  private lane(priority: number): Fifo<BusEvent> {
    const [first] = this.lanes;
    if (first?.priority === priority) return first.waiting;
    const at = this.lanes.findIndex((lane) => lane.priority <= priority);
    if (this.lanes[at]?.priority === priority) return this.lanes[at].waiting;
    const waiting = new Fifo<BusEvent>();
    this.lanes.splice(at < 0 ? this.lanes.length : at, 0, { priority, waiting });
    return waiting;
  }
}

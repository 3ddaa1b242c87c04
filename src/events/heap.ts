/** What stands in a {@link Heap}: knows its own place there, -1 when it is in none. */
export interface HeapItem {
  heapAt: number;
}

/**
 * Items of which the first is at hand. Who changes what the order depends on tells it with `update`.
 * Contract of `before`: a strict order of what is in the heap.
 */
export class Heap<T extends HeapItem> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  /** The first item, left where it is. */
  get first(): T | undefined {
    return this.items[0];
  }

  /** Puts an item in, or to where it belongs now. */
  update(item: T): void {
    if (item.heapAt < 0) {
      item.heapAt = this.items.length;
      this.items.push(item);
    }
    if (!this.up(item.heapAt)) this.down(item.heapAt);
  }

  /** Takes an item out; one that is not in it stays out. */
  remove(item: T): void {
    const at = item.heapAt;
    if (at < 0) return;
    const last = this.items.pop()!;
    item.heapAt = -1;
    if (last === item) return;
    this.put(last, at);
    this.update(last);
  }

  private up(from: number): boolean {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.before(this.items[at]!, this.items[above]!)) break;
      this.swap(at, above);
      at = above;
    }
    return at !== from;
  }

  private down(from: number): void {
    for (let at = from; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < this.items.length && this.before(this.items[below]!, this.items[least]!)) least = below;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const item = this.items[a]!;
    this.put(this.items[b]!, a);
    this.put(item, b);
  }

  private put(item: T, at: number): void {
    this.items[at] = item;
    item.heapAt = at;
  }
}

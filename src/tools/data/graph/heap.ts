/** A queue that gives the entry with the smallest key first (binary heap). */
export class MinHeap<T> {
  private readonly entries: { key: number; value: T }[] = [];

  get size(): number {
    return this.entries.length;
  }

  push(key: number, value: T): void {
    const { entries } = this;
    let at = entries.push({ key, value }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent]!.key <= entries[at]!.key) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): { key: number; value: T } | undefined {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || entries.length === 0) return first;
    entries[0] = last!;
    this.sink();
    return first;
  }

  private sink(): void {
    const { entries } = this;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= entries.length) return;
      const right = left + 1;
      const smaller = right < entries.length && entries[right]!.key < entries[left]!.key ? right : left;
      if (entries[at]!.key <= entries[smaller]!.key) return;
      this.swap(at, smaller);
      at = smaller;
    }
  }

  private swap(a: number, b: number): void {
    const { entries } = this;
    [entries[a], entries[b]] = [entries[b]!, entries[a]!];
  }
}

/** Lets work on the same key wait for its turn; work on different keys overlaps. */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does `work` after whatever was asked for this key before has ended, well or not. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const result = before ? before.then(work, work) : work();
    this.last.set(key, result);
    try {
      return await result;
    } finally {
      if (this.last.get(key) === result) this.last.delete(key);
    }
  }
}

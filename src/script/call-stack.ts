/** Something that runs in an isolate: an execution, or a callback into the script. */
export interface Frame<Owner> {
  readonly id: number;
  /** On whose behalf it runs; calls that the script makes meanwhile are theirs. */
  owner: Owner | undefined;
  /** The call whose answer it waits for. */
  waitingFor?: number | undefined;
}

/**
 * What runs in an isolate, as the kernel knows it. An isolate is one thread, so what runs in it forms a stack: only
 * the innermost frame computes, and while it waits for an answer another may be laid on top. A frame is started
 * no earlier than that, so the innermost frame here is the innermost frame there whenever a message comes back.
 */
export class CallStack<Owner> {
  private readonly running: Frame<Owner>[] = [];
  private readonly queued: { frame: Frame<Owner>; start(): void }[] = [];

  /** What runs now, whether it computes or waits. */
  get innermost(): Frame<Owner> | undefined {
    return this.running.at(-1);
  }

  /** Calls `start` as soon as nothing computes: at once, or when the innermost frame waits or ends. */
  enter(frame: Frame<Owner>, start: () => void): void {
    this.queued.push({ frame, start });
    this.advance();
  }

  /** Takes a frame out of the queue; false when it has been started. */
  withdraw(id: number): boolean {
    const index = this.queued.findIndex(({ frame }) => frame.id === id);
    if (index >= 0) this.queued.splice(index, 1);
    return index >= 0;
  }

  /** A frame has ended. */
  leave(id: number): void {
    const index = this.running.findIndex((frame) => frame.id === id);
    if (index >= 0) this.running.splice(index, 1);
    this.advance();
  }

  /** The innermost frame waits for the answer to a call. */
  wait(call: number): void {
    const { innermost } = this;
    if (innermost) innermost.waitingFor = call;
    this.advance();
  }

  /** The answer to a call is given: whoever waited for it computes again. */
  answered(call: number): void {
    const frame = this.running.find(({ waitingFor }) => waitingFor === call);
    if (frame) frame.waitingFor = undefined;
  }

  private advance(): void {
    while (this.queued.length > 0 && (!this.innermost || this.innermost.waitingFor !== undefined)) {
      const { frame, start } = this.queued.shift()!;
      this.running.push(frame);
      start();
    }
  }
}

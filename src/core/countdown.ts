/** A time limit whose clock can stand still, for as long as a person is asked. */
export class Countdown {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private holds = 0;

  /** Begins to run at once; does not keep the process alive. Without a number of milliseconds only `abort` ends it. */
  constructor(
    private left: number | undefined,
    private readonly expired: () => unknown,
  ) {
    this.start();
  }

  /** Aborts when the time is up, with the reason that `expired` gives. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Aborts its signal now, for another reason than time. */
  abort(reason: unknown): void {
    this.cancel();
    this.controller.abort(reason);
  }

  /** Stops the clock; the result starts it again, where nobody else holds it still. */
  hold(): () => void {
    if (this.holds++ === 0) this.pause();
    let held = true;
    return () => {
      if (held && --this.holds === 0) this.start();
      held = false;
    };
  }

  /** Ends it for good. */
  cancel(): void {
    this.holds = Number.POSITIVE_INFINITY;
    clearTimeout(this.timer);
  }

  private pause(): void {
    clearTimeout(this.timer);
    if (this.left !== undefined) this.left -= performance.now() - this.since;
  }

  private start(): void {
    if (this.left === undefined) return;
    this.since = performance.now();
    this.timer = setTimeout(() => this.controller.abort(this.expired()), Math.max(0, this.left));
    this.timer.unref();
  }
}

/** Holds several clocks still at once. */
export function holdAll(countdowns: readonly Countdown[]): () => void {
  const release = countdowns.map((countdown) => countdown.hold());
  return () => {
    for (const go of release) go();
  };
}

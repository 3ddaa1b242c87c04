import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { type OpenRun, openRun } from './direct-run.js';
import type { ExecuteRequest, ExecutionSurroundings } from './execution.js';

/** What the handlers of a session do while nothing is executed: a run of its own in the journal, from the first of them to the last. */
export class HandlerRun {
  readonly context: ExecutionContext;
  private readonly ending = new AbortController();
  private readonly opened: OpenRun;
  private readonly started: number;

  /** @param last whose listeners hear what the handlers print. */
  constructor(
    surroundings: ExecutionSurroundings,
    readonly last: ExecuteRequest | undefined,
  ) {
    const signal = this.ending.signal;
    this.opened = openRun(surroundings, { name: 'event handlers', signal, onEvent: last?.onEvent });
    this.context = this.opened.context;
    this.started = this.context.effects.now();
    this.context.emit({ type: 'run.started', kind: 'script', name: 'event handlers' });
  }

  /** Stops what still goes on in it. */
  stop(): void {
    this.ending.abort(fail('session.closed', 'The session is closed'));
  }

  /** See {@link Watched.behind}. */
  behind(): Promise<unknown> | undefined {
    return this.opened.watched.behind();
  }

  /** Ends it; resolves when its observers have made safe what they saw. */
  async end(): Promise<void> {
    const { context, opened } = this;
    opened.end();
    const durationMs = context.effects.now() - this.started;
    context.emit({ type: 'run.finished', ok: true, durationMs, usage: context.budget.usage });
    await opened.watched.end();
  }
}

import type { ExecutionContext } from '../core/context.js';
import type { Capability } from '../core/events.js';

/** What a person may answer: only for this call, for the rest of this run, for good, or not at all. */
export type Answer = 'once' | 'run' | 'always' | 'no';

/** What a person is asked. */
export interface PermissionQuestion {
  capability: Capability;
  target: string;
  /** Step path of the component that asks, e.g. `run/tool:http-requester`. */
  path: string;
}

/**
 * Asks a person.
 * Contract: settles with an answer, `no` where nobody answers; is called for one question at a time; stores what
 * was granted for good itself.
 */
export type Ask = (question: PermissionQuestion, signal: AbortSignal) => Promise<Answer>;

/** The answers of one kernel: a question is asked once, and what was refused stays refused. */
export class Answers {
  private readonly known = new Map<string, boolean>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly ask: Ask) {}

  /**
   * Whether it is granted, asking where nobody has said so yet. The time limits of `context` stand still meanwhile.
   * Nobody is asked for what would be written down as a grant for many, such as a program called `*`.
   */
  granted(capability: Capability, target: string, context: ExecutionContext): Promise<boolean> {
    if (isPattern(capability, target)) return Promise.resolve(false);
    const turn = this.last.then(() => this.decide(capability, target, context));
    this.last = turn.catch(() => {});
    return turn;
  }

  private async decide(capability: Capability, target: string, context: ExecutionContext): Promise<boolean> {
    const lasting = `${capability} ${target}`;
    const once = `${context.runId} ${context.path} ${lasting}`;
    const known = this.known.get(lasting) ?? this.known.get(once);
    if (known !== undefined) return known;
    const answer = await this.put({ capability, target, path: context.path }, context);
    const yes = answer !== 'no';
    // Whoever broke off has not answered.
    if (!yes && context.signal.aborted) return false;
    this.known.set(answer === 'once' ? once : lasting, yes);
    return yes;
  }

  private async put(question: PermissionQuestion, context: ExecutionContext): Promise<Answer> {
    const release = context.hold();
    try {
      return await this.ask(question, context.signal);
    } finally {
      release();
    }
  }
}

/** Paths are granted as they stand; everything else may be a pattern. */
function isPattern(capability: Capability, target: string): boolean {
  return capability !== 'read' && capability !== 'write' && /^!|\*/.test(target);
}

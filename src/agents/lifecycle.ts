import { fail } from '../core/errors.js';

/** The states of an agent that scripts see. */
export type AgentState =
  | 'Uninitialized'
  | 'Initializing'
  | 'Ready'
  | 'Running'
  | 'Paused'
  | 'Terminating'
  | 'Terminated'
  | 'Error'
  | 'Recovering';

/** What a script may ask of the lifecycle. */
export type LifecycleAction =
  | 'initialize'
  | 'start'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'terminate'
  | 'set_error'
  | 'recover';

/** One change of state. */
export interface Transition {
  from: AgentState;
  to: AgentState;
  /** Milliseconds since the Unix epoch. */
  time: number;
  /** Milliseconds spent in `from`. */
  elapsedMs: number;
  reason?: string;
}

/** Recoveries after which `recover` refuses. */
export const MAX_RECOVERIES = 3;
/** Transitions that are remembered; older ones are forgotten. */
const MAX_HISTORY = 1000;

const LIVE: readonly AgentState[] = ['Initializing', 'Ready', 'Running', 'Paused', 'Error', 'Recovering'];

/** For each action the states it starts from and the states it passes through. */
const TRANSITIONS: Readonly<
  Record<LifecycleAction, { from: readonly AgentState[]; to: readonly AgentState[] }>
> = {
  initialize: { from: ['Uninitialized'], to: ['Initializing', 'Ready'] },
  start: { from: ['Ready', 'Paused'], to: ['Running'] },
  pause: { from: ['Running'], to: ['Paused'] },
  resume: { from: ['Paused'], to: ['Running'] },
  stop: { from: ['Running'], to: ['Ready'] },
  terminate: { from: LIVE, to: ['Terminating', 'Terminated'] },
  set_error: { from: ['Uninitialized', 'Terminating', ...LIVE], to: ['Error'] },
  recover: { from: ['Error'], to: ['Recovering', 'Ready'] },
};

/**
 * The state machine that scripts drive. It begins `Uninitialized`, in which an agent already executes; an agent
 * that is paused, in error or terminated does not.
 */
export class Lifecycle {
  private current: AgentState = 'Uninitialized';
  private readonly transitions: Transition[] = [];
  private transitionCount = 0;
  private since: number;
  private recoveries = 0;
  private error: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;

  constructor(
    private readonly name: string,
    private readonly now: () => number,
  ) {
    this.createdAt = this.since = now();
  }

  /** The present state. */
  get state(): AgentState {
    return this.current;
  }

  /** The latest transitions, oldest first. */
  get history(): readonly Transition[] {
    return this.transitions;
  }

  /** All transitions ever made, forgotten ones included. */
  get totalTransitions(): number {
    return this.transitionCount;
  }

  /** What `set_error` was told last, until a recovery. */
  get lastError(): string | undefined {
    return this.error;
  }

  /** How often `recover` was used. */
  get recoveryAttempts(): number {
    return this.recoveries;
  }

  /** Whether the agent was started up properly and is in no trouble. */
  get healthy(): boolean {
    return ['Ready', 'Running', 'Paused'].includes(this.current);
  }

  /** The actions that are possible now. */
  get allowed(): LifecycleAction[] {
    const actions = Object.keys(TRANSITIONS) as LifecycleAction[];
    return actions.filter((action) => TRANSITIONS[action].from.includes(this.current));
  }

  /**
   * Does what a script asks.
   * @param reason kept with the transition; for `set_error` the error's message.
   * @throws `agent.illegal_transition` naming the actions that are possible instead.
   */
  act(action: LifecycleAction, reason?: string): void {
    const { from, to } = TRANSITIONS[action];
    if (!from.includes(this.current)) throw this.refusal(`cannot ${action} while it is ${this.current}`);
    if (action === 'recover') this.countRecovery();
    if (action === 'set_error') this.error = reason ?? 'unknown error';
    for (const state of to) this.enter(state, reason);
    if (action === 'recover') this.error = undefined;
  }

  /** Ends the agent from whatever state. */
  end(reason: string): void {
    if (this.current !== 'Terminated') this.enter('Terminated', reason);
  }

  /** @throws `agent.illegal_transition` when the agent may not execute now. */
  requireExecutable(): void {
    if (['Paused', 'Error', 'Terminating', 'Terminated'].includes(this.current))
      throw this.refusal(`cannot execute while it is ${this.current}`);
  }

  private countRecovery(): void {
    if (this.recoveries >= MAX_RECOVERIES)
      throw this.refusal(`cannot recover: ${MAX_RECOVERIES} recovery attempts are used up`);
    this.recoveries++;
  }

  private enter(to: AgentState, reason?: string): void {
    const time = this.now();
    const step: Transition = { from: this.current, to, time, elapsedMs: time - this.since };
    this.transitions.push(reason === undefined ? step : { ...step, reason });
    if (this.transitions.length > MAX_HISTORY) this.transitions.shift();
    this.transitionCount++;
    this.current = to;
    this.since = time;
  }

  private refusal(problem: string): Error {
    const { allowed } = this;
    return fail('agent.illegal_transition', `Agent '${this.name}' ${problem}`, {
      hint:
        allowed.length > 0
          ? `Possible now: ${allowed.join(', ')}.`
          : 'A terminated agent cannot be used again.',
      details: { state: this.current, allowed },
    });
  }
}

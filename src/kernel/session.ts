import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import type { Call } from '../globals/define.js';
import type { Services } from '../globals/services.js';
import { Isolate, type IsolateListener } from '../script/isolate-handle.js';
import type { IsolateThread } from '../script/isolate-thread.js';
import type { Completeness, GlobalVariable, Language } from '../script/protocol.js';
import { anticipate } from './anticipate.js';
import type { Dispatcher } from './dispatch.js';
import { type ExecuteRequest, Execution, type ExecutionSurroundings } from './execution.js';
import type { Outcome } from './messages.js';
import { ScriptSide } from './script-side.js';
import type { CallTape, ReplayTarget } from './tape.js';

/** How a session's isolates are made. */
export interface SessionLimits {
  memoryBytes(language: Language): number;
  /** Standard globals that scripts are not to have. */
  withheld(language: Language): readonly string[];
  /** A fresh thread of that language. */
  thread(language: Language): IsolateThread;
  /** The session has ended. */
  closed(session: Session): void;
}

/** What makes a session special: being recorded, or being replayed. */
export interface SessionMode {
  /** Random seed of the scripts. */
  seed: number;
  /** Makes the tape that every call goes over, when the first execution begins. */
  tape?: ((request: ExecuteRequest, seed: number, target: ReplayTarget) => CallTape) | undefined;
  /** Clock readings of a recording, to be given again instead of the clock's own. */
  effects?: ScriptValue[] | undefined;
}

/** Scripts that share globals: one isolate for each language, one execution at a time. */
export class Session {
  private readonly sides = new Map<Language, ScriptSide>();
  private current: Execution | undefined;
  private tape: CallTape | undefined;
  private closed = false;
  private anticipated = false;

  constructor(
    private readonly services: Services,
    private readonly dispatcher: Dispatcher,
    private readonly surroundings: ExecutionSurroundings & { resolvePath: Call['resolvePath'] },
    private readonly limits: SessionLimits,
    private readonly mode: SessionMode,
  ) {}

  /** The session's id. */
  get id(): string {
    return this.surroundings.sessionId;
  }

  /** How many kernel objects the scripts hold. */
  get heldHandles(): number {
    return [...this.sides.values()].reduce((sum, side) => sum + side.handles.size, 0);
  }

  /** Starts the isolate of a language, so that it is ready when the first execution comes. */
  warmUp(language: Language): void {
    this.side(language);
  }

  /** Runs source. The promise always resolves; what went wrong is in the outcome. */
  async execute(request: ExecuteRequest): Promise<Outcome> {
    if (this.closed) throw fail('session.closed', 'The session is closed');
    if (this.current) throw fail('execution.busy', 'The session is already executing something');
    const { isolate } = this.side(request.language);
    this.tape ??= this.mode.tape?.(request, this.mode.seed, {
      runCallback: (fn, args) => isolate.callFunction(fn, args),
      stop: (error) => this.current?.condemn(error),
      stopAgain: (error) => this.current?.stop('interrupt', error),
    });
    this.current = new Execution(request, isolate, this.surroundings, (error) => this.tape?.stopped(error));
    try {
      const outcome = this.current.outcome();
      this.anticipateOnce(request.source.code);
      return await outcome;
    } finally {
      this.current = undefined;
    }
  }

  /** Stops the running execution; its globals survive if the script yields in time. */
  interrupt(): void {
    this.current?.stop('interrupt', fail('execution.interrupted', 'The execution was interrupted'));
  }

  /** Whether an isolate of this language lives; when it does not, its globals are gone and the next use starts another. */
  alive(language: Language): boolean {
    const side = this.sides.get(language);
    return side !== undefined && !side.isolate.dead;
  }

  /** Names that could continue `text`; none while something is executing. */
  async complete(language: Language, text: string): Promise<string[]> {
    return (await this.side(language).isolate.inquire('complete', text)) ?? [];
  }

  /** Whether `text` could be executed as it is, or needs more lines. */
  async isComplete(language: Language, text: string): Promise<Completeness> {
    return (await this.side(language).isolate.inquire('isComplete', text)) ?? 'complete';
  }

  /** The globals that the scripts of this language have defined. */
  async globals(language: Language): Promise<GlobalVariable[]> {
    return (await this.side(language).isolate.inquire('globals', '')) ?? [];
  }

  /** Ends the isolates and forgets what the scripts held. */
  async close(): Promise<void> {
    this.closed = true;
    this.current?.stop('interrupt', fail('session.closed', 'The session is closed'));
    await Promise.all([...this.sides.values()].map((side) => side.close()));
    this.sides.clear();
    this.tape?.close();
    this.tape = undefined;
    this.limits.closed(this);
  }

  /** While the first script's engine still boots, what it names is loaded. A replay asks for nothing. */
  private anticipateOnce(code: string): void {
    if (this.anticipated || this.mode.effects) return;
    this.anticipated = true;
    anticipate(code, this.dispatcher, this.services);
  }

  private side(language: Language): ScriptSide {
    const known = this.sides.get(language);
    if (known && !known.isolate.dead) return known;
    const side = new ScriptSide(() => this.tape);
    side.isolate = new Isolate(language, this.listenTo(side), {
      memoryBytes: this.limits.memoryBytes(language),
      seed: this.mode.seed,
      withhold: this.limits.withheld(language),
      recording: this.mode.tape !== undefined && this.mode.effects === undefined,
      effects: this.mode.effects,
      thread: this.limits.thread(language),
    });
    this.sides.set(language, side);
    return side;
  }

  private listenTo(side: ScriptSide): IsolateListener {
    return {
      call: (member, handle, args, owner) =>
        this.answer(side, member, handle, args, owner as ExecutionContext | undefined),
      output: (stream, text) => this.current?.output(stream, text),
      log: ({ level, message, module, data }) =>
        this.current?.emit({
          type: 'log',
          level: level as never,
          message,
          ...(module !== undefined && { module }),
          ...(data !== undefined && { data: data as never }),
        }),
      release: (handle, count) => side.handles.release(handle, count),
      effect: (name, value) => this.tape?.effect(name, value),
    };
  }

  private answer(
    side: ScriptSide,
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    owner: ExecutionContext | undefined,
  ): Promise<ScriptValue> {
    const live = () => this.dispatch(side, member, handle, args, owner);
    return this.tape ? this.tape.call(member, handle, args, live) : live();
  }

  private async dispatch(
    side: ScriptSide,
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    owner: ExecutionContext | undefined,
  ): Promise<ScriptValue> {
    const context = owner ?? this.current?.context;
    if (!context) throw fail('session.closed', `${member} was called after the execution had ended`);
    context.signal.throwIfAborted();
    const self = handle === undefined ? undefined : side.handles.resolve(handle);
    return this.dispatcher.run(member, self, args, this.callFor(context, side), side.resolve);
  }

  private callFor(context: ExecutionContext, side: ScriptSide): Call {
    const onInput = this.current?.request.onInput;
    return {
      services: this.services,
      context,
      handle: (kind, object) => side.handles.give(kind, object),
      input: async (all) => onInput?.(all),
      resolvePath: this.surroundings.resolvePath,
    };
  }
}

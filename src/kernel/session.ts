import type { Config } from '../config/types.js';
import { announce, notice } from '../core/around.js';
import type { StepKind } from '../core/component.js';
import type { ExecutionContext } from '../core/context.js';
import { fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { LogLevel } from '../core/events.js';
import type { HookSubject } from '../core/hooks.js';
import type { JsonObject, ScriptValue } from '../core/values.js';
import type { Call, ScriptScope } from '../globals/define.js';
import type { Services } from '../globals/services.js';
import { Isolate, type IsolateListener } from '../script/isolate-handle.js';
import type { IsolateThread } from '../script/isolate-thread.js';
import type { Completeness, FromIsolate, GlobalVariable, Language, Source } from '../script/protocol.js';
import { anticipate } from './anticipate.js';
import { runDirectly } from './direct-run.js';
import type { Dispatcher } from './dispatch.js';
import { type ExecuteRequest, Execution, type ExecutionSurroundings } from './execution.js';
import { HandlerRun } from './handler-run.js';
import { runHookFiles } from './hook-files.js';
import type { KernelMessage, Outcome } from './messages.js';
import { ScriptSide } from './script-side.js';
import type { SessionHooks } from './session-hooks.js';
import type { CallTape, ExecutionEnd, TapeTarget } from './tape.js';

/** What surrounds everything that a session does. */
export type SessionSurroundings = Omit<ExecutionSurroundings, 'hooks'> & {
  hooks: SessionHooks;
  resolvePath: Call['resolvePath'];
};

/** How a session's isolates are made. */
export interface SessionLimits {
  memoryBytes(language: Language): number;
  /** Standard globals that scripts are not to have. */
  withheld(language: Language): readonly string[];
  /** The level at which `Debug` begins to log. */
  readonly logLevel: LogLevel;
  /** A fresh thread of that language. */
  thread(language: Language): IsolateThread;
  /** The session has ended. */
  closed(session: Session): void;
  /** Waits until the handlers of the session's subscriptions have dealt with what is queued, or the signal aborts. */
  drain(session: Session, signal: AbortSignal): Promise<void>;
}

/** What makes a session special: being recorded, or being replayed. */
export interface SessionMode {
  /** Random seed of the scripts. */
  seed: number;
  /** Makes the tape that every call goes over, when the first execution begins. */
  tape?: ((request: ExecuteRequest, seed: number, target: TapeTarget) => CallTape) | undefined;
  /** Clock readings of a recording, to be given again instead of the clock's own. */
  effects?: ScriptValue[] | undefined;
  /** What is replayed goes on live at a step, so what surrounds scripts is there. */
  forks?: boolean | undefined;
}

const SYSTEM: HookSubject = { type: 'System', name: 'session' };

/** Scripts that share globals: one isolate for each language, one execution at a time. */
export class Session {
  private readonly sides = new Map<Language, ScriptSide>();
  /** Where the spells of the configuration live that register hooks. */
  private readonly hookSides = new Map<Language, ScriptSide>();
  private started: Promise<void> | undefined;
  private last: ExecuteRequest | undefined;
  private ending: ExecutionContext | undefined;
  private current: Execution | undefined;
  /** What event handlers do between executions. */
  private handlerRun: HandlerRun | undefined;
  private tape: CallTape | undefined;
  private closed = false;
  private anticipated = false;

  constructor(
    private readonly services: Services,
    private readonly dispatcher: Dispatcher,
    private readonly surroundings: SessionSurroundings,
    private readonly limits: SessionLimits,
    private readonly mode: SessionMode,
    private readonly hookConfig: Pick<Config['hooks'], 'enabled' | 'files' | 'timeout_ms'>,
  ) {
    surroundings.hooks.current = () => this.current?.context;
  }

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
    const outcome = await this.run(request);
    await this.tellOfLimit(outcome);
    return outcome;
  }

  private async run(request: ExecuteRequest): Promise<Outcome> {
    const { isolate } = this.side(request.language);
    this.tape ??= this.mode.tape?.(request, this.mode.seed, this.tapeTarget(isolate));
    this.last = request;
    this.current = new Execution(this.taped(request), isolate, this.surroundings, {
      onStop: (error) => this.tape?.stopped(error),
      settled: (end, signal) => this.settled(end, signal),
    });
    try {
      const outcome = this.current.outcome(this.startUp(this.current));
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

  /** Tells the handlers of `SystemShutdown`, ends the isolates and forgets what the scripts held. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.current?.stop('interrupt', fail('session.closed', 'The session is closed'));
    this.handlerRun?.stop();
    await this.shutDown();
    this.surroundings.hooks.close();
    const sides = [...this.sides.values(), ...this.hookSides.values()];
    await Promise.all(sides.map((side) => side.close()));
    this.sides.clear();
    this.hookSides.clear();
    await this.endHandlerRun();
    this.tape?.close();
    this.tape = undefined;
    this.limits.closed(this);
  }

  private tapeTarget(isolate: Isolate): TapeTarget {
    return {
      secrets: this.surroundings.secrets,
      runCallback: (fn, args, signal, onStart) =>
        isolate.callFunction(fn, args, {
          begin: () => this.context().child('event', 'replay', { signal }),
          onStart,
        }),
      releaseFunction: (fn) => isolate.releaseFunction(fn),
      passStep: (path) => this.passStep(path),
      renameHandles: (names, last) => this.sides.get(isolate.language)?.handles.rename(names, last),
      show: (stream, text) => this.show(stream, text, undefined),
      stop: (error) => this.current?.condemn(error),
      stopAgain: (error) => this.current?.stop('interrupt', error),
    };
  }

  private passStep(path: string): void {
    const [, kind, name] = /^run\/([a-z]+):([^/]+?)(?:\[\d+\])?$/.exec(path) ?? [];
    if (kind && name) this.current?.context.child(kind as StepKind, name).end();
  }

  /** The request, with the steps of the run noted on the tape. */
  private taped(request: ExecuteRequest): ExecuteRequest {
    const { tape } = this;
    if (!tape) return request;
    const onEvent: ExecuteRequest['onEvent'] = (event) => {
      if (event.type === 'component.started') tape.step(event.path);
      request.onEvent?.(event);
    };
    return { ...request, onEvent };
  }

  /** Whether nothing happens but what is in a recording. */
  private get isReplay(): boolean {
    return this.mode.effects !== undefined && !this.mode.forks;
  }

  /** While the first script's engine still boots, what it names is loaded. A replay asks for nothing. */
  private anticipateOnce(code: string): void {
    if (this.anticipated || this.isReplay) return;
    this.anticipated = true;
    anticipate(code, this.dispatcher, this.services);
  }

  /** What is done before the first script: the hooks of the embedding program and of the configuration, `SystemStartup`. */
  private startUp(execution: Execution): (() => Promise<void>) | undefined {
    const { hooks } = this.surroundings;
    const { id: current } = this.services.currentSession;
    const nothing =
      hooks.ready() === undefined && !(this.hookConfig.enabled && this.hookConfig.files.length > 0);
    if (this.isReplay || (nothing && current === undefined && !hooks.has('SystemStartup'))) return undefined;
    return async () => {
      if (current !== undefined)
        await (await this.services.sessions()).sessions.enter(current, execution.context);
      this.started ??= this.start(execution);
      await this.started.catch((thrown) => {
        this.started = undefined;
        throw thrown;
      });
    };
  }

  private async start(execution: Execution): Promise<void> {
    const { hooks, resolvePath } = this.surroundings;
    await hooks.ready();
    if (this.hookConfig.enabled)
      await runHookFiles(this.hookConfig.files, resolvePath, (language, source) =>
        this.runHookFile(execution, language, source),
      );
    const { language, source } = execution.request;
    await announce('SystemStartup', SYSTEM, { language, script: source.name }, execution.context);
  }

  private async runHookFile(main: Execution, language: Language, source: Source): Promise<Outcome> {
    const side = this.sideOf(language, this.hookSides);
    const { onMessage, onEvent } = main.request;
    const streams = (message: KernelMessage) => message.type === 'stream' && onMessage?.(message);
    const request = { language, source, onMessage: streams, onEvent };
    const execution = new Execution(request, side.isolate, this.surroundings);
    const stop = () => execution.stop('interrupt', toLlmspellError(main.context.signal.reason));
    main.context.signal.addEventListener('abort', stop, { once: true });
    side.execution = execution;
    try {
      return await execution.outcome();
    } finally {
      side.execution = undefined;
      main.context.signal.removeEventListener('abort', stop);
    }
  }

  /** Hooks of the configuration that are lost with their engine are registered anew before the next script. */
  private forgetHookSides(): void {
    const sides = [...this.hookSides.values()];
    this.hookSides.clear();
    this.started = undefined;
    for (const side of sides) void side.close();
  }

  /** Bounded by the time that one handler may take, so that ending a session never hangs. */
  private async shutDown(): Promise<void> {
    await this.tapeClosing();
    if (this.isReplay || !this.surroundings.hooks.has('SystemShutdown')) return;
    await this.tell('SystemShutdown', { reason: 'session closed' });
  }

  /** Tells of an execution that ran into a limit. It is over, so its handlers have a run of their own. */
  private async tellOfLimit({ error, run }: Outcome): Promise<void> {
    if (!error || this.isReplay || !this.surroundings.hooks.has('ResourceLimitExceeded')) return;
    const { code, message } = error;
    if (/^(?:budget|limit)\.|^execution\.timeout$/.test(code))
      await this.tell('ResourceLimitExceeded', { limit: code, message, run });
  }

  /** Tells the handlers of a point outside of any execution; bounded by the time that one handler may take. */
  private async tell(point: 'SystemShutdown' | 'ResourceLimitExceeded', data: JsonObject): Promise<void> {
    const signal = AbortSignal.timeout(this.hookConfig.timeout_ms);
    const onEvent = this.last?.onEvent;
    await runDirectly(
      this.surroundings,
      { name: point, kind: 'system', signal, onEvent },
      async (context) => {
        this.ending = context;
        await notice(point, SYSTEM, data, context);
      },
    );
    this.ending = undefined;
  }

  private async tapeClosing(): Promise<void> {
    if (!this.tape) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.hookConfig.timeout_ms);
    });
    await Promise.race([this.tape.closing(), late]);
    clearTimeout(timer);
  }

  private side(language: Language): ScriptSide {
    return this.sideOf(language, this.sides);
  }

  private sideOf(language: Language, sides: Map<Language, ScriptSide>): ScriptSide {
    const known = sides.get(language);
    if (known && !known.isolate.dead) return known;
    const side = new ScriptSide(() => (sides === this.sides ? this.tape : undefined));
    side.isolate = new Isolate(language, this.listenTo(side), {
      memoryBytes: this.limits.memoryBytes(language),
      seed: this.mode.seed,
      withhold: this.limits.withheld(language),
      logLevel: this.limits.logLevel,
      recording: sides === this.sides && this.mode.tape !== undefined,
      effects: sides === this.sides ? this.mode.effects : undefined,
      thread: this.limits.thread(language),
    });
    sides.set(language, side);
    return side;
  }

  private listenTo(side: ScriptSide): IsolateListener {
    return {
      call: (member, handle, args, owner) => this.answer(side, { member, handle, args, owner }),
      output: (stream, text, owner) => this.output(side, stream, text, owner),
      log: (entry, owner) => this.log(side, entry, owner),
      behind: () => (side.execution ?? this.current ?? this.handlerRun)?.behind(),
      release: (handle, count) => side.handles.release(handle, count),
      effect: (name, value) => this.tape?.effect(name, value),
      died: () => {
        side.gone();
        if (this.hookSides.get(side.isolate.language) === side) this.forgetHookSides();
      },
    };
  }

  /** What handlers print between executions belongs to none of them, and is shown where the last one showed its own. */
  private output(
    side: ScriptSide,
    stream: 'stdout' | 'stderr',
    text: string,
    owner: ExecutionContext | undefined,
  ): void {
    const { tape } = this;
    if (tape && !(this.isTaped(side) ? tape.output(stream, text) : tape.shown(stream, text))) return;
    if (side.execution) return side.execution.output(stream, text, owner);
    this.show(stream, text, owner);
  }

  private show(stream: 'stdout' | 'stderr', text: string, owner: ExecutionContext | undefined): void {
    if (this.current) return this.current.output(stream, text, owner);
    const context = owner ?? this.ending ?? (this.tape && this.context());
    context?.emit({ type: 'output', stream, text });
    if (context) this.last?.onMessage?.({ type: 'stream', name: stream, text });
  }

  private log(
    side: ScriptSide,
    { level, message, module, data }: Extract<FromIsolate, { t: 'log' }>,
    owner: ExecutionContext | undefined,
  ): void {
    (owner ?? side.execution ?? this.current ?? this.ending)?.emit({
      type: 'log',
      level: level.toLowerCase() as LogLevel,
      message,
      ...(module !== undefined && { module }),
      ...(data !== undefined && { data: data as never }),
    });
  }

  private answer(side: ScriptSide, call: ScriptCall): Promise<ScriptValue> {
    const live = () => this.dispatch(side, call);
    const { member, handle, args } = call;
    return this.tape && this.isTaped(side) ? this.tape.call(member, handle, args, live) : live();
  }

  /** Whether what crosses here is on the tape: where hooks of the configuration live it is not. */
  private isTaped(side: ScriptSide): boolean {
    return this.sides.get(side.isolate.language) === side;
  }

  private async dispatch(
    side: ScriptSide,
    { member, handle, args, owner }: ScriptCall,
  ): Promise<ScriptValue> {
    const context = owner ?? (side.execution ?? this.current)?.context;
    if (!context) throw fail('session.closed', `${member} was called after the execution had ended`);
    context.signal.throwIfAborted();
    const self = handle === undefined ? undefined : side.handles.resolve(handle);
    return this.dispatcher.run(member, self, args, this.callFor(context, side), side.resolve);
  }

  private callFor(context: ExecutionContext, side: ScriptSide): Call {
    return {
      services: this.services,
      context,
      scope: this.scopeOf(side),
      handle: (kind, object) => side.handles.give(kind, object),
      input: async (all) => this.current?.request.onInput?.(all),
      resolvePath: this.surroundings.resolvePath,
    };
  }

  private scopeOf(side: ScriptSide): ScriptScope {
    return {
      session: this.id,
      language: side.isolate.language,
      context: () => this.context(),
      idle: () => void this.endHandlerRun(),
      emit: (event) => (this.current ?? this.handlerRun?.context)?.emit(event),
      onEnd: (release) => side.onEnd(release),
    };
  }

  /** The context of what is executed; between executions, of what event handlers do. */
  private context(): ExecutionContext {
    if (this.current) return this.current.context;
    this.handlerRun ??= new HandlerRun(this.surroundings, this.last);
    return this.handlerRun.context;
  }

  private async endHandlerRun(): Promise<void> {
    const ended = this.handlerRun;
    this.handlerRun = undefined;
    await ended?.end();
  }

  private async settled(end: ExecutionEnd, signal: AbortSignal): Promise<LlmspellError | undefined> {
    if (end.exitCode === undefined) await this.limits.drain(this, signal);
    return this.tape?.ended(end);
  }
}

/** What a script asks for. */
interface ScriptCall {
  readonly member: string;
  readonly handle: string | undefined;
  readonly args: ScriptValue[];
  /** The context of the handler that asks; absent when the script itself does. */
  readonly owner: ExecutionContext | undefined;
}

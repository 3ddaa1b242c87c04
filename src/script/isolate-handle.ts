import type { MessagePort, Worker } from 'node:worker_threads';
import type { ExecutionContext } from '../core/context.js';
import { errorFromData, errorToData, fail, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { backlogWeight } from './backlog.js';
import { CallStack, type Frame } from './call-stack.js';
import type { ExecutionValue } from './engine.js';
import { interruptThread } from './interrupter.js';
import { type IsolateThread, startThread } from './isolate-thread.js';
import {
  CONTROL,
  type FromIsolate,
  type Inquiries,
  type IsolateSetup,
  type Language,
  type Source,
  STOP,
  type ToIsolate,
} from './protocol.js';

/** What the kernel does for an isolate. */
export interface IsolateListener {
  /**
   * A script calls a member; the answer wakes it.
   * @param owner what the callback was begun with that makes the call; nothing for the execution itself.
   */
  call(
    member: string,
    handle: string | undefined,
    args: ScriptValue[],
    owner: ExecutionContext | undefined,
  ): Promise<ScriptValue>;
  output(stream: 'stdout' | 'stderr', text: string, owner: ExecutionContext | undefined): void;
  log(entry: Extract<FromIsolate, { t: 'log' }>, owner: ExecutionContext | undefined): void;
  /**
   * Resolves when what was output and logged is dealt with; nothing when it is. Until then it counts against the
   * script, which waits when there is too much of it.
   * Contract: does not reject.
   */
  behind?(): Promise<unknown> | undefined;
  release(handle: string, count: number): void;
  effect(name: string, value: ScriptValue): void;
  /** The thread has ended: nothing that scripts handed out can be called any more. */
  died?(): void;
}

/** How an isolate is made. */
export interface IsolateOptions extends Omit<IsolateSetup, 'recording'> {
  recording?: boolean;
  /** A thread that nobody else uses; a new one is started without it. */
  thread?: IsolateThread | undefined;
}

/** How a function of the script is called. */
export interface CallbackOptions {
  /** On whose behalf; see {@link IsolateListener.call}. */
  owner?: ExecutionContext | undefined;
  /**
   * Cuts the function off: it is interrupted, and what waits for it goes on. It rejects with an error whose details say
   * so (`cut`), by which a replay knows that it did not end by itself.
   */
  signal?: AbortSignal | undefined;
  /** The function begins now; until then it waited for the script to wait or end. Contract: must not throw. */
  onStart?: (() => void) | undefined;
  /**
   * Makes the owner when the function begins; the function is cut off when its signal aborts, as with `signal`.
   * Contract: must not throw.
   */
  begin?: (() => ExecutionContext) | undefined;
}

/** Why an execution is stopped from outside. */
export type StopReason = 'interrupt' | 'timeout' | 'budget';

/** Milliseconds an engine may take to start before it counts as stuck. */
const START_MS = 10_000;
/** Milliseconds a script has to yield after it was told to stop; then its thread is ended. */
const GRACE_MS = 500;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: LlmspellError): void;
}

/**
 * The kernel's end of an isolate: a thread with one script engine. One execution at a time; callbacks any time.
 * When the thread dies, everything that waits for it fails and `dead` tells why; the owner starts another.
 */
export class Isolate {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly control: Int32Array;
  private lastId = 0;
  private execution: (Waiting<ExecutionValue> & { id: number }) | undefined;
  private readonly callbacks = new Map<number, Waiting<ScriptValue>>();
  private readonly inquiries = new Map<number, (answer: unknown) => void>();
  private readonly stack = new CallStack<ExecutionContext>();
  private markReady: () => void = () => {};
  private readonly ready = new Promise<void>((resolve) => {
    this.markReady = resolve;
  });
  private stopError: LlmspellError | undefined;
  private death: LlmspellError | undefined;

  constructor(
    readonly language: Language,
    private readonly listener: IsolateListener,
    options: IsolateOptions,
  ) {
    const { thread, ...setup } = options;
    const { worker, port, control } = thread ?? startThread(language);
    this.worker = worker;
    this.port = port;
    this.control = control;
    this.worker.on('error', (error) => this.die(threadError(error)));
    this.worker.on('exit', () => this.die(fail('execution.killed', 'The script engine ended')));
    this.port.on('message', (message: FromIsolate) => this.receive(message));
    this.port.unref();
    this.send({ t: 'setup', recording: false, ...setup });
  }

  /** Why the thread is gone, if it is. */
  get dead(): LlmspellError | undefined {
    return this.death;
  }

  /** Whether an execution is running. */
  get busy(): boolean {
    return this.execution !== undefined;
  }

  /** Runs source to its end. Rejects with what the script failed with, or with the error given to {@link stop}. */
  execute(source: Source): Promise<ExecutionValue> {
    if (this.death) return Promise.reject(this.death);
    if (this.execution)
      return Promise.reject(fail('execution.busy', 'The session is already executing something'));
    this.clearStop();
    this.hold();
    const id = ++this.lastId;
    return new Promise<ExecutionValue>((resolve, reject) => {
      this.execution = { id, resolve, reject };
      this.stack.enter({ id, owner: undefined }, () => this.send({ t: 'execute', id, source }));
    });
  }

  /**
   * Calls a function that the script handed out: while the script waits for a call, and between executions. A
   * script that computes is waited for.
   */
  callFunction(fn: number, args: ScriptValue[], options: CallbackOptions = {}): Promise<ScriptValue> {
    const { owner, signal, onStart, begin } = options;
    if (this.death) return Promise.reject(this.death);
    if (signal?.aborted) return Promise.reject(toLlmspellError(signal.reason, 'component.cancelled'));
    this.hold();
    const id = ++this.lastId;
    const done = new Promise<ScriptValue>((resolve, reject) => {
      this.callbacks.set(id, { resolve, reject });
      const frame: Frame<ExecutionContext> = { id, owner };
      this.stack.enter(frame, () => {
        onStart?.();
        if (begin) this.own(frame, begin());
        this.send({ t: 'callback', id, fn, args });
      });
    });
    return signal ? this.cutOff(id, done, signal) : done;
  }

  /** Nobody will call this function again. */
  releaseFunction(fn: number): void {
    if (!this.death) this.send({ t: 'release-fn', fn });
  }

  /** Asks the engine; undefined while something runs, or when the engine has no answer. */
  inquire<N extends keyof Inquiries>(name: N, text: string): Promise<ReturnType<Inquiries[N]> | undefined> {
    if (this.death || this.execution) return Promise.resolve(undefined);
    this.hold();
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.inquiries.set(id, resolve as (answer: unknown) => void);
      this.send({ t: 'inquire', id, name, text });
    });
  }

  /**
   * Stops the running execution, which then rejects with `error`. The script raises at its next instruction and
   * keeps its globals; if it does not yield within the grace period its thread is ended and they are lost.
   */
  async stop(reason: StopReason, error: LlmspellError): Promise<void> {
    const stopping = this.execution;
    if (!stopping || this.stopError) return;
    this.stopError = error;
    Atomics.store(this.control, CONTROL.stop, STOP[reason]);
    this.wake();
    Atomics.notify(this.control, CONTROL.backlog);
    await this.engineStarted();
    const answered = await interruptThread(this.worker.threadId);
    if (this.execution !== stopping) return;
    if (answered) await this.grace(() => this.execution !== stopping);
    if (this.execution === stopping) await this.kill(killed(error));
  }

  /** Ends the thread. Everything waiting rejects with `error`. */
  async kill(error: LlmspellError = fail('session.closed', 'The session is closed')): Promise<void> {
    this.die(error);
    await this.worker.terminate();
  }

  /** An engine that still boots cannot answer yet; the grace period begins when it could. */
  private async engineStarted(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_MS);
    });
    await Promise.race([this.ready, late]);
    clearTimeout(timer);
  }

  /** The callback belongs to this context from now on, and is cut off with it. */
  private own(frame: Frame<ExecutionContext>, context: ExecutionContext): void {
    const { id } = frame;
    const { signal } = context;
    frame.owner = context;
    const waiting = this.callbacks.get(id)!;
    const stop = () => {
      const error = cutError(signal);
      this.callbacks.set(id, { ...waiting, reject: () => waiting.reject(error) });
      void this.stopCallback(id, error);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    const unwatch = () => signal.removeEventListener('abort', stop);
    this.callbacks.set(id, {
      resolve: (value) => {
        unwatch();
        waiting.resolve(value);
      },
      reject: (error) => {
        unwatch();
        waiting.reject(error);
      },
    });
  }

  /** The callback, stopped when the signal aborts. */
  private async cutOff(id: number, done: Promise<ScriptValue>, signal: AbortSignal): Promise<ScriptValue> {
    const stop = () => void this.stopCallback(id, toLlmspellError(signal.reason, 'component.cancelled'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await done;
    } catch (thrown) {
      throw signal.aborted ? cutError(signal) : thrown;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Interrupts one callback and leaves what runs below it alone; ends the thread if it does not yield. */
  private async stopCallback(id: number, error: LlmspellError): Promise<void> {
    const ended = () => !this.callbacks.has(id);
    if (this.stack.withdraw(id)) return this.settleCallback({ t: 'returned', id, error: errorToData(error) });
    await this.engineStarted();
    // What runs on top of it has limits of its own, and is waited for.
    while (!ended() && this.stack.innermost?.id !== id) await pause();
    if (ended()) return;
    Atomics.store(this.control, CONTROL.stopCallback, id);
    this.wake();
    if (await interruptThread(this.worker.threadId)) await this.grace(ended);
    if (!ended()) await this.kill(killed(error));
  }

  private settleCallback({ id, value, error }: Extract<FromIsolate, { t: 'returned' }>): void {
    const waiting = this.callbacks.get(id);
    this.callbacks.delete(id);
    this.stack.leave(id);
    this.release();
    if (error) waiting?.reject(errorFromData(error));
    else waiting?.resolve(value ?? null);
    if (error?.details?.fatal) void this.kill(errorFromData(error));
  }

  private grace(ended: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const started = performance.now();
      const poll = () => {
        if (ended() || performance.now() - started > GRACE_MS) return resolve();
        setTimeout(poll, 5);
      };
      poll();
    });
  }

  private receive(message: FromIsolate): void {
    this.handle(message);
    const weight = backlogWeight(message);
    if (weight > 0) void this.unburden(weight);
  }

  private handle(message: FromIsolate): void {
    switch (message.t) {
      case 'ready':
        return this.markReady();
      case 'call':
        return void this.answer(message);
      case 'output':
        return this.listener.output(message.stream, message.text, this.stack.innermost?.owner);
      case 'executed':
        return this.finish(message);
      case 'returned':
        return this.settleCallback(message);
      case 'answer':
        return this.answerInquiry(message);
      case 'log':
        return this.listener.log(message, this.stack.innermost?.owner);
      case 'release':
        return this.listener.release(message.handle, message.count);
      case 'effect':
        return this.listener.effect(message.name, message.value);
      default:
    }
  }

  private async answer({ id, member, handle, args }: Extract<FromIsolate, { t: 'call' }>): Promise<void> {
    const answer: Extract<ToIsolate, { t: 'result' }> = { t: 'result', id };
    const owner = this.stack.innermost?.owner;
    try {
      const asked = this.listener.call(member, handle, args, owner);
      // Only now: a function that starts because the script waits comes after the call for which it waits.
      this.stack.wait(id);
      answer.value = await asked;
    } catch (thrown) {
      answer.error = errorToData(toLlmspellError(thrown));
    }
    this.stack.answered(id);
    this.send(answer);
  }

  private answerInquiry({ id, answer }: Extract<FromIsolate, { t: 'answer' }>): void {
    this.inquiries.get(id)?.(answer);
    this.inquiries.delete(id);
    this.release();
  }

  private async unburden(weight: number): Promise<void> {
    await this.listener.behind?.();
    Atomics.sub(this.control, CONTROL.backlog, weight);
    Atomics.notify(this.control, CONTROL.backlog);
  }

  private finish(message: Extract<FromIsolate, { t: 'executed' }>): void {
    const { execution, stopError } = this;
    if (execution?.id !== message.id) return;
    this.execution = undefined;
    this.clearStop();
    this.stack.leave(message.id);
    this.release();
    if (message.error)
      execution.reject(stopError ? merge(stopError, message.error) : errorFromData(message.error));
    else execution.resolve({ value: message.value, text: message.text, exitCode: message.exitCode });
    if (message.error?.details?.fatal) void this.kill(errorFromData(message.error));
  }

  /** Messages first, then the counter: whoever sleeps on it finds the message when it wakes. */
  private send(message: ToIsolate): void {
    try {
      this.port.postMessage(message);
    } catch (thrown) {
      if (message.t !== 'result') throw thrown;
      const error = fail(
        'value.unsupported',
        `A result cannot cross into the script: ${(thrown as Error).message}`,
      );
      this.port.postMessage({ t: 'result', id: message.id, error: errorToData(error) } satisfies ToIsolate);
    }
    this.wake();
  }

  private wake(): void {
    Atomics.add(this.control, CONTROL.wake, 1);
    Atomics.notify(this.control, CONTROL.wake);
  }

  private clearStop(): void {
    this.stopError = undefined;
    Atomics.store(this.control, CONTROL.stop, STOP.none);
  }

  /** Whatever runs and whatever was asked keeps the process alive; an idle isolate does not. */
  private hold(): void {
    this.port.ref();
  }

  private release(): void {
    if (!this.execution && this.inquiries.size + this.callbacks.size === 0) this.port.unref();
  }

  private die(error: LlmspellError): void {
    if (this.death) return;
    this.death = error;
    this.markReady();
    this.execution?.reject(error);
    this.execution = undefined;
    for (const waiting of this.callbacks.values()) waiting.reject(error);
    for (const resolve of this.inquiries.values()) resolve(undefined);
    this.callbacks.clear();
    this.inquiries.clear();
    this.port.close();
    this.listener.died?.();
  }
}

/** A moment, in which messages come in. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

/** Why a thread ended by itself. */
function threadError(error: unknown): LlmspellError {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return toLlmspellError(error);
  return fail('limit.memory', 'The script engine ran out of memory and was ended; its globals are lost', {
    hint: 'Return, print or pass on less at once.',
  });
}

/** The reason from outside, with the place in the script where it struck. */
function merge(reason: LlmspellError, { traceback }: { traceback?: string }): LlmspellError {
  const extras = { hint: reason.hint, details: reason.details, cause: reason };
  const error = fail(reason.code, reason.message, extras as ConstructorParameters<typeof Error>[1]);
  error.traceback = traceback;
  return error;
}

function killed(reason: LlmspellError): LlmspellError {
  if (reason.code.startsWith('budget.')) return reason;
  return fail(
    'execution.killed',
    `${reason.message}; the script did not yield, so its engine was ended and its globals are lost`,
    {
      details: { reason: reason.code },
    },
  );
}

/** Why a callback was cut off. */
function cutError({ reason }: AbortSignal): LlmspellError {
  const { code, message } = toLlmspellError(reason, 'component.timeout');
  return fail(code, message, { details: { cut: true }, cause: reason });
}

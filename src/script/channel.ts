import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { errorFromData, errorToData, fail, toLlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { backlogWeight, MAX_BACKLOG } from './backlog.js';
import { CONTROL, type FromIsolate, STOP, type ToIsolate } from './protocol.js';

type ResultMessage = Extract<ToIsolate, { t: 'result' }>;

/**
 * Runs a callback into the script while it waits for an answer.
 * Contract: may be entered again from inside itself; throws what the script raised.
 */
export type CallbackRunner = (fn: number, args: ScriptValue[]) => ScriptValue;

/**
 * The isolate's end of the wire: asks the kernel and blocks until it answers. While it waits, the kernel can
 * call functions of the script, to any depth; answers that arrive for an outer call are kept for it.
 */
export class SyncChannel {
  private lastId = 0;
  private readonly early = new Map<number, ResultMessage>();
  /** Calls whose answers are awaited; an answer that comes after its call was given up is not kept. */
  private readonly awaited = new Set<number>();
  /** Callbacks that are running, innermost last. */
  private readonly callbacks: number[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly control: Int32Array,
    private readonly runCallback: CallbackRunner,
    private readonly onOther: (message: ToIsolate) => void,
  ) {}

  /** Calls a kernel member; throws what it failed with. */
  call(member: string, handle: string | undefined, args: ScriptValue[]): ScriptValue {
    const id = ++this.lastId;
    this.awaited.add(id);
    try {
      this.send({ t: 'call', id, member, handle, args });
      return this.take(this.answerTo(id));
    } finally {
      this.awaited.delete(id);
      this.early.delete(id);
    }
  }

  /** Sends without waiting. */
  send(message: FromIsolate): void {
    this.port.postMessage(message);
  }

  /**
   * Sends what nobody answers, first waiting while the kernel is far behind: a flood costs time, never memory.
   * Once the script must stop, what does not fit any more is dropped.
   */
  sendPaced(message: FromIsolate): void {
    let backlog = Atomics.load(this.control, CONTROL.backlog);
    while (backlog > MAX_BACKLOG) {
      if (this.stopReason() !== STOP.none) return;
      Atomics.wait(this.control, CONTROL.backlog, backlog, 100);
      backlog = Atomics.load(this.control, CONTROL.backlog);
    }
    Atomics.add(this.control, CONTROL.backlog, backlogWeight(message));
    this.send(message);
  }

  /** One of {@link STOP}. */
  stopReason(): number {
    const reason = Atomics.load(this.control, CONTROL.stop);
    if (reason !== STOP.none || this.callbacks.length === 0) return reason;
    const condemned = Atomics.load(this.control, CONTROL.stopCallback);
    return condemned === this.callbacks.at(-1) ? STOP.callback : STOP.none;
  }

  /** How many callbacks are running inside each other. */
  get runningCallbacks(): number {
    return this.callbacks.length;
  }

  /** Runs a callback and sends back what it gave. */
  answerCallback(message: Extract<ToIsolate, { t: 'callback' }>): void {
    this.callbacks.push(message.id);
    try {
      const value = this.runCallback(message.fn, message.args);
      this.callbacks.pop();
      this.send({ t: 'returned', id: message.id, value });
    } catch (thrown) {
      if (this.callbacks.at(-1) === message.id) this.callbacks.pop();
      this.send({
        t: 'returned',
        id: message.id,
        error: errorToData(toLlmspellError(thrown, 'script.error')),
      });
    }
  }

  private answerTo(id: number): ResultMessage {
    for (;;) {
      const answer = this.early.get(id) ?? this.next();
      if (answer.t === 'result' && answer.id === id) return answer;
      this.handle(answer);
    }
  }

  private take(answer: ResultMessage): ScriptValue {
    if (answer.error) throw errorFromData(answer.error);
    return answer.value ?? null;
  }

  private handle(message: ToIsolate): void {
    if (message.t === 'result') this.keep(message);
    else if (message.t === 'callback') this.answerCallback(message);
    else this.onOther(message);
  }

  private keep(answer: ResultMessage): void {
    if (this.awaited.has(answer.id)) this.early.set(answer.id, answer);
  }

  /** The next message; sleeps until there is one. Throws when the script must stop. */
  private next(): ToIsolate {
    for (;;) {
      const seen = Atomics.load(this.control, CONTROL.wake);
      const received = receiveMessageOnPort(this.port) as { message: ToIsolate } | undefined;
      if (received) return received.message;
      if (this.stopReason() !== STOP.none) throw stopped(this.stopReason());
      Atomics.wait(this.control, CONTROL.wake, seen);
    }
  }
}

/** The error with which a blocked script is told to stop. */
function stopped(reason: number): Error {
  if (reason === STOP.timeout)
    return fail('execution.timeout', 'The execution ran longer than its time limit');
  return fail('execution.interrupted', 'interrupted!');
}

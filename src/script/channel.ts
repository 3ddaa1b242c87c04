import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { errorFromData, errorToData, fail, toLlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import { backlogWeight, MAX_BACKLOG } from './backlog.js';
import { CONTROL, type FromIsolate, STOP, type ToIsolate } from './protocol.js';

type ResultMessage = Extract<ToIsolate, { t: 'result' }>;
type CallbackMessage = Extract<ToIsolate, { t: 'callback' }>;

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
  /** The watched callbacks that run now, innermost last. */
  private readonly inside: number[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly control: Int32Array,
    private readonly runCallback: CallbackRunner,
    private readonly onOther: (message: ToIsolate) => void,
    /** A callback that had to end has unwound; what is around it goes on. */
    private readonly afterCut: () => void = () => {},
  ) {}

  /** The watched callback that runs now. */
  get within(): number | undefined {
    return this.inside.at(-1);
  }

  /** Calls a kernel member; throws what it failed with. */
  call(member: string, handle: string | undefined, args: ScriptValue[]): ScriptValue {
    const id = ++this.lastId;
    this.send({ t: 'call', id, member, handle, args, within: this.within });
    for (;;) {
      const answer = this.early.get(id) ?? this.next();
      if (answer.t === 'result' && answer.id === id) return this.take(answer);
      this.handle(answer);
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
    if (reason !== STOP.none || this.inside.length === 0) return reason;
    return this.inside.includes(Atomics.load(this.control, CONTROL.cut)) ? STOP.callback : STOP.none;
  }

  /** Runs a callback and sends back what it gave. */
  answerCallback(message: CallbackMessage): void {
    try {
      const value = message.watched ? this.runWatched(message) : this.runCallback(message.fn, message.args);
      this.send({ t: 'returned', id: message.id, value });
    } catch (thrown) {
      const error = errorToData(toLlmspellError(thrown, 'script.error'));
      this.send({ t: 'returned', id: message.id, error });
    }
  }

  private runWatched({ id, fn, args }: CallbackMessage): ScriptValue {
    this.send({ t: 'entered', id });
    this.inside.push(id);
    try {
      return this.runCallback(fn, args);
    } finally {
      this.inside.pop();
      if (Atomics.compareExchange(this.control, CONTROL.cut, id, 0) === id) this.afterCut();
    }
  }

  private take(answer: ResultMessage): ScriptValue {
    this.early.delete(answer.id);
    if (answer.error) throw errorFromData(answer.error);
    return answer.value ?? null;
  }

  private handle(message: ToIsolate): void {
    if (message.t === 'result') this.early.set(message.id, message);
    else if (message.t === 'callback') this.answerCallback(message);
    else this.onOther(message);
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

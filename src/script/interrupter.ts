import type { Session } from 'node:inspector';

/** What the isolate's thread offers under this name; see `isolate.ts`. */
const CALL_INTERRUPT = 'globalThis.llmspellInterrupt()';
/** Milliseconds to wait for the thread's inspector to answer. */
const ANSWER_MS = 1_000;

/**
 * Makes a busy isolate call its engine's `interrupt`, in the middle of whatever WebAssembly code it runs.
 *
 * The script pays nothing for this while it runs: the request travels through the inspector, whose
 * `Runtime.evaluate` the thread's V8 serves at its next interrupt check.
 *
 * @param threadId the worker's thread id, by which its inspector target is found.
 * @returns whether the thread answered in time. False means that only ending the thread will stop it.
 */
export function interruptThread(threadId: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = new (process.getBuiltinModule('node:inspector').Session)();
    let finished = false;
    const finish = (answered: boolean) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      session.disconnect();
      resolve(answered);
    };
    const timer = setTimeout(() => finish(false), ANSWER_MS);
    timer.unref();
    try {
      session.connect();
      request(session, threadId, finish);
    } catch {
      finish(false);
    }
  });
}

/** A target's `workerId` counts anew in every inspector session; the thread's own id is in its title. */
interface Attached {
  params: { sessionId: string; workerInfo: { title: string } };
}

/**
 * Nothing is posted from inside a notification: one can arrive in the middle of another request, and ending the
 * session there would pull it away from under the inspector's feet.
 */
function request(session: Session, threadId: number, finish: (answered: boolean) => void): void {
  let target: string | undefined;
  session.on('NodeWorker.attachedToWorker', ({ params }: Attached) => {
    if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return;
    target = params.sessionId;
    setImmediate(evaluate, session, target, finish);
  });
  session.on('NodeWorker.receivedMessageFromWorker', (message: { params: { sessionId: string } }) => {
    if (message.params.sessionId === target) setImmediate(finish, true);
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
    if (error) setImmediate(finish, false);
  });
}

function evaluate(session: Session, target: string, finish: (answered: boolean) => void): void {
  const message = { id: 1, method: 'Runtime.evaluate', params: { expression: CALL_INTERRUPT } };
  try {
    session.post('NodeWorker.sendMessageToWorker', { sessionId: target, message: JSON.stringify(message) });
  } catch {
    finish(false);
  }
}

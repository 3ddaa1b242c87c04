import type { Session } from '../kernel/session.js';

/**
 * Ctrl-C: the first one interrupts the script, which keeps its globals; a second one while it is still
 * stopping ends the process. The returned function gives Ctrl-C back.
 */
export function onInterrupt(session: Session): () => void {
  let asked = 0;
  const handler = () => {
    if (++asked > 1) process.exit(130);
    session.interrupt();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler);
    process.off('SIGTERM', handler);
  };
}

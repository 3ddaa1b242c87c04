import type { ExecutionContext } from '../core/context.js';

/** The most often that one call reports, in milliseconds: journals are not made of progress. */
const INTERVAL_MS = 100;

/**
 * Says how far long work has come.
 * @param fraction from 0 to 1; absent where the end is not in sight
 */
export type Progress = (message: string, fraction?: number) => void;

/** Progress of one tool call in the journal, ten times a second at most; the end (1) is always reported. */
export function progressOf(tool: string, context: ExecutionContext): Progress {
  let last = Number.NEGATIVE_INFINITY;
  return (message, fraction) => {
    const now = context.effects.now();
    if (now - last < INTERVAL_MS && fraction !== 1) return;
    last = now;
    const share = fraction === undefined ? {} : { fraction: Math.min(1, Math.max(0, fraction)) };
    context.emit({ type: 'component.progress', kind: 'tool', name: tool, message, ...share });
  };
}

import { fail } from '../core/errors.js';

/** How what was recorded is replayed. */
export const REPLAY_MODES = ['exact', 'modified', 'simulate', 'debug'] as const;
/** The name of a mode. */
export type ReplayModeName = (typeof REPLAY_MODES)[number];

/** The mode of that name. @throws `replay.mode` */
export function replayMode(name: string): ReplayModeName {
  const found = REPLAY_MODES.find((mode) => mode === name);
  if (found) return found;
  throw fail('replay.mode', `Unknown replay mode: ${name}. Expected: ${REPLAY_MODES.join(', ')}`);
}

import type { HookGate } from './component.js';

/** Nobody listens. */
export const NO_HOOKS: HookGate = {
  has: () => false,
  fire: async (_point, _subject, data) => ({ kind: 'continue', data }),
};

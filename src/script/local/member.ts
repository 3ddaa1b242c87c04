import type { ScriptValue } from '../../core/values.js';

/** A member that runs inside the isolate; absent arguments are `undefined`. */
export type LocalMember = (...args: (ScriptValue | undefined)[]) => ScriptValue | undefined;

import { toJson } from '../core/values.js';
import type { HookHandler } from '../hooks/contract.js';
import { parseAnswer } from '../hooks/results.js';
import type { ScriptFunction } from './define.js';

/** A function of a script as a handler. Its clock begins when the script has time for it. */
export function scriptHandler(fn: ScriptFunction): HookHandler {
  return async (given, services) => {
    const begin = services.hold();
    try {
      const answer = await fn.within(
        services.context,
        [{ ...given, metadata: { ...given.metadata } }],
        begin,
      );
      const { result, metadata } = parseAnswer(toJson(answer));
      Object.assign(given.metadata, metadata);
      return result;
    } finally {
      begin();
    }
  };
}

import type { ExecutionContext } from '../../../core/context.js';
import { toLlmspellError } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';

/** What a check has found out. */
export interface Finding {
  available: boolean;
  /** In a few words. */
  status: string;
  error?: string | undefined;
  metadata: JsonObject;
}

/**
 * Looks at a service. That it is not there is a finding; what is not granted or was asked wrongly is raised, and so is
 * the reason of an abort.
 */
export async function finding(context: ExecutionContext, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    if (context.signal.aborted) throw context.signal.reason;
    const error = toLlmspellError(thrown, 'tool.failed');
    if (error.code.startsWith('permission.') || error.code === 'input.invalid') throw error;
    const { errno } = error.details ?? {};
    return {
      available: false,
      status: error.code === 'component.timeout' ? 'Timed out' : 'Unavailable',
      error: error.message,
      metadata: typeof errno === 'string' ? { errno } : {},
    };
  }
}

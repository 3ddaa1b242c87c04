import { fail, isErrorCode, LlmspellError } from '../../core/errors.js';

/**
 * Does the work; a refused permission keeps its code, hint and details and says first what was not permitted.
 * @param what the beginning of a sentence, e.g. `Starting 'rm'`
 */
export async function permitted<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isRefusal(error) ? refusal(what, error) : error;
  }
}

function isRefusal(error: unknown): error is LlmspellError {
  return error instanceof LlmspellError && isErrorCode(error.code) && error.code.startsWith('permission.');
}

function refusal(what: string, { code, message, hint, details, cause }: LlmspellError): LlmspellError {
  return fail(code, `${what} is not permitted: ${message.replace(/^Permission denied: /, '')}`, {
    ...(hint !== undefined && { hint }),
    ...(details !== undefined && { details }),
    cause,
  });
}

import { type ErrorData, errorFromData, fail, type LlmspellError } from '../../core/errors.js';
import { STOP } from '../protocol.js';
import { cleanStack, syntaxPosition } from './frames.js';
import { isStackOverflow } from './machine.js';

/** What the prelude says about a thrown value. `known` is set for errors that came from the kernel. */
export interface Explanation {
  name: string;
  message: string;
  stack: string;
  known?: ErrorData;
}

/** The error that a thrown value means to the caller, with the script's own traceback. */
export function toScriptError(thrown: Explanation): LlmspellError {
  const error = thrown.known ? errorFromData(thrown.known) : (syntaxError(thrown) ?? plainError(thrown));
  error.traceback = cleanStack(thrown.stack);
  return error;
}

function syntaxError({ name, message, stack }: Explanation): LlmspellError | undefined {
  const position = name === 'SyntaxError' ? syntaxPosition(stack) : undefined;
  if (!position) return undefined;
  const { file, line, column } = position;
  return fail('script.syntax', `${file}:${line}:${column}: ${message}`, { details: { file, line, column } });
}

function plainError({ name, message }: Explanation): LlmspellError {
  if (name === 'InternalError' && message.startsWith('out of memory')) {
    return outOfMemory();
  }
  if (name === 'RangeError' && message.startsWith('Maximum call stack')) {
    return fail('limit.stack', 'The script recursed deeper than the stack allows: too much recursion');
  }
  const hasName = name !== '' && name !== 'Error';
  return fail('script.error', hasName ? (message === '' ? name : `${name}: ${message}`) : message || 'Error');
}

/** Why a script was stopped from outside, with the place where that struck. */
export function stopped(reason: number, thrown: Explanation | undefined): LlmspellError {
  const error =
    reason === STOP.timeout
      ? fail('execution.timeout', 'The execution ran longer than its time limit')
      : fail('execution.interrupted', 'interrupted!');
  error.traceback = thrown && cleanStack(thrown.stack);
  return error;
}

/** The machine broke and must not be used again; the isolate ends when it sees the flag. */
export function fatalError(thrown: unknown, name: string): LlmspellError {
  const details = { fatal: true };
  if (isStackOverflow(thrown)) {
    return fail('limit.stack', `${name}: the script recursed deeper than the stack allows`, { details });
  }
  return fail('limit.memory', `${name}: the script engine ran out of memory and was ended`, { details });
}

/** The script has used up its memory. */
export function outOfMemory(): LlmspellError {
  return fail('limit.memory', 'The script asked for more memory than its limit: out of memory');
}

/** What failed left jobs that keep adding jobs: they would run into whatever is executed next. */
export function endlessJobs(name: string): LlmspellError {
  const message = `${name}: the script left promise jobs that never end, so its engine was ended`;
  return fail('execution.killed', message, { details: { fatal: true } });
}

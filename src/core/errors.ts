import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** What an error carries besides its code and message. */
export interface ErrorExtras {
  /** One sentence: what to do next. */
  hint?: string;
  /** Structured facts for programs (paths, limits, statuses). Must be JSON values and hold no secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** An error as plain data, the form in which it crosses threads and is printed by `--output json`. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
  /** The script's own position and call stack, where the error came from a script. */
  traceback?: string;
}

/** The one error class: a stable `code`, a message that says what was wrong, a hint that says what to do. */
export class LlmspellError extends Error {
  override readonly name = 'LlmspellError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  /** The script's own traceback, set by a script engine. */
  traceback: string | undefined;

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.hint = extras.hint;
    this.details = extras.details;
  }
}

/** Makes an error; `throw fail('tool.not_found', …)` reads as a sentence. */
export function fail(code: ErrorCode, message: string, extras?: ErrorExtras): LlmspellError {
  return new LlmspellError(code, message, extras);
}

/** Whether `code` is one this version knows; guards data that comes from another thread or a file. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}

/** Any thrown value as an `LlmspellError`; foreign errors become `fallback`. */
export function toLlmspellError(thrown: unknown, fallback: ErrorCode = 'internal.error'): LlmspellError {
  if (thrown instanceof LlmspellError) return thrown;
  const message = thrown instanceof Error ? thrown.message : textOf(thrown);
  return new LlmspellError(fallback, message, { cause: thrown });
}

/** Anything can be thrown, even what refuses to become text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'Something was thrown that is neither an error nor text';
  }
}

/** The plain-data form of an error. */
export function errorToData(error: LlmspellError): ErrorData {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.details !== undefined && { details: error.details }),
    ...(error.traceback !== undefined && { traceback: error.traceback }),
  };
}

/** The error that plain data describes; an unknown code becomes `internal.error`. */
export function errorFromData(data: ErrorData): LlmspellError {
  const extras: ErrorExtras = {};
  if (data.hint !== undefined) extras.hint = data.hint;
  if (data.details !== undefined) extras.details = data.details;
  const error = new LlmspellError(
    isErrorCode(data.code) ? data.code : 'internal.error',
    data.message,
    extras,
  );
  error.traceback = data.traceback;
  return error;
}

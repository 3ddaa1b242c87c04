import { fail, LlmspellError } from '../../../core/errors.js';

/** The error for an archive that is not opened any further: it is broken, hostile, or larger than allowed. */
export function refuse(reason: string, details: Record<string, unknown> = {}, hint?: string): LlmspellError {
  return fail('tool.failed', `Archive refused: ${reason}`, { details, ...(hint !== undefined && { hint }) });
}

/** The error for one entry because of which the whole archive is refused. */
export function refuseEntry(entry: string, reason: string): LlmspellError {
  return refuse(`entry ${quote(entry)} ${reason}`, { entry: clip(entry), reason });
}

/** The error for content that cannot be decoded. */
export function corrupt(what: string, cause: unknown): LlmspellError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return fail('tool.failed', `Archive is damaged: ${what}: ${why}`, { details: { damaged: what }, cause });
}

/** A name as a message shows it: control characters escaped, not endless. */
export function quote(name: string): string {
  return JSON.stringify(clip(name));
}

function clip(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}

/** Whether an error says that the archive is damaged, and not that it is refused. */
export function isDamage(error: unknown): error is LlmspellError {
  return error instanceof LlmspellError && error.details?.damaged !== undefined;
}

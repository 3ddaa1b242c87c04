import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { isRecord, type JsonValue } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';

const MOST_BYTES = 1_000_000;
/** Characters of a command line that are shown. */
const MOST_CHARACTERS = 1000;

/**
 * Processes with what they were called with. That often holds secrets, so `/proc` has to be granted for reading.
 * @throws `permission.read`
 */
export async function withCommandLines(processes: JsonValue, context: ExecutionContext): Promise<JsonValue> {
  if (!Array.isArray(processes)) return processes;
  const described: JsonValue[] = [];
  for (const process of processes) {
    if (!isRecord(process)) continue;
    described.push({ ...(process as object), command: await commandLine(Number(process.pid), context) });
  }
  return described;
}

/** Null for what has ended meanwhile. Within the grant for `/proc` no decision is journaled but a refusal. */
async function commandLine(pid: number, context: ExecutionContext): Promise<string | null> {
  try {
    const options = { maxBytes: MOST_BYTES, within: '/proc' };
    const bytes = await readFileGuarded(`/proc/${pid}/cmdline`, context, options);
    return bytes.toString('utf8').replace(/\0+$/, '').replaceAll('\0', ' ').slice(0, MOST_CHARACTERS);
  } catch (error) {
    if (error instanceof LlmspellError && error.code === 'permission.read') throw refused(error);
    context.signal.throwIfAborted();
    return null;
  }
}

function refused(error: LlmspellError): LlmspellError {
  return fail('permission.read', 'Permission denied: what processes were called with is not granted', {
    hint: 'Grant it with --allow-read=/proc or permissions.read in llmspell.toml.',
    ...(error.details && { details: error.details }),
  });
}

import type { ExecutionContext } from '../../core/context.js';
import type { JsonObject } from '../../core/values.js';
import { resolvePath, workingDirectory, writeFileGuarded } from '../../security/files.js';
import { realPath } from '../../security/paths.js';

/** Raises `permission.write` before anything is sent, so that a refusal costs no request. Writing checks again. */
export async function askToSave(path: string, context: ExecutionContext): Promise<void> {
  const real = await realPath(resolvePath(path, workingDirectory(context)));
  await context.permissions.require('write', real, context);
}

/** Writes a body to a file; what the result says about it. */
export async function save(path: string, body: Uint8Array, context: ExecutionContext): Promise<JsonObject> {
  const written = await writeFileGuarded(path, body, context, { maxBytes: body.length });
  return { saved_to: written.path, size_bytes: written.size };
}

import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { fail, LlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import {
  existsGuarded,
  moveGuarded,
  readFileGuarded,
  removeGuarded,
  writeFileGuarded,
} from '../security/files.js';
import { type Call, defineGlobal, member } from './define.js';
import { anyValue, flag, text } from './types.js';

const MAX_SOURCE_BYTES = 10_000_000;

/** Decodes strictly: a script that is not UTF-8 is refused before it is run. */
function decodeSource(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fail('script.encoding', `${name} is not valid UTF-8 text`);
  }
}

/** The answers of the standard library's file functions: values, or nil with a message and an error number. */
async function fileAnswer(work: () => Promise<ScriptValue[]>): Promise<ScriptValue[]> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof LlmspellError) || thrown.code !== 'tool.failed') throw thrown;
    return [null, thrown.message, 2];
  }
}

async function readSource(call: Call, path: string, base: string | undefined): Promise<ScriptValue[]> {
  const resolved = call.resolvePath(path, base);
  try {
    const bytes = await readFileGuarded(resolved, call.context, { maxBytes: MAX_SOURCE_BYTES });
    return [decodeSource(bytes, path), relative(call.resolvePath('.'), resolved) || path];
  } catch (thrown) {
    if (thrown instanceof LlmspellError && thrown.code !== 'tool.failed') throw thrown;
    throw fail('script.module_not_found', `cannot open '${path}': ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
}

/** What the engines’ own libraries ask the kernel for. */
export default defineGlobal({
  name: '@host',
  doc: 'What the engines’ own standard libraries ask the kernel for. Not visible to scripts.',
  hidden: true,
  members: {
    source: member({
      doc: 'The text of a script file and the name to show for it.',
      params: { path: text(), options: z.object({ base: z.string().optional() }).optional() },
      run: (call, { path, options }) => readSource(call, path, options?.base),
    }),
    exists: member({
      doc: 'Whether a readable file is there; what may not be read does not exist.',
      params: { path: text() },
      run: async (call, { path }) => {
        const resolved = call.resolvePath(path);
        if (!call.services.permissions.allows('read', resolved)) return false;
        return existsGuarded(resolved, call.context).catch(() => false);
      },
    }),
    read_file: member({
      doc: 'A file’s bytes; with `missing_ok` a missing file is empty.',
      params: { path: text(), missing_ok: flag().optional() },
      run: (call, { path, missing_ok }) =>
        fileAnswer(async () => {
          const resolved = call.resolvePath(path);
          if (missing_ok && !(await existsGuarded(resolved, call.context))) return [''];
          return [asText(await readFileGuarded(resolved, call.context))];
        }),
    }),
    write_file: member({
      doc: 'Replaces a file, or adds to its end.',
      params: { path: text(), data: anyValue(), append: flag().optional() },
      run: (call, { path, data, append }) =>
        fileAnswer(async () => {
          const bytes = data instanceof Uint8Array ? data : Buffer.from(String(data ?? ''));
          await writeFileGuarded(call.resolvePath(path), bytes, call.context, {
            append: append === true,
            createParents: false,
          });
          return [true];
        }),
    }),
    remove: member({
      doc: 'Deletes a file.',
      params: { path: text() },
      run: (call, { path }) =>
        fileAnswer(async () => {
          await removeGuarded(call.resolvePath(path), call.context);
          return [true];
        }),
    }),
    rename: member({
      doc: 'Moves a file.',
      params: { from: text(), to: text() },
      run: (call, { from, to }) =>
        fileAnswer(async () => {
          await moveGuarded(call.resolvePath(from), call.resolvePath(to), call.context);
          return [true];
        }),
    }),
    tmpname: member({
      doc: 'A name for a temporary file that does not exist.',
      params: {},
      run: (call) => join(tmpdir(), `llmspell_${call.context.effects.uuid()}`),
    }),
    getenv: member({
      doc: 'An environment variable, or nil when it is not set or not granted.',
      params: { name: text() },
      run: (call, { name }) => readVariable(call, name),
    }),
    input: member({
      doc: 'A line of standard input with its newline, or with `all` everything that is left; nil at its end.',
      params: { all: flag().optional() },
      run: (call, { all }) => call.input(all === true),
    }),
    execute: member({
      doc: 'Refuses to start programs; says what to use instead.',
      params: { command: text().optional() },
      run: async (call, { command }) => {
        if (command === undefined) return false;
        await call.context.permissions.require('run', command, call.context);
        throw fail(
          'tool.failed',
          'os.execute starts no shell; use the process-executor tool, which takes a program and its arguments',
        );
      },
    }),
  },
});

/** Scripts write `os.getenv("X") or default`, so what is not granted reads as unset; the journal says why. */
async function readVariable(call: Call, name: string): Promise<ScriptValue> {
  try {
    await call.context.permissions.require('env', name, call.context);
  } catch (thrown) {
    const message = `${(thrown as LlmspellError).message}. ${(thrown as LlmspellError).hint ?? ''}`;
    call.context.emit({ type: 'log', level: 'info', message, module: 'os' });
    return null;
  }
  return Object.hasOwn(call.services.environment, name) ? (call.services.environment[name] ?? null) : null;
}

/** Text where the bytes are UTF-8, the bytes themselves where they are not: nothing is lost on the way. */
function asText(bytes: Uint8Array): ScriptValue {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new Uint8Array(bytes);
  }
}

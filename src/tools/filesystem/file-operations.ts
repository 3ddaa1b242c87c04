import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import {
  copyGuarded,
  type DirectoryEntry,
  existsGuarded,
  listGuarded,
  makeDirGuarded,
  moveGuarded,
  openGuarded,
  readFileGuarded,
  removeGuarded,
  statGuarded,
  writeFileGuarded,
} from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { readPath, writePath } from '../parameters.js';
import { fileOperationsSamples } from './file-operations.samples.js';
import { checkDepth, checkNewDepth } from './operations/depth.js';
import { checkContent, checkExtension, TYPE_BYTES } from './operations/file-types.js';
import { type FileOperationsLimits, fileOperationsLimits } from './operations/limits.js';

const OPERATIONS = [
  'read',
  'write',
  'append',
  'delete',
  'create_dir',
  'list_dir',
  'copy',
  'move',
  'metadata',
  'exists',
] as const;
type Operation = (typeof OPERATIONS)[number];

const inputSchema = z.object({
  operation: z
    .enum(OPERATIONS, {
      error: ({ input }) => {
        const problem =
          input === undefined
            ? "Missing required parameter 'operation'"
            : `Unknown file operation '${String(input)}'`;
        return `${problem}. Allowed values: ${OPERATIONS.join(', ')}`;
      },
    })
    .describe('What to do.'),
  path: writePath('A file or folder.')
    .optional()
    .describe('The file or folder; relative paths start at the working directory.'),
  input: z.string().optional().describe('The content for write and append.'),
  source_path: readPath('A file or folder.').optional().describe('What to copy or move.'),
  target_path: writePath('A path.').optional().describe('Where to copy or move it to.'),
  recursive: z
    .boolean()
    .default(false)
    .describe('create_dir: create missing parents too. delete: also delete a folder with everything in it.'),
  encoding: z
    .enum(['utf8', 'base64'])
    .default('utf8')
    .describe('How content is written in this call: text, or base64 for files that are not UTF-8.'),
});
type Input = z.output<typeof inputSchema>;

/** One operation. Contract: as `ToolDefinition.run`. */
type Work = (input: Input, context: ExecutionContext, limits: FileOperationsLimits) => Promise<ToolOutcome>;

/**
 * The `file-operations` tool.
 * @param limits come before those of `[tools.file_operations]`
 */
export function makeFileOperations(limits: Partial<FileOperationsLimits> = {}) {
  return defineTool({
    name: 'file-operations',
    aliases: ['file-write', 'file-ops'],
    category: 'filesystem',
    level: 'privileged',
    description:
      'Reads, writes, appends, deletes, copies, moves, lists and describes files and folders inside the granted paths.',
    capabilities: ['read', 'write'],
    input: inputSchema,
    parameterAliases: {
      content: 'input',
      file_path: 'path',
      from_path: 'source_path',
      source: 'source_path',
      from: 'source_path',
      to_path: 'target_path',
      target: 'target_path',
      destination: 'target_path',
      to: 'target_path',
    },
    operationAliases: {
      mkdir: 'create_dir',
      create_directory: 'create_dir',
      list: 'list_dir',
      list_directory: 'list_dir',
      ls: 'list_dir',
      dir: 'list_dir',
      cp: 'copy',
      mv: 'move',
      rename: 'move',
      stat: 'metadata',
      info: 'metadata',
      rm: 'delete',
      remove: 'delete',
    },
    samples: fileOperationsSamples,
    run: (input, context, host: ToolHost) =>
      WORK[input.operation](input, context, { ...fileOperationsLimits(host.config), ...limits }),
  });
}

const WORK: Readonly<Record<Operation, Work>> = {
  async read(input, context, limits) {
    const { maxFileSize } = limits;
    const path = need(input, 'path');
    await checkExtension(path, limits, context);
    const bytes = await readFileGuarded(path, context, { maxBytes: maxFileSize });
    const content = input.encoding === 'base64' ? bytes.toString('base64') : decodeText(bytes, path);
    return {
      result: { input: content, content, size: bytes.length },
      text: content,
      message: `Read ${bytes.length} bytes from ${path}`,
      metadata: { file_path: path, file_size: bytes.length },
    };
  },

  async write(input, context, limits) {
    const { maxFileSize, atomicWrites } = limits;
    const [path, bytes] = [need(input, 'path'), encodedInput(input)];
    await checkExtension(path, limits, context);
    checkContent(path, bytes, limits);
    const options = { maxBytes: maxFileSize, atomic: atomicWrites };
    const { size } = await writeFileGuarded(path, bytes, context, options);
    return {
      result: { path, size },
      text: `Wrote ${bytes.length} bytes to ${path}`,
      message: `Wrote ${bytes.length} bytes to ${path}`,
      metadata: { file_path: path, file_size: size },
    };
  },

  async append(input, context, limits) {
    const [path, bytes] = [need(input, 'path'), encodedInput(input)];
    await checkExtension(path, limits, context);
    checkContent(path, bytes, limits);
    const options = { maxBytes: limits.maxFileSize, append: true };
    const { size } = await writeFileGuarded(path, bytes, context, options);
    return done(`Appended ${bytes.length} bytes to ${path}`, { appended_size: bytes.length, size });
  },

  async delete(input, context, { maxDepth }) {
    const path = need(input, 'path');
    if (input.recursive) await checkDepth(path, maxDepth, context);
    const { type } = await removeGuarded(path, context, { recursive: input.recursive });
    return done(`Deleted ${type === 'directory' ? 'directory' : 'file'} ${path}`, { path });
  },

  async create_dir(input, context, { maxDepth }) {
    const path = need(input, 'path');
    if (input.recursive) await checkNewDepth(path, maxDepth, context);
    const { created } = await makeDirGuarded(path, context, { recursive: input.recursive });
    const message = created ? `Created directory ${path}` : `Created directory ${path} (it existed already)`;
    return done(message, { path, recursive: input.recursive, created });
  },

  async list_dir(input, context) {
    const path = need(input, 'path');
    const { entries, truncated } = await listGuarded(path, context);
    const more = truncated ? ' (there are more; only the first are listed)' : '';
    const message = `Found ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'} in ${path}${more}`;
    return {
      message,
      text: [message, ...entries.map(shownEntry)].join('\n'),
      result: { entries: entries.map(describeEntry), count: entries.length, truncated },
    };
  },

  async copy(input, context, limits) {
    const [source, target] = sourceAndTarget(input);
    for (const path of [source, target]) await checkExtension(path, limits, context);
    checkContent(target, await firstBytes(source, context), limits);
    const { size } = await copyGuarded(source, target, context, { maxBytes: limits.maxFileSize });
    return done(`Copied ${source} to ${target}`, { source, target, size });
  },

  async move(input, context, limits) {
    const [source, target] = sourceAndTarget(input);
    const { type } = await statGuarded(source, context, { follow: false });
    if (type === 'file') for (const path of [source, target]) await checkExtension(path, limits, context);
    if (type === 'file') checkContent(target, await firstBytes(source, context), limits);
    await moveGuarded(source, target, context);
    return done(`Moved ${source} to ${target}`, { source, target });
  },

  async metadata(input, context) {
    const path = need(input, 'path');
    const info = await statGuarded(path, context);
    const result = {
      path: info.path,
      type: info.type,
      size: info.size,
      readonly: info.readonly,
      created: timestamp(info.createdMs),
      modified: timestamp(info.modifiedMs),
      accessed: timestamp(info.accessedMs),
    };
    const message = `Retrieved metadata for ${path}`;
    const facts = Object.entries(result).map(([name, value]) => `${name}: ${value}`);
    return { message, text: [message, ...facts].join('\n'), result };
  },

  async exists(input, context) {
    const path = need(input, 'path');
    const exists = await existsGuarded(path, context);
    return done(`${path} ${exists ? 'exists' : 'does not exist'}`, { exists });
  },
};

/** What tells the kind of a file. */
async function firstBytes(path: string, context: ExecutionContext): Promise<Uint8Array> {
  const { handle } = await openGuarded(path, context);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(TYPE_BYTES), 0, TYPE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function done(message: string, result: NonNullable<ToolOutcome['result']>): ToolOutcome {
  return { message, text: message, result };
}

function need(input: Input, name: 'path' | 'input'): string {
  const value = input[name];
  if (value === undefined)
    throw fail('input.invalid', `Operation '${input.operation}' requires '${name}' parameter`);
  return value;
}

function sourceAndTarget(input: Input): [string, string] {
  const source = input.source_path ?? input.path;
  const { target_path: target } = input;
  if (source === undefined || target === undefined)
    throw fail(
      'input.invalid',
      `Operation '${input.operation}' requires 'source_path' and 'target_path' parameters`,
    );
  return [source, target];
}

function encodedInput(input: Input): Buffer {
  const content = need(input, 'input');
  if (input.encoding === 'utf8') return Buffer.from(content);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
    throw fail('input.invalid', "'input' is not valid base64");
  return Buffer.from(content, 'base64');
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fail('tool.failed', `Failed to read '${path}': invalid UTF-8`, {
      hint: 'Pass encoding = "base64" to read files that are not text.',
    });
  }
}

function describeEntry(entry: DirectoryEntry) {
  const { name, path, type, size } = entry;
  return { name, path, type, size, modified: timestamp(entry.modifiedMs) };
}

/** An entry for people: folders end with a slash. */
function shownEntry({ name, type }: DirectoryEntry): string {
  return type === 'directory' ? `${name}/` : name;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** The `file-operations` tool with its usual limits. */
export default makeFileOperations();

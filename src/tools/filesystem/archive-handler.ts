import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { archivePath, readPath, writePath } from '../parameters.js';
import { progressOf } from '../progress.js';
import { createArchive } from './archive/create.js';
import { extractArchive } from './archive/extract.js';
import { FORMAT_NAMES, formatByName, formatOfFile, formatTitle } from './archive/format.js';
import { type ArchiveLimits, archiveLimits } from './archive/limits.js';
import { listArchive } from './archive/list.js';
import { verifyArchive } from './archive/verify.js';
import { archiveHandlerSamples } from './archive-handler.samples.js';
import { compileGlobs } from './glob.js';

const OPERATIONS = ['extract', 'create', 'list', 'test'] as const;

const inputSchema = z.object({
  operation: operationParameter(OPERATIONS).describe(
    'extract: unpack; create: pack; list: name the entries; test: read everything and check it, without unpacking.',
  ),
  path: archivePath('The archive. What it is, its content says; when it is created, the ending of its name.'),
  target_path: writePath('A folder.')
    .optional()
    .describe('extract: the folder to unpack to; it is made when it is missing.'),
  input: z
    .union([
      readPath('A file or folder to pack.'),
      z.array(readPath('A file or folder to pack.')).min(1).max(10_000),
    ])
    .optional()
    .describe('create: the files and folders to pack; folders with everything in them.'),
  base_path: readPath('A folder.')
    .optional()
    .describe('create: names are relative to this folder; otherwise each input is named by its last part.'),
  format: z
    .string()
    .max(16)
    .optional()
    .describe(`create: ${FORMAT_NAMES.join(', ')}; by the name of the archive when absent.`),
  compression_level: z.int().min(0).max(9).default(6).describe('create: from 0 (fast) to 9 (small).'),
  include: z
    .array(z.string().min(1).max(1000))
    .max(1000)
    .optional()
    .describe('extract: only entries whose names match one of these patterns, e.g. "docs/**" or "*.txt".'),
  overwrite: z
    .boolean()
    .default(true)
    .describe('extract: replace files that exist; otherwise they are an error.'),
  limit: z
    .int()
    .min(1)
    .max(50_000)
    .default(1000)
    .describe('list and extract: entries that the result names.'),
});
type Input = z.output<typeof inputSchema>;
type Work = (input: Input, context: ExecutionContext, limits: ArchiveLimits) => Promise<ToolOutcome>;

/** Packs and unpacks ZIP, TAR and compressed files, and refuses archives that were made to do harm. */
export default defineTool({
  name: 'archive-handler',
  aliases: ['archive', 'zip-handler'],
  category: 'filesystem',
  level: 'restricted',
  description:
    'Creates, extracts, lists and tests archives: ZIP, TAR (plain, gz, bz2, xz, zst) and single compressed files.',
  capabilities: ['read', 'write'],
  input: inputSchema,
  parameterAliases: {
    output_path: 'path',
    archive_path: 'path',
    archive: 'path',
    files: 'input',
    source_path: 'input',
    source: 'input',
    inputs: 'input',
    output_dir: 'target_path',
    target: 'target_path',
    destination: 'target_path',
    level: 'compression_level',
  },
  operationAliases: {
    compress: 'create',
    pack: 'create',
    zip: 'create',
    decompress: 'extract',
    unpack: 'extract',
    unzip: 'extract',
    verify: 'test',
    check: 'test',
    ls: 'list',
  },
  timeoutMs: 300_000,
  samples: archiveHandlerSamples,
  run: (input, context, host: ToolHost) => WORK[input.operation](input, context, archiveLimits(host.config)),
});

const WORK: Readonly<Record<Input['operation'], Work>> = {
  async create(input, context, limits) {
    const inputs = [need(input, 'input')].flat();
    const format = writtenFormat(input);
    const options = {
      path: input.path,
      format,
      inputs,
      base: input.base_path,
      level: input.compression_level,
    };
    const { path, archiveSize, gathered, totalSize } = await createArchive(
      options,
      limits,
      context,
      progressOf('archive-handler', context),
    );
    const { files, skipped } = gathered;
    const left = skipped.length > 0 ? `; ${skipped.length} skipped` : '';
    const message = `Created archive with ${counted(files.length)}${left}`;
    return {
      message,
      text: message,
      result: {
        archive_path: path,
        format: formatTitle(format),
        archived_files: files.slice(0, input.limit).map(({ name }) => name),
        file_count: files.length,
        total_size: totalSize,
        archive_size: archiveSize,
        compression_level: input.compression_level,
        skipped: skipped.slice(0, input.limit),
        truncated: Math.max(files.length, skipped.length) > input.limit,
      },
      metadata: { file_path: path, file_size: archiveSize },
    };
  },

  async extract(input, context, limits) {
    const target = need(input, 'target_path');
    const wanted = input.include ? await compileGlobs(input.include) : () => true;
    const { format, files, totalSize, outputDir } = await extractArchive(
      input.path,
      { target, wanted, overwrite: input.overwrite },
      limits,
      context,
      progressOf('archive-handler', context),
    );
    const message = `Extracted ${counted(files.length)}`;
    return {
      message,
      text: message,
      result: {
        format: formatTitle(format),
        extracted_files: files.slice(0, input.limit),
        file_count: files.length,
        total_size: totalSize,
        output_dir: outputDir,
        truncated: files.length > input.limit,
      },
      metadata: { file_path: input.path },
    };
  },

  async list(input, context, limits) {
    const { format, files, fileCount, unsafeCount, truncated } = await listArchive(
      input.path,
      input.limit,
      limits,
      context,
    );
    const message = `Listed ${counted(fileCount)} in ${format} archive`;
    return {
      message,
      text: [message, ...files.map(({ name }) => name), ...(truncated ? ['…'] : [])].join('\n'),
      result: { format, files, file_count: fileCount, unsafe_count: unsafeCount, truncated },
    };
  },

  async test(input, context, limits) {
    const progress = progressOf('archive-handler', context);
    const verdict = await verifyArchive(input.path, limits, context, progress);
    const { format, valid, safe, fileCount, totalSize, problems } = verdict;
    const found = valid ? (safe ? 'no problems' : 'unsafe entries') : 'damage';
    const message = `Tested ${counted(fileCount)} in ${format} archive: ${found}`;
    return {
      message,
      text: message,
      result: { format, valid, safe, file_count: fileCount, total_size: totalSize, problems },
    };
  },
};

function need<Name extends 'input' | 'target_path'>(input: Input, name: Name): NonNullable<Input[Name]> {
  const value = input[name];
  if (value === undefined)
    throw fail('input.invalid', `Operation '${input.operation}' requires '${name}' parameter`);
  return value as NonNullable<Input[Name]>;
}

function writtenFormat({ format, path }: Input) {
  const found = format === undefined ? formatOfFile(path) : formatByName(format);
  if (found) return found;
  const what = format === undefined ? `'${path}' has none of the known endings` : `'${format}'`;
  throw fail(
    'input.invalid',
    `Unsupported archive format: ${what}. Allowed values: ${FORMAT_NAMES.join(', ')}`,
  );
}

function counted(count: number): string {
  return `${count} file${count === 1 ? '' : 's'}`;
}

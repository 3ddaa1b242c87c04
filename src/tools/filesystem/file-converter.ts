import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import { readChunksGuarded } from '../../security/files.js';
import { detectEncoding } from '../data/source/encoding.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { readPath, writePath } from '../parameters.js';
import { progressOf } from '../progress.js';
import { decodeText, type Encoding, encodeText, encodingNamed } from './convert/encodings.js';
import { EXTENSIONS, FILE_FORMATS, formatFor, MARKUP, MAX_BYTES } from './convert/file-formats.js';
import { type ReadOptions, readData, textOf } from './convert/read-data.js';
import { openSource, type Source, sourceBytes, type Written, writeConverted } from './convert/rewrite.js';
import { withIndentation, withLineEndings } from './convert/text-rewrites.js';
import { runTask } from './convert/worker-tasks.js';
import { writeData } from './convert/write-data.js';
import { fileConverterSamples } from './file-converter.samples.js';

/** The largest file whose text is converted unless `tools.file_operations.max_file_size` says otherwise. */
const MAX_TEXT_BYTES = 50_000_000;
/** Bytes that are looked at to tell an encoding. */
const PROBE_BYTES = 65_536;

const inputSchema = z.object({
  operation: operationParameter(['encoding', 'line_endings', 'indentation', 'convert', 'detect']).describe(
    'encoding, line_endings, indentation: rewrite a text; convert: another file format; detect: tell the encoding.',
  ),
  path: readPath('The file to convert.'),
  target_path: writePath('A file.')
    .optional()
    .describe(
      'Where to write. Without it texts are rewritten in place and keep a .backup; convert writes beside.',
    ),
  from_encoding: z
    .string()
    .max(40)
    .optional()
    .describe('The encoding of the file; guessed when absent or "auto".'),
  to_encoding: z
    .string()
    .max(40)
    .optional()
    .describe('encoding: utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, ascii or another usual name.'),
  bom: z
    .enum(['auto', 'add', 'none'])
    .default('auto')
    .describe(
      'encoding: whether to begin with a byte order mark; auto: UTF-16 and UTF-32 do, UTF-8 does not.',
    ),
  line_ending: z
    .preprocess(
      lower,
      z.enum(['lf', 'crlf', 'cr'], { error: 'Invalid line ending. Allowed values: lf, crlf, cr' }),
    )
    .optional()
    .describe('line_endings: lf, crlf or cr.'),
  convert_to_spaces: z
    .boolean()
    .default(true)
    .describe('indentation: spaces instead of tabs; false: tabs instead of spaces.'),
  tab_size: z.int().min(1).max(16).default(4).describe('indentation: columns of a tab.'),
  from_format: z
    .string()
    .max(20)
    .optional()
    .describe(`convert: ${FILE_FORMATS.join(', ')}; by the extension when absent.`),
  to_format: z
    .string()
    .max(20)
    .optional()
    .describe("convert: the same names; by the target's extension when absent."),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe('convert: what divides the cells of CSV; guessed when read.'),
  has_header: z.boolean().default(true).describe('convert: the first row of a table names its columns.'),
  infer_types: z
    .boolean()
    .default(true)
    .describe('convert: numbers, true and false in CSV become such values.'),
  sheet: z
    .string()
    .max(100)
    .optional()
    .describe('convert: name or number of the sheet of a workbook; the first.'),
  indent: z.int().min(0).max(10).default(2).describe('convert: spaces for each level of JSON and XML.'),
  escape_formulas: z
    .boolean()
    .default(true)
    .describe('convert: put an apostrophe before text that a spreadsheet would run as a formula.'),
});
type Input = z.output<typeof inputSchema>;
type Work = (input: Input, context: ExecutionContext, config: ToolHost['config']) => Promise<ToolOutcome>;

/** Rewrites texts (encoding, line ends, indentation) and converts data and prose between file formats. */
export default defineTool({
  name: 'file-converter',
  category: 'filesystem',
  level: 'restricted',
  description:
    'Converts the encoding, line ends and indentation of text files, and files between JSON, YAML, TOML, XML, CSV, XLSX, Markdown and HTML.',
  capabilities: ['read', 'write'],
  cost: 'process',
  input: inputSchema,
  parameterAliases: {
    source_path: 'path',
    file_path: 'path',
    input_path: 'path',
    input: 'path',
    output_path: 'target_path',
    encoding: 'to_encoding',
    format: 'to_format',
    use_spaces: 'convert_to_spaces',
  },
  operationAliases: {
    convert_encoding: 'encoding',
    detect_encoding: 'detect',
    line_ending: 'line_endings',
    convert_line_endings: 'line_endings',
    convert_indentation: 'indentation',
    indent: 'indentation',
    convert_format: 'convert',
    format: 'convert',
  },
  timeoutMs: 120_000,
  samples: fileConverterSamples,
  run: (input, context, host: ToolHost) => WORK[input.operation](input, context, host.config),
});

const WORK: Readonly<Record<Input['operation'], Work>> = {
  async encoding(input, context, config) {
    const to = await encodingNamed(need(input, 'to_encoding'));
    const mark = input.bom === 'auto' ? to.name !== 'utf-8' : input.bom === 'add';
    const extra = { to_encoding: to.name };
    return rewriteText(input, context, config, extra, (texts) => encodeText(texts, to, mark));
  },

  async line_endings(input, context, config) {
    const ending = need(input, 'line_ending');
    return rewriteText(input, context, config, { line_ending: ending }, (texts, same) =>
      same(withLineEndings(texts, ending)),
    );
  },

  async indentation(input, context, config) {
    const { convert_to_spaces: spaces, tab_size } = input;
    return rewriteText(input, context, config, { convert_to_spaces: spaces, tab_size }, (texts, same) =>
      same(withIndentation(texts, spaces, tab_size)),
    );
  },

  async detect(input, context, config) {
    const source = await openSource(input.path, textLimit(config), context);
    const { encoding, marked, start } = await encodingOf(source, input, context);
    const text = await decodedStart(start, encoding);
    const result = {
      encoding: encoding.name,
      bom: marked,
      line_ending: lineEndingOf(text),
      size: source.size,
    };
    const message = `${source.path} is ${encoding.name}${marked ? ' with a byte order mark' : ''}`;
    return { result: { path: source.path, ...result }, text: message, message };
  },

  async convert(input, context, config) {
    const from = formatFor(input.from_format, input.path, 'from_format');
    const to = formatFor(input.to_format, input.target_path, 'to_format');
    const source = await openSource(input.path, Math.min(MAX_BYTES[from], textLimit(config)), context);
    const target = input.target_path ?? besides(input.path, EXTENSIONS[to]);
    const options = readOptions(input, config);
    const extra = { from_format: from, to_format: to };
    if (MARKUP.has(from) && MARKUP.has(to)) {
      const written = await writeConverted(
        source,
        target,
        markup(source, from, to, options, context),
        context,
      );
      return done(input, source, written, extra);
    }
    const value = await readData(source, from, options, context);
    const style = { delimiter: input.delimiter, indent: input.indent, escapeFormulas: input.escape_formulas };
    const written = await writeConverted(source, target, writeData(value, to, style, context), context);
    return done(input, source, written, { ...extra, ...(Array.isArray(value) && { records: value.length }) });
  },
};

/** Texts that are changed, and what makes bytes of them in the encoding that the file has. */
type Rewrite = (
  texts: AsyncIterable<string>,
  same: (texts: AsyncIterable<string>) => AsyncIterable<Uint8Array>,
) => AsyncIterable<Uint8Array>;

async function rewriteText(
  input: Input,
  context: ExecutionContext,
  config: ToolHost['config'],
  extra: Record<string, string | number | boolean>,
  rewrite: Rewrite,
): Promise<ToolOutcome> {
  const source = await openSource(input.path, textLimit(config), context);
  const { encoding, marked } = await encodingOf(source, input, context);
  const bytes = sourceBytes(source, context, progressOf('file-converter', context));
  const same = (texts: AsyncIterable<string>) => encodeText(texts, encoding, marked);
  const written = await writeConverted(
    source,
    input.target_path,
    rewrite(decodeText(bytes, encoding), same),
    context,
  );
  return done(input, source, written, { from_encoding: encoding.name, ...extra });
}

async function encodingOf(source: Source, { from_encoding: named }: Input, context: ExecutionContext) {
  const start = await firstBytes(source, context);
  const guess = named === undefined || named.toLowerCase() === 'auto';
  const encoding = await encodingNamed(guess ? await detectEncoding(start) : named);
  const { mark } = encoding;
  const marked = mark.length > 0 && mark.every((byte, i) => start[i] === byte);
  return { encoding, marked, start };
}

async function firstBytes({ path, size }: Source, context: ExecutionContext): Promise<Uint8Array> {
  for await (const chunk of readChunksGuarded(path, context, { maxBytes: size }))
    return chunk.subarray(0, PROBE_BYTES);
  return new Uint8Array(0);
}

async function decodedStart(start: Uint8Array, encoding: Encoding): Promise<string> {
  const parts: string[] = [];
  try {
    for await (const part of decodeText(one(start), encoding)) parts.push(part);
  } catch {
    // The last character may be cut off.
  }
  return parts.join('');
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function lineEndingOf(text: string): string {
  const kinds = new Set(text.match(/\r\n|\r|\n/g));
  if (kinds.size !== 1) return kinds.size === 0 ? 'none' : 'mixed';
  return kinds.has('\n') ? 'lf' : kinds.has('\r') ? 'cr' : 'crlf';
}

async function* markup(
  source: Source,
  from: string,
  to: string,
  options: ReadOptions,
  context: ExecutionContext,
): AsyncGenerator<Uint8Array> {
  const text = await textOf(source, options, context);
  if (from === to) yield Buffer.from(text);
  else
    yield Buffer.from(
      await runTask(to === 'html' ? 'markdownToHtml' : 'htmlToMarkdown', { text }, context.signal),
    );
}

function readOptions(input: Input, config: ToolHost['config']): ReadOptions {
  const { from_encoding: encoding, delimiter, has_header: header, infer_types: typed, sheet } = input;
  const guessed = encoding?.toLowerCase() === 'auto' ? undefined : encoding;
  return { encoding: guessed, delimiter, header, typed, sheet, maxDepth: config.data?.max_json_depth ?? 180 };
}

function done(
  { operation, path }: Input,
  source: Source,
  written: Written,
  extra: Record<string, string | number | boolean>,
): ToolOutcome {
  const kept = written.backup === undefined ? '' : `; the file as it was is ${written.backup}`;
  const message = `Converted ${path} to ${written.path}${kept}`;
  return {
    message,
    text: message,
    result: {
      input_path: source.path,
      output_path: written.path,
      operation,
      size: written.size,
      ...extra,
      ...(written.backup !== undefined && { backup_path: written.backup }),
    },
    metadata: { file_path: written.path, file_size: written.size },
  };
}

/** The same name with another extension. */
function besides(path: string, extension: string): string {
  return `${path.replace(/\.[^./\\]*$/, '')}.${extension}`;
}

function textLimit(config: ToolHost['config']): number {
  return config.file_operations?.max_file_size ?? MAX_TEXT_BYTES;
}

function need<Name extends 'to_encoding' | 'line_ending'>(
  input: Input,
  name: Name,
): NonNullable<Input[Name]> {
  const value = input[name];
  if (value === undefined)
    throw fail('input.invalid', `Missing required parameter '${name}' of operation '${input.operation}'`);
  return value as NonNullable<Input[Name]>;
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

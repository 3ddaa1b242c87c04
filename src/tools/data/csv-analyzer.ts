import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonValue } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { readPath, writePath } from '../parameters.js';
import { type Derive, type ExportPlan, exported } from './csv/export.js';
import { parseFilter } from './csv/filter.js';
import { FORMATS, type Format, type Options, optionsOf, optionsSchema } from './csv/options.js';
import { analyze, parse, validate } from './csv/reports.js';
import { firstRows, randomRows, seededRandom } from './csv/sample.js';
import { type CsvTable, type TableFormat, type TableSource, withTable } from './csv/table.js';
import { planTransformation } from './csv/transform.js';
import { csvSamples } from './csv-analyzer.samples.js';
import { patternCompiler } from './linear-pattern.js';

const OPERATIONS = [
  'analyze',
  'parse',
  'convert',
  'write',
  'filter',
  'transform',
  'validate',
  'sample',
] as const;

/** Bytes of CSV that are read unless configured otherwise; a file is streamed, so it may be large. */
const MAX_BYTES = 10_000_000_000;
/** Ten minutes: a file of several gigabytes is read at some tens of megabytes a second. */
const TIMEOUT_MS = 600_000;

const input = z
  .object({
    operation: operationParameter(OPERATIONS).default('analyze').describe('What to do.'),
    input: z
      .union([
        z.string(),
        z.array(z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())])),
        z.strictObject({}).transform((): [] => []),
      ])
      .optional()
      .describe('The CSV text, or a list of rows (objects or lists); or give a path.'),
    path: readPath('A CSV file.').optional().describe('The CSV file to read instead of input; any size.'),
    output_path: writePath(
      'Where to write what convert, write, filter, transform and sample give.',
    ).optional(),
    options: z
      .union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))])
      .default({})
      .describe(
        `How to read, what to do and how to write: ${Object.entries(optionsSchema.shape)
          .map(([name, field]) => `${name} (${field.description})`)
          .join('; ')}`,
      ),
  })
  // Options that stand beside `options`.
  .catchall(z.unknown());
type Input = z.output<typeof input>;

/** Analyzes, checks, filters, changes and converts CSV. */
export default defineTool({
  name: 'csv-analyzer',
  aliases: ['csv-processor', 'csv'],
  category: 'data',
  level: 'restricted',
  description:
    'Analyzes CSV (types, gaps, statistics), filters, transforms, samples and validates it, and converts it to JSON, TSV, Parquet and Excel.',
  capabilities: ['read', 'write'],
  input,
  parameterAliases: {
    data: 'input',
    csv: 'input',
    csv_data: 'input',
    content: 'input',
    rows: 'input',
    file: 'path',
    file_path: 'path',
    input_path: 'path',
    target_path: 'output_path',
    output: 'output_path',
    query: 'filter',
    condition: 'filter',
    target_format: 'format',
    output_format: 'format',
    rename: 'rename_columns',
    n: 'size',
  },
  operationAliases: {
    query: 'filter',
    select: 'filter',
    stringify: 'write',
    read: 'parse',
    to_json: 'parse',
    analyse: 'analyze',
    stats: 'analyze',
    head: 'sample',
  },
  timeoutMs: TIMEOUT_MS,
  samples: csvSamples,
  run: (request, context, host) => perform(request, optionsOf(request), context, host),
});

async function perform(
  request: Input,
  options: Options,
  context: ExecutionContext,
  host: ToolHost,
): Promise<ToolOutcome> {
  const source = sourceOf(request);
  const format = formatOf(options, host);
  const open = <T>(work: (table: CsvTable) => Promise<T>) => withTable(source, format, context, work);
  switch (request.operation) {
    case 'analyze':
      return open((table) => analyze(table, options));
    case 'parse':
      return open((table) => parse(table, options));
    case 'validate':
      return open((table) => validate(table, options));
    default: {
      const plan: ExportPlan = {
        format: outputFormat(request, options),
        path: request.output_path,
        options,
        open,
      };
      return exported(await deriveOf(request.operation, options, context), plan, context);
    }
  }
}

function sourceOf({ input: given, path }: Input): TableSource {
  if (path !== undefined && given !== undefined)
    throw fail('input.invalid', "Give either 'input' or 'path', not both");
  if (path !== undefined) return { path };
  if (given === undefined) throw fail('input.invalid', "Missing required parameter 'input' (or 'path')");
  return typeof given === 'string' ? { text: given } : { rows: given as JsonValue[] };
}

function formatOf(options: Options, host: ToolHost): TableFormat {
  return {
    delimiter: options.delimiter,
    quote: options.quote,
    comment: options.comment,
    hasHeaders: options.has_headers,
    encoding: options.encoding,
    maxBytes: host.config.data?.max_csv_size ?? MAX_BYTES,
  };
}

/** As it was asked for, else by the name of the file; only `convert` must be told. */
function outputFormat({ operation, output_path }: Input, { format }: Options): Format {
  const extension = output_path?.split('.').at(-1)?.toLowerCase();
  const named = FORMATS.find((known) => known === extension);
  const found = format ?? named ?? (operation === 'convert' ? undefined : 'csv');
  if (found) return found;
  throw fail('input.invalid', "Missing required parameter 'format'", {
    hint: `Set options.format to one of ${FORMATS.join(', ')}.`,
  });
}

type Deriving = 'convert' | 'write' | 'filter' | 'transform' | 'sample';

/** What makes the rows that go out; it may be used twice on the same input and then gives the same. */
async function deriveOf(operation: Deriving, options: Options, context: ExecutionContext): Promise<Derive> {
  switch (operation) {
    case 'convert':
    case 'write':
      return (table) => ({ columns: table.columns, batches: table.batches() });
    case 'filter':
      return filtering(options);
    case 'transform':
      return transforming(options);
    case 'sample':
      return sampling(options, context);
  }
}

async function filtering({ filter }: Options): Promise<Derive> {
  if (filter === undefined) throw fail('input.invalid', "Missing required parameter 'filter'");
  const patternOf = await patternCompiler();
  return (table) => {
    const test = parseFilter(filter, table.columns, patternOf);
    return { columns: table.columns, batches: mapped(table.batches(), (rows) => rows.filter(test)) };
  };
}

function transforming(options: Options): Derive {
  return (table) => {
    const plan = planTransformation(table.columns, {
      rename: options.rename_columns,
      add: options.add_columns,
      drop: options.drop_columns,
      select: options.select_columns,
    });
    const unknown = (column: string) => table.problems.add(`A cell of '${column}' could not be worked out`);
    const batches = mapped(table.batches(), (rows) => rows.map((row) => plan.apply(row, unknown)));
    return { columns: plan.columns, batches };
  };
}

function sampling({ size, method, seed }: Options, context: ExecutionContext): Derive {
  const start = seed ?? Math.floor(context.effects.random() * 2 ** 32);
  return (table) => {
    async function* sample() {
      const batches = table.batches();
      yield method === 'random'
        ? await randomRows(batches, size, seededRandom(start))
        : await firstRows(batches, size);
    }
    return { columns: table.columns, batches: sample() };
  };
}

async function* mapped(batches: AsyncIterable<string[][]>, change: (rows: string[][]) => string[][]) {
  for await (const batch of batches) yield change(batch);
}

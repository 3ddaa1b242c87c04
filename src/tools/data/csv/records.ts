import { fail } from '../../../core/errors.js';
import type { Problems } from './problems.js';

/** The most bytes of one record; more than that is a quote that nobody closed. */
const MAX_RECORD_BYTES = 4_000_000;
/** The most columns of a table: what a spreadsheet has. */
export const MAX_COLUMNS = 16_384;

/** How the text is divided. */
export interface Dialect {
  delimiter: string;
  quote: string;
  /** Begins a line that is no record; empty for none. */
  comment: string;
}

/**
 * The records of a CSV text in UTF-8, as many at a time as a chunk held. What cannot be read is noted in
 * `problems` and left out.
 */
export async function* recordBatches(
  chunks: AsyncIterable<Uint8Array>,
  dialect: Dialect,
  problems: Problems,
): AsyncGenerator<string[][], void, undefined> {
  const parser = await openParser(dialect, problems);
  for await (const chunk of chunks) {
    const intact = await parser.write(chunk);
    yield parser.take();
    if (!intact) return;
  }
  await parser.end();
  yield parser.take();
}

/** A parser that hands out the records of a chunk at once; its stream would take twice as long. */
interface RecordParser {
  /** False when the rest cannot be read. */
  write(chunk: Uint8Array): Promise<boolean>;
  end(): Promise<void>;
  take(): string[][];
}

async function openParser(dialect: Dialect, problems: Problems): Promise<RecordParser> {
  const { Parser } = await import('csv-parse');
  let batch: string[][] = [];
  const parser = new (class extends Parser {
    override push(record: string[] | null): boolean {
      if (record !== null) batch.push(record);
      return true;
    }
  })(parserOptions(dialect, problems));
  // Errors arrive through the callbacks of write and end.
  parser.on('error', () => {});
  const done = (resolve: (intact: boolean) => void) => (error?: Error | null) => resolve(!error);
  return {
    write: (chunk) => new Promise<boolean>((resolve) => parser.write(chunk, done(resolve))),
    end: async () => {
      await new Promise<boolean>((resolve) => {
        parser.once('error', () => resolve(false));
        parser.end(() => resolve(true));
      });
    },
    take: () => {
      const taken = batch;
      batch = [];
      for (const record of taken) if (record.length > MAX_COLUMNS) throw tooWide(record.length);
      return taken;
    },
  };
}

function parserOptions({ delimiter, quote, comment }: Dialect, problems: Problems) {
  return {
    bom: true,
    delimiter,
    quote: quote === '' ? null : quote,
    comment: comment === '' ? null : comment,
    comment_no_infix: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_BYTES,
    on_skip: (error: (Error & { code?: string }) | undefined): undefined => {
      problems.add(explained(error));
      // The parser cannot go on after this one; throwing makes it say so.
      if (error?.code === 'CSV_MAX_RECORD_SIZE') throw error;
    },
  };
}

function explained(error: (Error & { code?: string; lines?: number }) | undefined): string {
  if (error?.code === 'CSV_MAX_RECORD_SIZE')
    return `A record that ends after line ${error.lines} is larger than ${MAX_RECORD_BYTES} bytes: is a quote left open? The rest was not read`;
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') return error.message.replace(/^[^:]*: /, 'Quote not closed: ');
  return error?.message ?? 'A record could not be read';
}

function tooWide(columns: number) {
  return fail('input.invalid', `A row has ${columns} columns, at most ${MAX_COLUMNS} are read`);
}

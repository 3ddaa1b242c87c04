import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ToolsConfig } from '../../../config/types.js';
import type { ExecutionContext } from '../../../core/context.js';
import { fail, LlmspellError } from '../../../core/errors.js';
import { readFileGuarded } from '../../../security/files.js';
import { isNotFound } from '../../../security/io-error.js';
import { runInWorker } from '../../worker.js';
import { ALL_PAGES, type PageRange } from './page-ranges.js';
import type { RawDocument } from './raw-document.js';
import { PDF_SOURCE } from './worker-source.js';

/** Bytes a PDF may have unless configured otherwise. */
const MAX_PDF_BYTES = 50_000_000;
/** Pages that one call reads unless configured otherwise. */
const MAX_PAGES = 1000;
/** Milliseconds that reading may take. */
const TIMEOUT_MS = 45_000;
/** Megabytes of heap, and bytes of memory altogether, that reading may take. */
const HEAP_MB = 384;
const MEMORY_BYTES = 1_200_000_000;
/** What is taken of one page, and of all pages together. */
const PAGE_LIMITS = { items: 10_000, chars: 200_000, totalChars: 20_000_000, outline: 1000 };
/** Pixels an image may have. */
const IMAGE_PIXELS = 50_000_000;

/** What to read of a document. */
export interface ReadingTask {
  /** All pages when absent. */
  pages?: readonly PageRange[];
  password?: string | undefined;
  text?: boolean;
  /** How many images, and how many bytes of PNG: 0 lists them only. */
  images?: { count: number; bytes: number };
  /** Metadata, outline, attachments. */
  facts?: boolean;
}

type Problem = { problem: { name: string; message: string; code: number } };

/**
 * Reads a PDF in a process of its own, which a hostile file can neither leave nor keep busy for ever.
 * @throws `input.invalid` for a missing or wrong password and for pages that do not exist, `tool.failed` for what is no
 *   PDF, `component.timeout`, `limit.memory`, `permission.read`, and the signal's reason
 */
export async function readDocument(
  path: string,
  task: ReadingTask,
  context: ExecutionContext,
  config: ToolsConfig['document'] = {},
): Promise<{ document: RawDocument; size: number }> {
  const bytes = await pdfBytes(path, context, config.max_pdf_size ?? MAX_PDF_BYTES);
  if (task.password !== undefined && task.password !== '') context.secrets.add(task.password);
  const reply = await work(workOrder(bytes, task, config), context);
  if ('problem' in reply) throw readingError(path, reply.problem, task.password);
  refuseMissingPages(reply, task.pages);
  return { document: reply, size: bytes.length };
}

async function pdfBytes(path: string, context: ExecutionContext, maxBytes: number): Promise<Buffer> {
  const bytes = await readFileGuarded(path, context, { maxBytes }).catch((error: unknown) => {
    if (error instanceof LlmspellError && error.message.includes('exceeds maximum'))
      throw fail('tool.failed', `PDF file too large: ${error.message}`, { details: error.details ?? {} });
    if (isNotFound(error)) throw fail('tool.failed', `PDF file not found: '${path}'`, { details: { path } });
    throw error;
  });
  if (bytes.length === 0) throw fail('tool.failed', `PDF extraction failed: '${path}' is empty`);
  return bytes;
}

function workOrder(bytes: Buffer, task: ReadingTask, config: NonNullable<ToolsConfig['document']>) {
  const { pages = ALL_PAGES, password, text = false, images, facts = false } = task;
  return {
    module: pdfJsPath(),
    cmaps: characterMaps(),
    bytes,
    password,
    ranges: pages,
    task: { text, images: images !== undefined, facts },
    limits: {
      ...PAGE_LIMITS,
      pages: config.max_pages ?? MAX_PAGES,
      images: images?.count ?? 0,
      imageBytes: images?.bytes ?? 0,
      imagePixels: IMAGE_PIXELS,
      memoryBytes: MEMORY_BYTES,
    },
  };
}

function work(order: unknown, { signal }: ExecutionContext): Promise<RawDocument | Problem> {
  const limits = { timeoutMs: TIMEOUT_MS, memoryMb: HEAP_MB, signal };
  return runInWorker<RawDocument | Problem>(PDF_SOURCE, order, limits).catch((error: unknown) => {
    if (error instanceof LlmspellError && error.code === 'component.timeout')
      throw fail('component.timeout', `PDF extraction timed out after ${TIMEOUT_MS / 1000} s`);
    throw error;
  });
}

/** The engine stands beside the package's entry, which is the only file of it that `require` may name. */
function pdfJsPath(): string {
  return join(dirname(createRequire(import.meta.url).resolve('unpdf')), 'pdfjs.mjs');
}

/** The tables of the East Asian encodings, where the package that carries them is installed. */
function characterMaps(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'cmaps', '/');
  } catch {
    return undefined;
  }
}

function readingError(path: string, { name, message, code }: Problem['problem'], password?: string): Error {
  if (name === 'PasswordException') {
    const wrong = code === 2 && password !== undefined;
    return fail('input.invalid', `'${path}' is protected: the password is ${wrong ? 'wrong' : 'missing'}`, {
      hint: 'Pass the password as password.',
      details: { path },
    });
  }
  return fail('tool.failed', `PDF extraction failed for '${path}': ${message}`, {
    hint: 'Check that the file is a complete PDF.',
    details: { path, reason: name },
  });
}

function refuseMissingPages({ pageCount }: RawDocument, pages: readonly PageRange[] = ALL_PAGES): void {
  const beyond = pages.find(([first]) => first > pageCount);
  if (!beyond) return;
  const many = pageCount === 1 ? '1 page' : `${pageCount} pages`;
  throw fail('input.invalid', `Page ${beyond[0]} does not exist: the document has ${many}`, {
    details: { page: beyond[0], page_count: pageCount },
  });
}

import { createRequire } from 'node:module';
import { fail, LlmspellError } from '../../../core/errors.js';
import { runInWorker } from '../../worker.js';
import { READER_SOURCE } from './reader-source.js';

/** Elements to find, and what of them is wanted. */
export interface Pick {
  selector: string;
  /** Most elements. */
  limit: number;
  text?: boolean;
  /** The text, block by block. */
  lines?: boolean;
  /** Outer HTML. */
  html?: boolean;
  /** Outer HTML of elements without text. */
  htmlWhenEmpty?: boolean;
  attributes?: readonly string[] | 'all';
}

/** What to read of a page. */
export interface ReadJob {
  text: string;
  /** Where the page came from. */
  url: string;
  xml: boolean;
  picks: readonly Pick[];
  tables?: { limit: number; rows: number; columns: number } | undefined;
  /** The text of the whole page. */
  lines?: boolean;
  /** The page's main text, without what is around it. */
  article?: boolean;
  /** Whether runs of white space become one space. */
  collapse: boolean;
  /** Most characters of everything together. */
  maxText: number;
}

/** One element as found. */
export interface Hit {
  text?: string;
  lines?: string[];
  html?: string;
  attributes?: Record<string, string>;
}

/** A cell as it stands in its row. */
export interface Cell {
  text: string;
  header: boolean;
  colspan: number;
  rowspan: number;
}

/** The main text of a page. */
export interface Article {
  title?: string | null;
  byline?: string | null;
  excerpt?: string | null;
  siteName?: string | null;
  lang?: string | null;
  publishedTime?: string | null;
  text: string;
  html: string;
}

/** What was read. */
export interface PageContent {
  title: string;
  language: string;
  /** What references on the page are relative to. */
  base: string;
  /** One per pick, in order. */
  picks: { total: number; hits: Hit[] }[];
  tables: { total: number; tables: { caption: string; total: number; rows: Cell[][] }[] } | null;
  lines: string[] | null;
  article: Article | null;
  /** Whether `maxText` was reached. */
  truncated: boolean;
}

/** How long reading may take. */
export interface ReadLimits {
  signal: AbortSignal;
  /** Seconds that the caller has for a page; reading takes between 5 and 20 of them. */
  timeout?: number | undefined;
}

type Reply = PageContent | { invalid: { selector: string; message: string } };

const MEMORY_MB = 1024;
/** Seconds in which the largest real pages are read; a page made to take longer is given up. */
const MOST_SECONDS = 20;
/** A process needs some of them to start. */
const LEAST_SECONDS = 5;

/**
 * Reads a page in a process of its own: pages come from anybody, and a few kilobytes can keep a parser or a
 * selector busy for hours.
 * @throws `input.invalid` for a bad selector, `tool.failed`, `component.timeout` and `limit.memory` for a page
 *   that cannot be read, or the signal's reason.
 */
export async function readPage(job: ReadJob, limits: ReadLimits): Promise<PageContent> {
  const { signal, timeout } = limits;
  const { resolve } = createRequire(import.meta.url);
  const packages = {
    parse5: resolve('parse5'),
    linkedom: resolve('linkedom'),
    readability: resolve('@mozilla/readability'),
  };
  const seconds = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, timeout ?? MOST_SECONDS));
  const work = { timeoutMs: seconds * 1000, memoryMb: MEMORY_MB, signal };
  const reply = await runInWorker<Reply>(READER_SOURCE, { ...packages, ...job }, work).catch((error) => {
    throw readError(error, seconds);
  });
  if (!('invalid' in reply)) return reply;
  const { selector, message } = reply.invalid;
  throw fail('input.invalid', `Invalid CSS selector '${selector}': ${message}`, {
    hint: 'Standard CSS, and :contains(text); not :first or :eq().',
  });
}

function readError(error: unknown, seconds: number): unknown {
  if (!(error instanceof LlmspellError)) return error;
  if (error.code === 'component.timeout')
    return fail('component.timeout', `Reading the page took longer than ${seconds} s`, {
      hint: 'Narrow the selector, or leave out what is not needed.',
    });
  if (error.code === 'limit.memory')
    return fail('limit.memory', 'Reading the page needed more memory than a tool may take');
  if (error.message.includes('call stack'))
    return fail('tool.failed', 'The page is nested too deeply to be read');
  return error;
}

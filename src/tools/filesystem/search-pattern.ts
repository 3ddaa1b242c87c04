import { Worker } from 'node:worker_threads';
import { fail, type LlmspellError } from '../../core/errors.js';

/** Where a pattern was found: the line's index, the column's index in UTF-16 units, the matched length. */
export type Hit = readonly [line: number, column: number, length: number];

/** Finds a pattern in lines. Owned by one search, which disposes it. */
export interface LineMatcher {
  /** The first `limit` hits, in order. Rejects with `component.timeout` or the signal's reason. */
  find(lines: string[], limit: number): Promise<Hit[]>;
  dispose(): Promise<void>;
}

/** How to read a search pattern and when to give up. */
export interface PatternOptions {
  useRegex: boolean;
  caseSensitive: boolean;
  signal: AbortSignal;
  /** Milliseconds that all `find` calls together may spend matching. */
  budgetMs: number;
  /** The clock that measures them. */
  now(): number;
}

/** Lines searched between two turns of the event loop. */
const SLICE = 2000;

/**
 * The matching loop of the regex thread. A regular expression can take for ever on a harmless-looking line, and
 * nothing in its own thread can stop it; here only the thread is lost.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const pattern = new RegExp(workerData.source, workerData.flags);
parentPort.on('message', ({ lines, limit }) => {
  const hits = [];
  for (let line = 0; line < lines.length && hits.length < limit; line++) {
    pattern.lastIndex = 0;
    for (let match; hits.length < limit && (match = pattern.exec(lines[line])); ) {
      hits.push([line, match.index, match[0].length]);
      if (match[0] === '') pattern.lastIndex++;
    }
  }
  parentPort.postMessage(hits);
});`;

/**
 * A matcher for a pattern. Literal text is found here, overlapping, in slices that let the event loop turn;
 * regular expressions run in a thread that ends when their time is up. Raises `input.invalid` for a pattern
 * that is none.
 */
export function createMatcher(pattern: string, options: PatternOptions): LineMatcher {
  if (options.useRegex) return new RegexMatcher(compile(pattern, options.caseSensitive), options);
  return new LiteralMatcher(pattern, options);
}

/** Reads a regular expression; leading inline flags such as `(?i)` are understood. */
export function compile(pattern: string, caseSensitive: boolean): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  const source = inline ? pattern.slice(inline[0].length) : pattern;
  const flags = [...new Set(`g${caseSensitive ? '' : 'i'}${inline?.[1] ?? ''}`)].join('');
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return compileLoosely(source, flags, pattern);
  }
}

/** Without the `u` flag, escapes that mean nothing (`\-`, `\_`) stand for themselves. */
function compileLoosely(source: string, flags: string, pattern: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw fail('input.invalid', `Invalid regex pattern '${pattern}': ${(error as Error).message}`);
  }
}

class LiteralMatcher implements LineMatcher {
  private readonly pattern: RegExp;

  constructor(
    text: string,
    private readonly options: PatternOptions,
  ) {
    const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    this.pattern = new RegExp(escaped, options.caseSensitive ? 'gu' : 'giu');
  }

  async find(lines: string[], limit: number): Promise<Hit[]> {
    const hits: Hit[] = [];
    for (let line = 0; line < lines.length && hits.length < limit; line++) {
      if (line % SLICE === SLICE - 1) await nextTurn();
      this.options.signal.throwIfAborted();
      this.findIn(lines[line]!, line, limit, hits);
    }
    return hits;
  }

  async dispose(): Promise<void> {}

  private findIn(text: string, line: number, limit: number, hits: Hit[]): void {
    this.pattern.lastIndex = 0;
    while (hits.length < limit) {
      const match = this.pattern.exec(text);
      if (!match) return;
      hits.push([line, match.index, match[0].length]);
      this.pattern.lastIndex = match.index + 1;
    }
  }
}

class RegexMatcher implements LineMatcher {
  private worker: Worker | undefined;
  private leftMs: number;

  constructor(
    private readonly pattern: RegExp,
    private readonly options: PatternOptions,
  ) {
    this.leftMs = options.budgetMs;
  }

  async find(lines: string[], limit: number): Promise<Hit[]> {
    const { signal } = this.options;
    signal.throwIfAborted();
    const worker = (this.worker ??= this.start());
    const started = this.options.now();
    try {
      return await answer<Hit[]>(worker, { lines, limit }, signal, this.leftMs, () => this.outOfTime());
    } catch (error) {
      await this.dispose();
      throw error;
    } finally {
      this.leftMs -= this.options.now() - started;
    }
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    const { source, flags } = this.pattern;
    return new Worker(THREAD, {
      eval: true,
      workerData: { source, flags },
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
  }

  private outOfTime(): LlmspellError {
    return fail('component.timeout', `The search took longer than ${this.options.budgetMs} ms`, {
      hint: 'Nested quantifiers such as (a+)+ make a regular expression explode; simplify it or narrow the search.',
    });
  }
}

/** Posts a message and waits for the reply, the thread's failure, the time limit or the signal. */
function answer<T>(
  worker: Worker,
  message: unknown,
  signal: AbortSignal,
  limitMs: number,
  outOfTime: () => LlmspellError,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // Only our own: the thread's object listens to itself too, and goes deaf without that.
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const onMessage = (reply: T) => end(() => resolve(reply));
    const onError = (error: Error) => end(() => reject(crashed(error)));
    const onExit = () => end(() => reject(fail('tool.failed', 'The search thread ended')));
    const onAbort = () => end(() => reject(signal.reason));
    const timer = setTimeout(() => end(() => reject(outOfTime())), Math.max(0, limitMs));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}

function crashed(error: Error & { code?: string }): LlmspellError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return fail('limit.memory', 'The search needed more memory than a tool may take');
  return fail('tool.failed', `The search failed: ${error.message}`, { cause: error });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { createRequire } from 'node:module';
import { fail, LlmspellError } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import { runInWorker } from '../../worker.js';
import { CONVERT_SOURCE } from './worker-source.js';

/** Milliseconds for one task. */
const TIMEOUT_MS = 60_000;
const MEMORY_MB = 768;

const MODULES = {
  readYaml: 'yaml',
  writeYaml: 'yaml',
  readToml: 'smol-toml',
  writeToml: 'smol-toml',
  markdownToHtml: 'marked',
  htmlToMarkdown: 'turndown',
} as const;

/** A text to read, or a value to write. */
type Given = { text: string } | { value: JsonValue };

/**
 * Reads or writes a format in a process of its own: a few kilobytes can keep these parsers busy for minutes.
 * @returns text; for what is read, JSON
 * @throws `input.invalid` for a text that is not of the format, `component.timeout`, `limit.memory`
 */
export async function runTask(
  task: keyof typeof MODULES,
  given: Given,
  signal: AbortSignal,
): Promise<string> {
  const module = createRequire(import.meta.url).resolve(MODULES[task]);
  const limits = { timeoutMs: TIMEOUT_MS, signal, memoryMb: MEMORY_MB };
  try {
    return await runInWorker<string>(CONVERT_SOURCE, { task, module, ...given }, limits);
  } catch (error) {
    if (!(error instanceof LlmspellError) || error.code !== 'tool.failed') throw error;
    throw fail(task.startsWith('read') ? 'input.invalid' : 'tool.failed', firstLines(error.message), {
      cause: error,
    });
  }
}

function firstLines(message: string): string {
  return message.trim().split('\n').slice(0, 6).join('\n').slice(0, 1000);
}

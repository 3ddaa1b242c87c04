import { type Invocation, option } from '../command.js';

/** A result in the forms in which it may be asked for. */
export interface Result {
  /** The document of `--output json`; a list is one line per item with `jsonl`. */
  json: unknown;
  /** What people read. A missing newline at the end is added. Contract: must not throw. */
  text(): string;
  /** For `--output pretty`; the document with indentation when absent. Contract: as {@link text}. */
  pretty?(): string;
}

/** Prints a result on stdout in the format that was asked for. */
export function printResult(
  invocation: Invocation,
  result: Result,
  format = option(invocation, 'output'),
): void {
  invocation.terminal.out(endLine(rendered(result, format)));
}

function rendered({ json, text, pretty }: Result, format: string | undefined): string {
  if (format === 'json') return JSON.stringify(json);
  if (format === 'jsonl') return lines(json);
  if (format === 'pretty') return pretty ? pretty() : JSON.stringify(json, null, 2);
  return text();
}

function lines(json: unknown): string {
  return Array.isArray(json) ? json.map((item) => JSON.stringify(item)).join('\n') : JSON.stringify(json);
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

import { fail } from '../core/errors.js';
import type { ToolResult } from './result.js';

/** Characters and numbers that one result may hold, all together; a large text counts once, however often it is mentioned. */
export const MAX_RESULT_SIZE = 64_000_000;

const LARGE_TEXT = 16_384;

/** Raises `limit.output` for a result that is too large to give back. */
export function checkResultSize(tool: string, result: ToolResult): void {
  // `output` and `data` are the same values once more.
  const { output: _text, data: _result, ...own } = result;
  if (sizeUpTo(own, MAX_RESULT_SIZE, new Set()) <= MAX_RESULT_SIZE) return;
  throw fail('limit.output', `The result of ${tool} is larger than a call may give back`, {
    hint: 'Ask for less at a time, or let the tool write to a file.',
    details: { limit: MAX_RESULT_SIZE },
  });
}

/** About how large a value is as JSON; stops counting once it is past the limit. */
function sizeUpTo(value: unknown, limit: number, seen: Set<string>): number {
  if (typeof value === 'string') return textSize(value, seen);
  if (value === null || typeof value !== 'object') return 8;
  let size = 2;
  for (const [key, part] of Object.entries(value)) {
    size += key.length + 4 + sizeUpTo(part, limit - size, seen);
    if (size > limit) break;
  }
  return size;
}

function textSize(text: string, seen: Set<string>): number {
  if (text.length < LARGE_TEXT) return text.length + 2;
  if (seen.has(text)) return 8;
  seen.add(text);
  return text.length;
}

/** Lets through so many calls in any minute. */
export class RateLimit {
  private readonly calls: number[] = [];

  constructor(private readonly perMinute: number) {}

  /** Counts a call. @throws `limit.rate`, with the seconds to wait in its details */
  take(now: number): void {
    while (this.calls.length > 0 && this.calls[0]! <= now - 60_000) this.calls.shift();
    if (this.calls.length >= this.perMinute) {
      const seconds = Math.ceil((this.calls[0]! + 60_000 - now) / 1000);
      throw fail('limit.rate', `More than ${this.perMinute} tool calls a minute`, {
        hint: `Wait ${seconds} seconds, or raise tools.rate_limit_per_minute.`,
        details: { limit: this.perMinute, retry_after_seconds: seconds },
      });
    }
    this.calls.push(now);
  }
}

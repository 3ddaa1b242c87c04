import { describe, expect, it } from 'vitest';
import { checkResultSize, MAX_RESULT_SIZE, RateLimit } from './limits.js';
import { toolResult } from './result.js';

describe('limits of tool calls', () => {
  it('lets ordinary results through and refuses enormous ones', () => {
    const huge = 'x'.repeat(MAX_RESULT_SIZE / 4);
    expect(() => checkResultSize('t', toolResult('t', {}, { result: [huge] }))).not.toThrow();
    const repeated = Array.from({ length: 5 }, () => huge);
    expect(() => checkResultSize('t', toolResult('t', {}, { result: repeated, text: huge }))).not.toThrow();
    const result = Array.from({ length: 5 }, (_, at) => at + huge);
    expect(() => checkResultSize('t', toolResult('t', {}, { result, text: '' }))).toThrow(
      expect.objectContaining({ code: 'limit.output' }),
    );
  });

  it('lets so many calls through in any minute', () => {
    const rate = new RateLimit(2);
    rate.take(0);
    rate.take(30_000);
    expect(() => rate.take(59_000)).toThrow(
      expect.objectContaining({ code: 'limit.rate', details: { limit: 2, retry_after_seconds: 1 } }),
    );
    expect(() => rate.take(60_001)).not.toThrow();
  });
});

import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'datetime-handler',
  programs: ['date'],
  prepare: () => ({
    text: execFileSync('date', ['-u', '-R', '-d', '@1705315800'], { encoding: 'utf8' }).trim(),
  }),
  input: (_dir, { text }) => ({ operation: 'parse', input: text }),
  check: ({ result }) =>
    expect(result).toMatchObject({ parsed: { timestamp: 1705315800, weekday: 'Monday' } }),
});

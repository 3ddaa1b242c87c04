import { expect, it } from 'vitest';
import { fail } from '../core/errors.js';
import { errorText } from './print-error.js';

it('shows what a server said without letting it steer the terminal', () => {
  const error = fail('tool.failed', 'It said: \x1b[2J\x1b]0;title\x07\r\nnext\tline', { hint: 'Try \x9b1m' });
  error.traceback = 'at \x1b[31mspell.lua';
  const text = errorText(error, false);
  expect(text).toContain('It said: \\u001b[2J\\u001b]0;title\\u0007\\u000d\nnext\tline\n');
  expect(text).toContain('Hint: Try \\u009b1m');
  expect(text).not.toMatch(/[\x1b\x07\x9b\r]/);
});

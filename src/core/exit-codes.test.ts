import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';
import { EXIT, exitCodeOf } from './exit-codes.js';

test.each<[ErrorCode, keyof typeof EXIT]>([
  ['usage.invalid', 'usage'],
  ['script.error', 'failure'],
  ['config.invalid', 'failure'],
  ['provider.timeout', 'failure'],
  ['execution.busy', 'failure'],
  ['execution.interrupted', 'cancelled'],
  ['execution.timeout', 'cancelled'],
  ['execution.killed', 'cancelled'],
  ['component.cancelled', 'cancelled'],
  ['component.timeout', 'cancelled'],
  ['budget.tokens', 'budget'],
  ['permission.read', 'permission'],
])('%s ends with the code for %s', (code, exit) => {
  expect(exitCodeOf(code)).toBe(EXIT[exit]);
});

test('no error ends as if all were well or Ctrl-C had been pressed', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    expect([EXIT.failure, EXIT.usage, EXIT.cancelled, EXIT.budget, EXIT.permission], code).toContain(
      exitCodeOf(code),
    );
  }
});

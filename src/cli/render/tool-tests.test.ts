import { expect, it } from 'vitest';
import { testReportText } from './tool-tests.js';

const RESULTS = [
  {
    tool: 'adder',
    samples: [
      { title: 'Adds', passed: true, error: { code: 'input.invalid' as const, message: 'expected' } },
      { title: 'Subtracts', passed: false, problem: 'result.sum is 4 instead of 3' },
    ],
  },
  { tool: 'bare', samples: [] },
];

it('shows each sample, why it failed, and the totals', () => {
  expect(testReportText(RESULTS, false)).toBe(`adder
  pass  Adds
  FAIL  Subtracts
        result.sum is 4 instead of 3
bare
  (no samples)

2 samples of 2 tools: 1 passed, 1 failed
`);
});

it('shows what passing samples gave when it should be verbose', () => {
  expect(testReportText(RESULTS, true)).toContain('  pass  Adds\n        raised input.invalid: expected\n');
});

import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'calculator',
  programs: ['awk'],
  prepare: () => ({
    expected: Number(execFileSync('awk', ['BEGIN { print sqrt(2) * 3 ^ 4 }'], { encoding: 'utf8' })),
  }),
  input: () => ({ input: 'sqrt(2) * x ^ 4', variables: { x: 3 } }),
  check: ({ result }, _dir, { expected }) =>
    expect((result as { result: number }).result).toBeCloseTo(Number(expected), 3),
});

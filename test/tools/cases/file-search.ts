import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'file-search',
  programs: ['sh', 'seq'],
  prepare(dir) {
    execFileSync('sh', ['-c', 'mkdir deep && seq 1 1000 > deep/numbers.txt'], { cwd: dir });
    return undefined;
  },
  input: (dir) => ({ pattern: '^77.$', use_regex: true, path: dir, recursive: true, context_lines: 0 }),
  check({ result }) {
    const { matches } = result as { matches: { matched_text: string; line_number: number }[] };
    expect(matches.map((match) => match.line_number)).toEqual([
      770, 771, 772, 773, 774, 775, 776, 777, 778, 779,
    ]);
  },
});

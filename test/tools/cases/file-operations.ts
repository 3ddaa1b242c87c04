import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'file-operations',
  programs: ['sh', 'seq'],
  prepare: (dir) => void execFileSync('sh', ['-c', 'seq 1 1000 > numbers.txt'], { cwd: dir }),
  input: (dir) => ({ operation: 'read', path: join(dir, 'numbers.txt') }),
  check: ({ text, metadata }) => {
    expect(text.split('\n').slice(-3)).toEqual(['999', '1000', '']);
    expect(metadata).toMatchObject({ file_size: 3893 });
  },
});

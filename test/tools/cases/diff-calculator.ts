import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'diff-calculator',
  programs: ['diff', 'sh'],
  prepare(dir) {
    const run = (script: string) => execFileSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' });
    run(
      'seq 1 200 > old.txt; sed -e 7d -e "s/^120$/one hundred and twenty/" -e "\\$a end" old.txt > new.txt',
    );
    return { patch: run('diff -u old.txt new.txt; true') };
  },
  input: (dir, { patch }) => ({
    operation: 'apply',
    old_file: join(dir, 'old.txt'),
    patch,
    output_file: join(dir, 'patched.txt'),
  }),
  check(answer, dir) {
    expect(answer).toMatchObject({ success: true, operation: 'apply', result: { type: 'text' } });
    expect(readFileSync(join(dir, 'patched.txt'))).toEqual(readFileSync(join(dir, 'new.txt')));
  },
});

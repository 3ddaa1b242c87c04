import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

/** A granted program works on a file that another program made. */
export default toolCase({
  tool: 'process-executor',
  programs: ['openssl', 'sha256sum'],
  prepare: (dir) => {
    execFileSync('openssl', ['rand', '-out', 'random.bin', '5000'], { cwd: dir });
    return undefined;
  },
  input: (dir) => ({
    executable: 'sha256sum',
    arguments: ['--binary', 'random.bin'],
    working_directory: dir,
    check: true,
  }),
  flags: () => ['--allow-run=sha256sum'],
  check: (result, dir) => {
    const hash = createHash('sha256')
      .update(readFileSync(join(dir, 'random.bin')))
      .digest('hex');
    expect(result).toMatchObject({
      success: true,
      operation: 'execute',
      result: { exit_code: 0, success: true, stdout: `${hash} *random.bin\n`, stderr: '', timed_out: false },
    });
  },
});

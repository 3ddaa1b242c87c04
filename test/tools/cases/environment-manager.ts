import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

/** The variables that a shell exported. */
export default toolCase({
  tool: 'environment-manager',
  programs: ['dash'],
  prepare: (dir) => {
    const script =
      'STAGE=test GREETING="two words" DB_PASSWORD=hunter2canary dash -c "unset PWD OLDPWD; export -p"';
    const exported = execFileSync('env', ['-i', 'PATH=/usr/bin:/bin', 'dash', '-c', script], {
      encoding: 'utf8',
    });
    const lines = exported.split('\n').filter((line) => !/^export (?:PATH|PWD|OLDPWD)/.test(line));
    writeFileSync(join(dir, 'shell.env'), lines.join('\n'));
    return undefined;
  },
  input: (dir) => ({ operation: 'load', profile: 'shell', file_path: `${dir}/shell.env`, replace: true }),
  check: (result) => {
    expect(result).toMatchObject({ success: true, result: { profile: 'shell', skipped: [], count: 3 } });
    expect((result.result as { loaded: string[] }).loaded.sort()).toEqual([
      'DB_PASSWORD',
      'GREETING',
      'STAGE',
    ]);
    expect(JSON.stringify(result)).not.toContain('canary');
  },
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'archive-handler',
  programs: ['tar', 'xz'],
  prepare(dir) {
    mkdirSync(join(dir, 'site/pages'), { recursive: true });
    writeFileSync(join(dir, 'site/index.html'), '<h1>Home</h1>\n');
    writeFileSync(join(dir, 'site/pages/über uns.html'), '<h1>Über uns</h1>\n'.repeat(5000));
    execFileSync('tar', ['-cJf', 'site.tar.xz', 'site'], { cwd: dir });
    return undefined;
  },
  input: (dir) => ({
    operation: 'extract',
    path: join(dir, 'site.tar.xz'),
    target_path: join(dir, 'unpacked'),
  }),
  check(answer, dir) {
    expect(answer).toMatchObject({
      success: true,
      text: 'Extracted 2 files',
      result: { format: 'TAR.XZ', file_count: 2, total_size: 95_014 },
    });
    for (const name of ['index.html', 'pages/über uns.html'])
      expect(readFileSync(join(dir, 'unpacked/site', name))).toEqual(readFileSync(join(dir, 'site', name)));
  },
});

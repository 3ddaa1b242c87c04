import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'http-requester',
  programs: ['python3', 'gzip'],
  prepare(dir) {
    execFileSync('sh', ['-c', 'seq 1000 | gzip -n > numbers.gz'], { cwd: dir });
    return fileServer(dir);
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (dir, { url }) => ({ input: `${url}/numbers.gz`, save_to: join(dir, 'saved.gz') }),
  check({ result }, dir) {
    expect(result).toMatchObject({
      status_code: 200,
      headers: { server: expect.stringContaining('SimpleHTTP') },
      saved_to: join(dir, 'saved.gz'),
    });
    expect(readFileSync(join(dir, 'saved.gz'))).toEqual(readFileSync(join(dir, 'numbers.gz')));
  },
  close: stopServer,
});

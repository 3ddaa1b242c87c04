import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'url-analyzer',
  programs: ['python3'],
  prepare(dir) {
    const site = join(dir, 'site');
    mkdirSync(site, { recursive: true });
    writeFileSync(join(site, 'data.json'), '{"a": 1}');
    return fileServer(site);
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({ url: `${url}/data.json?q=a%20b&q=c#top`, fetch_metadata: true }),
  check({ result }, _dir, { port }) {
    expect(result).toMatchObject({
      host: '127.0.0.1',
      port,
      path: '/data.json',
      query_params: { q: 'c' },
      duplicate_params: ['q'],
      fragment: 'top',
      metadata: {
        status_code: 200,
        content_type: 'application/json',
        content_length: 8,
        server: expect.stringContaining('Python'),
      },
    });
  },
  close: stopServer,
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fileServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'webpage-monitor',
  programs: ['python3'],
  prepare(dir) {
    const site = join(dir, 'site');
    mkdirSync(site, { recursive: true });
    writeFileSync(
      join(site, 'status.html'),
      '<nav>ignored</nav><div id="status"><p>All systems</p>\n<p>run  well</p><p>since noon</p></div>',
    );
    return fileServer(site);
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({
    url: `${url}/status.html`,
    selector: '#status',
    previous_content: 'All systems\nare down',
  }),
  check({ result, text }) {
    expect(result).toMatchObject({
      has_changes: true,
      current_content: 'All systems\nrun well\nsince noon',
      changes: [
        {
          type: 'modification',
          old_line: 2,
          new_line: 2,
          old_content: 'are down',
          new_content: 'run well\nsince noon',
        },
      ],
      added_lines: 2,
      removed_lines: 1,
    });
    expect(text).toContain('- are down\n+ run well\n+ since noon');
  },
  close: stopServer,
});

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JsonObject } from '../../../src/core/values.js';
import { toolCase } from '../tool-case.js';

/** Writes a line now and then, until it is ended. */
const WRITER = 'while :; do sleep 0.4; date >> build.log; done';

export default toolCase({
  tool: 'file-watcher',
  programs: ['sh'],
  prepare(dir) {
    const { pid } = spawn('sh', ['-c', WRITER], { cwd: dir, stdio: 'ignore', detached: true });
    return { pid: pid! };
  },
  input: (dir) => ({ operation: 'watch', input: [dir], pattern: '*.log', timeout_ms: 15_000 }),
  check(answer, dir) {
    expect(answer).toMatchObject({ success: true, result: { ended: 'quiet' } });
    const { events } = answer.result as { events: JsonObject[] };
    expect(events[0]).toMatchObject({ path: join(dir, 'build.log'), kind: 'file' });
    expect(['Create', 'Modify']).toContain(events[0]!.event_type);
  },
  // The group: the shell and what it waits for.
  close: ({ pid }) => {
    process.kill(-Number(pid), 'SIGKILL');
  },
});

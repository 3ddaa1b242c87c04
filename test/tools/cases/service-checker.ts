import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A web server of Python's, and a port where nobody listens. */
export default toolCase({
  tool: 'service-checker',
  programs: ['/usr/bin/python3'],
  prepare: async (dir) => {
    writeFileSync(join(dir, 'health.txt'), 'all is well\n');
    const [port, closed] = [await freePort(), await freePort()];
    const args = ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', dir];
    const { pid } = spawn('/usr/bin/python3', args, { stdio: 'ignore' });
    while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 50));
    return { port, closed, pid: pid! };
  },
  input: (_dir, { port, closed }) => ({
    operation: 'batch',
    targets: [
      { target: `http://127.0.0.1:${port}/health.txt`, expected_text: 'all is well' },
      { target: `127.0.0.1:${port}`, check_type: 'tcp' },
      { target: `127.0.0.1:${closed}`, check_type: 'tcp' },
    ],
  }),
  flags: () => ['--allow-net=127.0.0.1'],
  check: (result) => {
    expect(result).toMatchObject({
      success: true,
      message: '2 of 3 services are available',
      result: {
        total: 3,
        all_available: false,
        results: [
          { available: true, check_type: 'http', metadata: { status_code: 200, method: 'GET' } },
          { available: true, check_type: 'tcp', status: 'Connected' },
          { available: false, metadata: { errno: 'ECONNREFUSED' } },
        ],
      },
    });
  },
  close: ({ pid }) => void process.kill(Number(pid)),
});

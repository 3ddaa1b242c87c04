import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Starts nginx on the folder `site` of `dir`.
 * @param rules further lines of the `server` block; `$port` there stands for the port
 * @returns what `stopServer` ends
 */
export async function nginxServer(
  dir: string,
  rules = '',
): Promise<{ pid: number; port: number; url: string }> {
  const port = await freePort();
  const temp = join(dir, 'nginx');
  mkdirSync(temp, { recursive: true });
  const config = join(temp, 'nginx.conf');
  writeFileSync(config, configuration(dir, temp, port, rules.replaceAll('$port', String(port))));
  const child = spawn('nginx', ['-c', config, '-p', temp, '-e', join(temp, 'error.log')], {
    stdio: 'ignore',
  });
  await answering(port);
  return { pid: child.pid!, port, url: `http://127.0.0.1:${port}` };
}

/** One process in the foreground, everything it writes inside `temp`. */
function configuration(dir: string, temp: string, port: number, rules: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(temp, name)};`)
    .join('\n  ');
  return `daemon off;
master_process off;
pid ${join(temp, 'nginx.pid')};
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  ${folders}
  server {
    listen 127.0.0.1:${port};
    root ${join(dir, 'site')};
    ${rules}
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await setTimeout(20);
  }
  throw new Error('nginx did not start');
}

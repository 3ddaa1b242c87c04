import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Prepared } from './tool-case.js';

/** What a Python server needs around its handler: it listens on a free port and says which. */
const FRAME = (handler: string) => `import hashlib, hmac, json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

class Handler(BaseHTTPRequestHandler):
    def log_message(self, *rest):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, value, headers={}):
        kind = "text/html; charset=utf-8" if isinstance(value, str) else "application/json"
        data = (value if isinstance(value, str) else json.dumps(value)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

${handler.replace(/^(?=.)/gm, '    ')}

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
`;

/**
 * Starts a server in Python. Its handler is written as methods of `BaseHTTPRequestHandler` (`do_GET`, `do_POST`),
 * with `self.body()` and `self.answer(status, value, headers)`. End it with {@link stopServer}.
 */
export async function pythonServer(
  dir: string,
  handler: string,
): Promise<{ pid: number; port: number; url: string }> {
  const script = join(dir, 'server.py');
  writeFileSync(script, FRAME(handler));
  return started(['-u', script]);
}

/** Starts Python's own file server on a folder. */
export function fileServer(dir: string): Promise<{ pid: number; port: number; url: string }> {
  return started(['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', dir]);
}

/** Ends a server that was started here. */
export function stopServer({ pid }: Prepared): void {
  if (typeof pid === 'number') process.kill(pid, 'SIGKILL');
}

async function started(args: string[]): Promise<{ pid: number; port: number; url: string }> {
  const child = spawn('python3', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = Number(/(\d+)(?: \(.*)?$/.exec(line)?.[1]);
    child.stdout.destroy();
    return { pid: child.pid!, port, url: `http://127.0.0.1:${port}` };
  }
  throw new Error('The server did not start');
}

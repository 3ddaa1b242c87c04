import { expect } from 'vitest';
import { pythonServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

const SECRET = 'a secret between two programs';

/** Checks the signature by itself, and is busy at the first attempt of each delivery. */
const HANDLER = `attempts = {}

def do_POST(self):
    body = self.body()
    parts = dict(part.split("=", 1) for part in self.headers["X-Webhook-Signature"].split(","))
    signed = parts["t"].encode() + b"." + body
    wanted = hmac.new(b"${SECRET}", signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, parts["v1"]):
        return self.answer(401, {"error": "wrong signature"})
    key = self.headers["Idempotency-Key"]
    self.attempts[key] = self.attempts.get(key, 0) + 1
    if self.attempts[key] == 1:
        return self.answer(503, {"error": "busy"}, {"Retry-After": "0"})
    self.answer(200, {"received": json.loads(body)["event"], "attempts": self.attempts[key]})`;

export default toolCase({
  tool: 'webhook-caller',
  programs: ['python3'],
  prepare: (dir) => pythonServer(dir, HANDLER),
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({
    input: `${url}/hook`,
    payload: { event: 'build.finished', note: 'größer' },
    signature: { secret: SECRET, scheme: 'timestamped' },
    idempotency_key: true,
    retry_delay_ms: 10,
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: {
        success: true,
        status_code: 200,
        retry_count: 1,
        response: { json: { received: 'build.finished', attempts: 2 } },
      },
    });
  },
  close: stopServer,
});

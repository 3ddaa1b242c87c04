import { expect } from 'vitest';
import { pythonServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

const HANDLER = `def do_POST(self):
    order = json.loads(self.body())
    total = sum(item["price"] * item["count"] for item in order["items"])
    self.answer(201, {"id": 7, "total": total, "items": order["items"]}, {"Location": "/orders/7"})`;

export default toolCase({
  tool: 'api-tester',
  programs: ['python3'],
  prepare: (dir) => pythonServer(dir, HANDLER),
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({
    input: `${url}/orders`,
    method: 'POST',
    body: { items: [{ name: 'tea', price: 3, count: 2 }] },
    expect: {
      status: 201,
      headers: { location: '/orders/7', 'content-type': 'application/json' },
      json: [
        { path: '$.total', equals: 6 },
        { path: '$.items[*].name', contains: 'tea' },
      ],
      schema: { type: 'object', required: ['id', 'total'] },
      max_response_time_ms: 30_000,
    },
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: { passed: true, summary: { total: 7, passed: 7, failed: 0 }, response: { status_code: 201 } },
    });
  },
  close: stopServer,
});

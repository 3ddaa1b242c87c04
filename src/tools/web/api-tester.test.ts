import { describe, expect, it } from 'vitest';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import apiTester from './api-tester.js';
import { json, loopback, loopbackOnly } from './loopback.case.js';

const serve = loopback();
type Result = {
  passed: boolean;
  assertions: { assertion: string; passed: boolean; message: string; actual: unknown }[];
  summary: object;
  response: { body: unknown; body_truncated?: boolean };
};

async function test(input: Record<string, unknown>, signal?: AbortSignal) {
  const answer = await callTool(apiTester, input, {
    permissions: loopbackOnly(),
    ...(signal && { signal }),
  });
  return { ...answer, result: answer.result as unknown as Result };
}

const USERS = {
  users: [
    { id: 1, name: 'Ada', tags: ['a', 'b'] },
    { id: 2, name: 'Bo', 'odd.key': null },
  ],
  total: 2,
  next: null,
};

describe('api-tester', () => {
  itRunsItsSamples(apiTester);

  it('gives request, response and timing', async () => {
    const { origin, seen } = await serve(json({ ok: true }, 201));
    expect(
      await test({ url: `${origin}/x`, method: 'post', body: { a: 1 }, query: { q: 'ä b' } }),
    ).toMatchObject({
      success: true,
      operation: 'test',
      result: {
        request: { method: 'POST', url: `${origin}/x?q=%C3%A4+b`, timeout: 30 },
        response: {
          status_code: 201,
          status_text: 'Created',
          is_success: true,
          headers: { 'content-type': 'application/json' },
          body: { ok: true },
          body_is_json: true,
        },
        timing: { duration_ms: expect.any(Number), duration_secs: expect.any(Number) },
        assertions: [],
        passed: true,
      },
    });
    expect(seen).toMatchObject([{ method: 'POST', path: '/x?q=%C3%A4+b', body: '{"a":1}' }]);
  });

  it.each([400, 404, 500, 503])('takes status %i for an answer while nothing is expected', async (status) => {
    const { origin } = await serve(json({}, status));
    expect(await test({ input: origin })).toMatchObject({
      success: true,
      result: { response: { status_code: status, is_success: false } },
    });
  });

  it('fails softly and says what differs', async () => {
    const { origin } = await serve(json(USERS, 404));
    const answer = await test({ input: origin, expect: { status: 200, json: { '$.total': 3, total: 2 } } });
    expect(answer).toMatchObject({
      success: false,
      error: '2 of 3 assertions failed: status: expected 200, but found 404',
      result: {
        passed: false,
        summary: { total: 3, passed: 1, failed: 2 },
        assertions: [
          { assertion: 'status', expected: 200, actual: 404, passed: false },
          { assertion: 'json $.total', expected: 3, actual: 2, passed: false },
          { assertion: 'json total', passed: true },
        ],
      },
    });
    expect(answer.text).toMatch(
      /^GET 127.*404 Not Found\nFAIL {2}status: .*\nFAIL {2}json.*\npass {2}json total/,
    );
  });

  it.each<[object, boolean]>([
    [{ status: 200 }, true],
    [{ status: '2xx' }, true],
    [{ status: '5xx' }, false],
    [{ status: ['404', '200-204'] }, true],
    [{ status: '201-299' }, false],
    [{ headers: { 'Content-Type': 'application/json', 'X-N': '7' } }, true],
    [{ headers: { 'X-Missing': '1' } }, false],
    [
      {
        headers: [
          { name: 'x-n', matches: '^\\d$' },
          { name: 'x-missing', exists: false },
        ],
      },
      true,
    ],
    [{ headers: [{ name: 'x-n', at_least: 8 }] }, false],
    [{ body_contains: ['Ada', 'Bo'], body_not_contains: 'Eve' }, true],
    [{ body_contains: 'Eve' }, false],
    [{ body_not_contains: ['Ada'] }, false],
    [{ body_matches: '"id":\\s*2' }, true],
    [{ body_matches: '^Ada' }, false],
    [{ body_equals: JSON.stringify(USERS) }, true],
    [{ json: { '$.users[0].name': 'Ada', '/users/1/id': 2, 'users[-1].id': 2, next: null } }, true],
    [
      { json: { '$.users[*].id': [1, 2], '$.users[1]["odd.key"]': null, '.users[].name': ['Ada', 'Bo'] } },
      true,
    ],
    [{ json: { '$.users[5].name': 'Ada' } }, false],
    [{ json: { $: USERS } }, true],
    [{ json: { '$.constructor': 'x' } }, false],
    [{ json: [{ path: '$.total', type: 'integer', greater_than: 1, at_most: 2, not_equals: 3 }] }, true],
    [{ json: [{ path: '$.total', less_than: 2 }] }, false],
    [{ json: [{ path: '$.users', length: 2, contains: { id: 2, name: 'Bo', 'odd.key': null } }] }, true],
    [{ json: [{ path: '$.users[0]', contains: { name: 'Ada' } }] }, true],
    [{ json: [{ path: '$.users[0].tags', contains: 'c' }] }, false],
    [{ json: [{ path: '$.users[0].name', one_of: ['Eve', 'Ada'], matches: '^A', length: 3 }] }, true],
    [{ json: [{ path: '$.users[0].name', greater_than: 1 }] }, false],
    [
      {
        json: [
          { path: '$.nope', exists: false },
          { path: '$.next', type: 'null' },
        ],
      },
      true,
    ],
    [{ json: [{ path: '$.nope' }] }, false],
    [{ jq: ['.total == (.users | length)', 'all(.users[]; .id > 0)'] }, true],
    [{ jq: '.total' }, false],
    [{ jq: '.total | keys' }, false],
    [{ schema: { type: 'object', required: ['users'], properties: { total: { type: 'integer' } } } }, true],
    [{ schema: { type: 'object', properties: { total: { type: 'string' } } } }, false],
    [{ max_response_time_ms: 60_000, max_size_bytes: 1000 }, true],
    [{ max_size_bytes: 10 }, false],
  ])('checks %j: %s', async (expected, passed) => {
    const { origin } = await serve(json(USERS, 200, { 'X-N': '7' }));
    const answer = await test({ input: origin, expect: expected });
    expect([answer.success, answer.result.passed], answer.text).toEqual([passed, passed]);
  });

  it('measures the time that the answer took', async () => {
    const { origin } = await serve((_, response) => setTimeout(() => response.end('late'), 60));
    const answer = await test({ input: origin, expect: { max_response_time_ms: 20 } });
    expect(answer.result.assertions).toMatchObject([{ assertion: 'response time', passed: false }]);
  });

  it('fails assertions about JSON where the body is none', async () => {
    const { origin } = await serve((_, response) => response.end('<p>'));
    const answer = await test({ input: origin, expect: { jq: '.', schema: true, json: { a: 1 } } });
    expect(answer.result.assertions.map(({ passed }) => passed)).toEqual([false, false, false]);
    expect(answer.text).toContain('the body is not JSON');
  });

  it('shortens a long body in the result, but checks all of it', async () => {
    const { origin } = await serve((_, response) => response.end(`${'x'.repeat(5000)}end`));
    const { result } = await test({ input: origin, max_body_chars: 10, expect: { body_matches: 'end$' } });
    expect(result).toMatchObject({ passed: true, response: { body: 'xxxxxxxxxx', body_truncated: true } });
  });

  it('reads text by its charset', async () => {
    const { origin } = await serve((_, response) =>
      response.setHeader('content-type', 'text/plain; charset=iso-8859-1').end(Buffer.from([0xe9])),
    );
    expect((await test({ input: origin, expect: { body_equals: 'é' } })).success).toBe(true);
  });

  it.each<[object, string]>([
    [{ json: { '$.a[': 1 } }, 'not a JSON path'],
    [{ body_matches: '(' }, 'Invalid regular expression'],
    [{ json: [{ path: 'a', matches: '[' }] }, 'Invalid regular expression'],
    [{ schema: { type: 'nonsense' } }, 'Invalid JSON schema'],
    [{ status: 'fine' }, 'status'],
    [{ nonsense: 1 }, 'nonsense'],
  ])('refuses %j before it sends anything', async (expected, message) => {
    const { origin, seen } = await serve(json({}));
    await expect(test({ input: origin, expect: expected })).rejects.toThrow(message);
    expect(seen).toHaveLength(0);
  });

  it.each(['not-a-url', 'ftp://unsupported.com', 'http://', '://broken', ''])(
    'refuses the URL %j',
    async (input) => {
      await expect(test({ input })).rejects.toThrow(/url|invalid/i);
    },
  );

  it('raises what never became an answer', async () => {
    const { origin } = await serve((_, response) => response.socket!.destroy());
    await expect(test({ input: origin })).rejects.toThrow(/^Request failed: /);
    const silent = await serve(() => {});
    await expect(test({ input: silent.origin, timeout: 0.05 })).rejects.toMatchObject({
      code: 'component.timeout',
    });
  });

  it('is not stopped by a pattern that would backtrack for ever', async () => {
    const { origin } = await serve((_, response) => response.end('a'.repeat(5000)));
    const answer = await test({ input: origin, expect: { body_matches: '(a+)+$', body_not_contains: 'b' } });
    expect(answer.success).toBe(true);
  });

  it('closes the connection when the call is cancelled', async () => {
    const abort = new AbortController();
    let closed = () => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const { origin } = await serve((_, response) => {
      response.socket!.once('close', closed);
      abort.abort(new Error('enough'));
    });
    await expect(test({ input: origin }, abort.signal)).rejects.toThrow('enough');
    await gone;
  });
});

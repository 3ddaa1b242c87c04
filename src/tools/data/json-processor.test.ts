import { describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import { runJq } from './json/jq.js';
import jsonProcessor from './json-processor.js';

const ask = (input: JsonObject) => callTool(jsonProcessor, input);
const result = async (input: JsonObject) => (await ask(input)).result;

const TEAM = {
  users: [
    { name: 'Alice', age: 30, skills: ['rust', 'python'] },
    { name: 'Bob', age: 25, skills: ['javascript', 'go'] },
    { name: 'Charlie', age: 35, skills: ['rust', 'go', 'java'] },
  ],
  projects: [
    { id: 1, status: 'active' },
    { id: 2, status: 'done' },
    { id: 3, status: 'active' },
  ],
  text: 'hello world',
};

describe('json-processor', () => {
  itRunsItsSamples(jsonProcessor);

  it.each<[string, unknown]>([
    ['.users[] | select(.age > 26) | .name', ['Alice', 'Charlie']],
    ['.users | map(.age) | add / length', 30],
    [
      '.projects | group_by(.status) | map({status: .[0].status, count: length})',
      [
        { status: 'active', count: 2 },
        { status: 'done', count: 1 },
      ],
    ],
    ['[.users[] | select(.skills | contains(["rust"])) | .name]', ['Alice', 'Charlie']],
    ['.users[1:] | map(.name)', ['Bob', 'Charlie']],
    ['.text | ascii_upcase', 'HELLO WORLD'],
    ['.nonexistent.field', null],
    ['empty', []],
    ['-1', -1],
    ['1e1000', Number.MAX_VALUE],
    ['"é🦀" # comment', 'é🦀'],
  ])('answers %s', async (query, expected) => {
    expect(await result({ input: TEAM, query })).toEqual(expected);
  });

  it.each<[string, JsonObject, unknown]>([
    [
      '.environment, .input, .important, ."env"',
      { environment: 1, input: 2, important: 3, env: 4 },
      [1, 2, 3, 4],
    ],
    ['{input, env: .["env"], "import": 1}', { input: 1, env: 2 }, { input: 1, env: 2, import: 1 }],
    ['"env \\(.env) input"', { env: 'x' }, 'env x input'],
    ['. as {env: $env} | $env', { env: 5 }, 5],
  ])('lets fields and keys have any name: %s', async (query, input, expected) => {
    expect(await result({ input, query })).toEqual(expected);
  });

  it.each([
    'env',
    '$ENV',
    '$ ENV.PATH',
    '{$ENV}',
    'env.PATH',
    '.a | env',
    'input',
    '[inputs]',
    '{a: input}',
    '{a: [1, input]}',
    '"\\("\\(env)")"',
    'debug',
    'input_filename',
    '$__loc__',
    '"m" | modulemeta',
    'include "/etc/passwd"; .',
    'import "/etc/passwd" as p; .',
    '# comment\nenv',
    '1..env',
  ])('refuses %s', async (query) => {
    await expect(ask({ input: {}, query })).rejects.toThrow('Security: JQ query');
  });

  it.each<[string, string, string]>([
    ['.foo(', 'input.invalid', 'Invalid jq syntax'],
    ['nosuch', 'input.invalid', 'nosuch/0 is not defined'],
    ['.a.b', 'tool.failed', 'jq execution error: Cannot index number'],
    ['1, error("boom")', 'tool.failed', 'boom'],
  ])('raises for %s', async (query, code, message) => {
    const call = ask({ input: { a: 1 }, query });
    await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each(['while(true; .+1)', 'recurse(.+1)', 'def f: f; f', 'range(1e12) | empty'])(
    'ends %s',
    async (query) => {
      const call = ask({ input: 0, query, timeout_ms: 400 });
      await expect(call).rejects.toMatchObject({ code: 'component.timeout' });
    },
  );

  it('limits memory', async () => {
    const call = ask({ input: 'x', timeout_ms: 30_000, query: '[range(1e9) | "a longer text"]' });
    await expect(call).rejects.toMatchObject({ code: 'limit.memory' });
  });

  it('limits what a program prints', async () => {
    const limits = { timeoutMs: 30_000, signal: new AbortController().signal, maxOutputBytes: 100_000 };
    await expect(runJq('range(1e9)', [null], limits)).rejects.toThrow('output is larger');
  });

  it('ends at once when the call is cancelled', async () => {
    const controller = new AbortController();
    const { context } = testContext({ signal: controller.signal });
    const call = invoke(toolComponent(jsonProcessor), { input: 0, query: 'def f: f; f' }, context);
    setTimeout(() => controller.abort(), 50);
    await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
  });

  it('handles a megabyte without delay growing with its square', async () => {
    const input = Array.from({ length: 200_000 }, (_, index) => index);
    expect(await result({ input, query: 'map(. + 1)', timeout_ms: 30_000 })).toHaveLength(200_000);
  });

  it('reads input that is JSON text and keeps other text', async () => {
    expect(await result({ input: '[1,2]', query: '.[1]' })).toBe(2);
    expect(await result({ input: 'plain', query: '.' })).toBe('plain');
    expect((await ask({ data: '{"a":"x"}', query: '.a' })).text).toBe('"x"');
  });

  it.each(['transform', 'jq'])('takes %s for query', async (operation) => {
    const answer = await ask({ operation, json_data: { a: [1, 2] }, query: '.a' });
    expect(answer).toMatchObject({ operation: 'query', text: '[\n  1,\n  2\n]', data: [1, 2] });
  });

  it('streams lines', async () => {
    const input = '{"value":100}\n\n{"value":150}\n{"value":200}\n';
    const query = 'select(.value > 120)';
    expect(await result({ operation: 'stream', input, query })).toEqual([{ value: 150 }, { value: 200 }]);
    expect(await result({ operation: 'stream', input })).toHaveLength(3);
    expect(await result({ operation: 'stream', input: [1, 2], query: 'length' })).toEqual([2]);
    await expect(ask({ operation: 'stream', input: '1\n{bad\n' })).rejects.toThrow('line 2');
  });

  it('validates against both drafts', async () => {
    const draft7 = {
      type: 'object',
      required: ['b'],
      properties: { e: { type: 'string', format: 'email' } },
    };
    expect(await result({ operation: 'validate', input: { b: 1, e: 'a@b.org' }, schema: draft7 })).toEqual({
      is_valid: true,
      errors: [],
    });
    expect(await result({ operation: 'validate', input: { e: 'x' }, schema: draft7 })).toMatchObject({
      is_valid: false,
      errors: [
        { path: '', keyword: 'required' },
        { path: '/e', keyword: 'format', message: expect.stringContaining('email') },
      ],
    });
    const draft2020 = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'string' }],
    };
    expect(await result({ operation: 'validate', input: [1], schema: draft2020 })).toMatchObject({
      errors: [{ path: '/0', keyword: 'type' }],
    });
  });

  it('ends a schema whose pattern backtracks for ever', async () => {
    const call = ask({ operation: 'validate', input: `${'a'.repeat(40)}!`, schema: { pattern: '^(a+)+$' } });
    await expect(call).rejects.toMatchObject({ code: 'component.timeout' });
  });

  it('parses, prints and merges', async () => {
    expect(await result({ operation: 'parse', input: ' {"a": [1, null]} ' })).toEqual({ a: [1, null] });
    expect((await ask({ operation: 'stringify', input: { a: 1 } })).text).toBe('{"a":1}');
    expect((await ask({ operation: 'stringify', input: { a: 1 }, pretty: true })).output).toBe(
      '{\n  "a": 1\n}',
    );
    const input = { a: { b: 1, c: [1] }, d: 1 };
    const merge_data = '{"a":{"c":[2],"__proto__":{"x":1}},"d":{"e":1}}';
    const merged = (await result({ operation: 'merge', input, merge_data })) as JsonObject;
    expect(JSON.stringify(merged)).toBe('{"a":{"b":1,"c":[2],"__proto__":{"x":1}},"d":{"e":1}}');
    expect(await result({ operation: 'merge', input: [{ a: 1 }, { b: 2 }, { a: 3 }] })).toEqual({
      a: 3,
      b: 2,
    });
  });

  it.each<[JsonObject, string]>([
    [{ query: '.' }, "Missing required parameter 'input'"],
    [{ input: {} }, "Missing required parameter 'query'"],
    [{ operation: 'validate', input: {} }, "Missing required parameter 'schema'"],
    [{ operation: 'validate', input: {}, schema: 'text' }, 'Invalid JSON schema'],
    [{ operation: 'validate', input: {}, schema: { type: 'nope' } }, 'Invalid JSON schema'],
    [{ operation: 'parse', input: '{bad' }, 'JSON parse error'],
    [{ operation: 'merge', input: {} }, "Missing required parameter 'merge_data'"],
    [{ operation: 'compress', input: {} }, 'Unknown operation'],
    [{ input: 1, query: '.', timeout_ms: 60_000 }, 'timeout_ms'],
  ])('refuses %j', async (input, message) => {
    await expect(ask(input)).rejects.toThrow(message);
  });
});

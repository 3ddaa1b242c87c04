import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolsConfig } from '../../config/types.js';
import type { TestContextOptions } from '../../core/testing.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import httpRequester from './http-requester.js';
import { json, loopback, loopbackOnly } from './loopback.case.js';

const serve = loopback();
let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function call(
  input: Record<string, unknown>,
  { config = {}, ...options }: TestContextOptions & { config?: ToolsConfig } = {},
) {
  const permissions = loopbackOnly({ read: [dir], write: [dir] });
  return callTool(httpRequester, input, { permissions, ...options, host: { config } });
}
const end = (_: unknown, response: { end(): unknown }) => response.end();

describe('the samples', () => itRunsItsSamples(httpRequester));

describe('forms', () => {
  it('adds parameters to the URL', async () => {
    const { origin, seen } = await serve(end);
    await call({ input: `${origin}/a?x=1`, query: { q: 'ä&b', n: 2 } });
    expect(seen[0]!.path).toBe('/a?x=1&q=%C3%A4%26b&n=2');
  });

  it('sends fields as a form', async () => {
    const { origin, seen } = await serve(end);
    await call({ input: origin, method: 'POST', form: { a: 'ü =&', b: true } });
    expect(seen[0]).toMatchObject({
      body: 'a=%C3%BC+%3D%26&b=true',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  it('sends texts and files as multipart/form-data', async () => {
    const { origin, seen } = await serve(end);
    await writeFile(join(dir, 'a"b.txt'), 'file\r\ncontent');
    const multipart = [
      { name: 'ti"tle\r\nX: y', value: 'héllo' },
      { name: 'doc', file: join(dir, 'a"b.txt'), content_type: 'text/plain' },
      { name: 'raw', value: '{}', filename: 'x.json', content_type: 'application/json' },
    ];
    await call({ input: origin, method: 'POST', multipart });
    const { headers, body } = seen[0]!;
    const form = await new Response(body, {
      headers: { 'content-type': headers['content-type']! },
    }).formData();
    const names = [...form.keys()];
    expect(names).toEqual(['ti"tle\r\nX: y', 'doc', 'raw']);
    expect(form.get(names[0]!)).toBe('héllo');
    const [doc, raw] = [form.get('doc') as File, form.get('raw') as File];
    expect([doc.name, doc.type, await doc.text()]).toEqual(['a"b.txt', 'text/plain', 'file\r\ncontent']);
    expect([raw.name, raw.type, await raw.text()]).toEqual(['x.json', 'application/json', '{}']);
  });

  it.each<[object, RegExp]>([
    [{ body: 'a', form: { b: '1' } }, /only one of body, form and multipart/],
    [{ multipart: [{ name: 'a' }] }, /either a value or a file/],
    [{ multipart: [{ name: 'a', value: 'x', file: 'y' }] }, /either a value or a file/],
    [{ multipart: [{ name: 'a', value: 'x', content_type: 'a\r\nX: y' }] }, /line breaks/],
    [{ multipart: [{ name: 'a', file: '/etc/hostname' }] }, /Permission denied/],
  ])('refuses %j before it sends anything', async (input, message) => {
    const { origin, seen } = await serve(end);
    await expect(call({ input: origin, method: 'POST', ...input })).rejects.toThrow(message);
    expect(seen).toHaveLength(0);
  });
});

describe('save_to', () => {
  it('writes the body and leaves it out of the result', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const { origin } = await serve((_, response) =>
      response.setHeader('content-type', 'image/png').end(bytes),
    );
    const save_to = join(dir, 'new/a.png');
    const { result } = await call({ input: origin, save_to });
    expect(result).toMatchObject({ status_code: 200, saved_to: save_to, size_bytes: 4 });
    expect(result).not.toHaveProperty('body');
    expect(await readFile(save_to)).toEqual(bytes);
  });

  it('shows what is no success and leaves the file alone', async () => {
    const { origin } = await serve(json({ error: 'gone' }, 410));
    await writeFile(join(dir, 'a'), 'old');
    const { result } = await call({ input: origin, save_to: join(dir, 'a') });
    expect(result).toMatchObject({ status_code: 410, body: { error: 'gone' } });
    expect(await readFile(join(dir, 'a'), 'utf8')).toBe('old');
  });

  it.each(['/etc/llmspell-test', '../outside', 'folder/link/x'])(
    'refuses %s before it sends anything',
    async (path) => {
      const { origin, seen } = await serve(end);
      await mkdir(join(dir, 'folder'));
      const { symlink } = await import('node:fs/promises');
      await symlink('/etc', join(dir, 'folder/link'));
      const save_to = path.startsWith('/') ? path : join(dir, path);
      await expect(call({ input: origin, save_to })).rejects.toMatchObject({ code: 'permission.write' });
      expect(seen).toHaveLength(0);
    },
  );

  it('leaves nothing behind when the call is cancelled', async () => {
    const abort = new AbortController();
    const { origin } = await serve((_, response) => {
      response.write('half');
      setTimeout(() => abort.abort(new Error('enough')), 30);
    });
    await expect(call({ input: origin, save_to: join(dir, 'a') }, { signal: abort.signal })).rejects.toThrow(
      'enough',
    );
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('the configuration', () => {
  it('gives headers that a call may replace', async () => {
    const { origin, seen } = await serve(end);
    const config = { http_request: { default_headers: { 'User-Agent': 'me/1', 'X-Team': 'blue' } } };
    await call({ input: origin, headers: { 'x-team': 'red' } }, { config });
    expect(seen[0]!.headers).toMatchObject({ 'user-agent': 'me/1', 'x-team': 'red' });
  });

  it('limits requests and answers, whatever a call asks for', async () => {
    const { origin, seen } = await serve((_, response) => response.end('x'.repeat(200)));
    const config = { http_request: { max_request_size: 100 } };
    await expect(call({ input: origin, max_response_size: 1000 }, { config })).rejects.toThrow(
      /exceeds maximum allowed size/,
    );
    const large = { input: origin, method: 'POST', body: 'x'.repeat(101) };
    await expect(call(large, { config })).rejects.toThrow(/request body of 101 bytes exceeds/);
    await writeFile(join(dir, 'large'), 'x'.repeat(101));
    const parts = { input: origin, method: 'POST', multipart: [{ name: 'a', file: join(dir, 'large') }] };
    await expect(call(parts, { config })).rejects.toThrow(/exceeds|larger/);
    expect(seen).toHaveLength(1);
  });

  it('says how many redirects are followed', async () => {
    const { origin, seen } = await serve((_, response) => response.writeHead(302, { location: '/' }).end());
    const config = { http_request: { max_redirects: 0 } };
    expect((await call({ input: origin }, { config })).result).toMatchObject({ status_code: 302 });
    await expect(call({ input: origin, max_redirects: 2 }, { config })).rejects.toThrow(/Too many redirects/);
    expect(seen).toHaveLength(4);
  });

  it.each<[ToolsConfig]>([
    [{ http_request: { timeout_seconds: 0.05 } }],
    [{ network: { timeout_seconds: 0.05 } }],
    [{ http_request: { timeout_seconds: 30 }, network: { timeout_seconds: 0.05 } }],
    [{ http_request: { timeout_seconds: 0.05 }, network: { timeout_seconds: 60 } }],
  ])('says how long a request may take: %j', async (config) => {
    const { origin } = await serve(() => {});
    await expect(call({ input: origin }, { config })).rejects.toMatchObject({ code: 'component.timeout' });
  });

  it('says how often a broken connection is tried again', async () => {
    const { origin, seen } = await serve((_, response) => response.socket!.destroy());
    const effects = { sleep: async () => {} };
    const config = { network: { max_retries: 1 } };
    await expect(call({ input: origin }, { config, effects })).rejects.toThrow(/failed after 2 attempts/);
    await expect(call({ input: origin, retry: { max_attempts: 4 } }, { config, effects })).rejects.toThrow(
      /after 4 attempts/,
    );
    expect(seen).toHaveLength(6);
  });
});

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { callTool } from '../run-tool.case.js';
import { closeSitesAfterEach, itRunsItsSamplesGuarded, loopbackOnly, serveSite } from './page/site.case.js';
import urlAnalyzer from './url-analyzer.js';

closeSitesAfterEach();

const analyze = async (input: string, more: Record<string, unknown> = {}) => {
  const { result } = await callTool(urlAnalyzer, { input, ...more }, { permissions: loopbackOnly() });
  return result as JsonObject;
};

describe('url-analyzer', () => {
  itRunsItsSamplesGuarded(urlAnalyzer);

  it.each<[string, object]>([
    ['https://example.com', { path: '/', query: null, query_params: {}, fragment: null, port: null }],
    ['http://localhost:8080/x', { port: 8080, effective_port: 8080 }],
    ['https://example.com:443/', { port: null, effective_port: 443, normalized: 'https://example.com/' }],
    [
      'HTTP://EXAMPLE.com/a/../b',
      { original: 'HTTP://EXAMPLE.com/a/../b', normalized: 'http://example.com/b' },
    ],
    ['https://a.test/?q=hello%20world&x=1+2', { query_params: { q: 'hello world', x: '1 2' } }],
    ['https://a.test/?a=1&a=2&b', { query_params: { a: '2', b: '' }, duplicate_params: ['a'] }],
    ['https://a.test/?__proto__=x', { query_params: JSON.parse('{"__proto__":"x"}') }],
    ['http://127.0.0.1/', { host_details: { type: 'ipv4', is_ip: true, is_public: false } }],
    ['http://0x7f000001/', { host: '127.0.0.1', host_details: { special: 'loopback' } }],
    [
      'http://[2001:4860:4860::8888]:1/',
      { host_details: { type: 'ipv6', value: '2001:4860:4860::8888', is_public: true } },
    ],
    ['https://münchen.de/straße', { host: 'xn--mnchen-3ya.de', path_segments: ['straße'] }],
    ['https://xn--mnchen-3ya.de/', { host_details: { unicode: 'münchen.de', tld: 'de' } }],
  ])('takes %s apart', async (input, expected) => {
    expect(await analyze(input)).toMatchObject({ valid: true, ...expected });
  });

  it('keeps the order and the doubles of a query', async () => {
    const { query_list } = await analyze('https://a.test/?b=%zz&a=1&b=2', { decode_params: false });
    expect(query_list).toEqual([
      { name: 'b', value: '%zz' },
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]);
  });

  it.each([
    'https://ada:hunter22@a.test/',
    'https://hunter22@a.test/',
    'https://hunter22hunter22hunter22:@a.test/',
  ])('never repeats what %s hides', async (input) => {
    const parts = await analyze(input);
    expect(parts).toMatchObject({ has_auth: true, normalized: 'https://***@a.test/' });
    expect(JSON.stringify(parts)).not.toContain('hunter22');
  });

  it('takes long queries', async () => {
    expect(await analyze(`https://a.test/?q=${'x'.repeat(10_000)}`)).toMatchObject({
      query_params: { q: 'x'.repeat(10_000) },
    });
  });

  it.each<[string, RegExp]>([
    ['not-a-url', /Invalid URL.*absolute URL/],
    ['/path', /absolute URL/],
    ['ftp://unsupported.com', /Unsupported URL scheme/],
    ['http://', /Invalid URL/],
    ['://broken', /Invalid URL/],
    ['', /Invalid URL/],
    ['http://u:hunter22@:bad', /^(?!.*hunter22).*Invalid URL/],
  ])('refuses %j', async (input, message) => {
    await expect(analyze(input)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(message),
    });
  });
});

describe('fetch_metadata', () => {
  it('asks with HEAD and follows redirects', async () => {
    const methods: (string | undefined)[] = [];
    const { origin } = await serveSite({
      '/old': (_, response) => response.writeHead(301, { location: '/new' }).end(),
      '/new': ({ method }, response) => {
        methods.push(method);
        response
          .writeHead(200, {
            'content-type': 'text/html',
            'content-length': '12',
            etag: '"1"',
            server: 'test',
          })
          .end();
      },
    });
    expect(await analyze(`${origin}/old`, { fetch_metadata: true })).toMatchObject({
      metadata: {
        status_code: 200,
        is_success: true,
        is_redirect: false,
        content_type: 'text/html',
        content_length: 12,
        server: 'test',
        etag: '"1"',
        redirect_location: `${origin}/new`,
        redirects: [`${origin}/old`],
      },
    });
    expect(methods).toEqual(['HEAD']);
  });

  it('says why there is none', async () => {
    expect(await analyze('http://127.0.0.1:1/', { fetch_metadata: true })).toMatchObject({
      valid: true,
      metadata: null,
      metadata_error: expect.stringContaining('ECONNREFUSED'),
    });
    const { origin } = await serveSite({ '/': () => {} });
    expect(await analyze(origin, { fetch_metadata: true, timeout: 0.1 })).toMatchObject({
      metadata_error: expect.stringMatching(/timeout/i),
    });
  });

  it('closes its connection when the call is cancelled', async () => {
    const abort = new AbortController();
    let closed = () => {};
    const end = new Promise<void>((resolve) => (closed = resolve));
    const { origin } = await serveSite({
      '/': (request) => {
        request.socket.once('close', closed);
        abort.abort(new Error('enough'));
      },
    });
    const options = { permissions: loopbackOnly(), signal: abort.signal };
    await expect(callTool(urlAnalyzer, { input: origin, fetch_metadata: true }, options)).rejects.toThrow(
      'enough',
    );
    await end;
  });
});

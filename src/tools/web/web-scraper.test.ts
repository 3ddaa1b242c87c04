import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { TestContextOptions } from '../../core/testing.js';
import type { ToolHost } from '../host.js';
import { callTool } from '../run-tool.case.js';
import {
  closeSitesAfterEach,
  itRunsItsSamplesGuarded,
  loopbackOnly,
  serveSite,
  type TestPage,
} from './page/site.case.js';
import webScraper from './web-scraper.js';

closeSitesAfterEach();

type Options = TestContextOptions & { host?: Partial<ToolHost> };
const call = (input: Record<string, unknown>, options: Options = {}) =>
  callTool(webScraper, input, { permissions: loopbackOnly(), ...options });

/** Serves one page at `/` and reads it. */
async function read(page: TestPage, input: Record<string, unknown> = {}, options: Options = {}) {
  const { origin } = await serveSite({ '/': page });
  const result = await call({ input: `${origin}/`, ...input }, options);
  const { content } = result.result as { content: Record<string, unknown> };
  return { result, content, origin };
}

const SHOP = `<!doctype html><html lang="en"><head><title> A &amp; B  shop </title>
<meta name="description" content="Things"><meta property="og:type" content="website">
<link rel="canonical" href="/shop"><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a> <a href="about.html" rel="nofollow">About <b>us</b></a></nav>
<h1>Wel<b>come</b></h1><script>document.write('no')</script>
<p>First   line
of text.</p><p>Second.<br>Third.</p>
<ul><li class="item" data-id="1">One</li><li class="item" data-id="2">Two</li></ul>
<img src="/a.png" alt="A"><img data-src="b.png" width="3"><img src="data:image/png;base64,AAAA">
<a href="javascript:void(0)">script</a><a href="mailto:a@b.c">mail</a>
<table><caption>Prices</caption><tr><th>Thing<th>Price</tr><tr><td rowspan=2>Tea<td>3</tr><tr><td>4</tr>
<tr><td colspan=2>none</tr></table></body></html>`;

describe('web-scraper', () => {
  itRunsItsSamplesGuarded(webScraper);

  it('gives title and text, one line per block', async () => {
    const { result, content, origin } = await read(SHOP);
    expect(content.title).toBe('A & B shop');
    expect(content.text).toBe(
      [
        'Home About us',
        'Welcome',
        'First line of text.',
        'Second.',
        'Third.',
        'One',
        'Two',
        'scriptmail',
        'Prices',
        'Thing Price',
        'Tea 3',
        '4',
        'none',
      ].join('\n'),
    );
    expect(result).toMatchObject({
      success: true,
      operation: 'scrape',
      result: { url: `${origin}/` },
      text: expect.stringMatching(/^A & B shop\n\nHome/),
      metadata: { status_code: 200, charset: 'utf-8', timestamp: expect.stringMatching(/Z$/) },
    });
  });

  it('gives the elements of a selector', async () => {
    const { content } = await read(SHOP, { selector: 'li.item' });
    expect(content).toEqual({ selected_content: ['One', 'Two'] });
  });

  it('gives attributes, addresses made absolute', async () => {
    const { content, origin } = await read(SHOP, { selector: 'nav a', attribute: 'href' });
    expect(content.selected_content).toEqual([`${origin}/`, `${origin}/about.html`]);
    expect((await read(SHOP, { selector: 'li', attribute: 'data-id' })).content.selected_content).toEqual([
      '1',
      '2',
    ]);
  });

  it('gives named selections: one, several, none, always a list', async () => {
    const { content, origin } = await read(SHOP, {
      selectors: {
        heading: 'h1',
        items: 'li',
        none: 'h6',
        about: 'nav a + a@href',
        id: { selector: 'li', attribute: 'data-id' },
        markup: { selector: 'h1', html: true },
        list: { selector: 'h1', all: true },
        image: 'img',
        cell: 'table > tbody > tr:nth-child(2) > td:first-child',
      },
    });
    expect(content).toEqual({
      heading: 'Welcome',
      items: ['One', 'Two'],
      about: `${origin}/about.html`,
      id: ['1', '2'],
      markup: '<h1>Wel<b>come</b></h1>',
      list: ['Welcome'],
      image: [
        '<img src="/a.png" alt="A">',
        '<img data-src="b.png" width="3">',
        '<img src="data:image/png;base64,AAAA">',
      ],
      cell: 'Tea',
    });
  });

  it('extracts links, images, metadata and tables', async () => {
    const { content, origin } = await read(SHOP, {
      extract_links: true,
      extract_images: true,
      extract_meta: true,
      extract_tables: true,
    });
    expect(content).toMatchObject({
      title: 'A & B shop',
      links: [
        { href: `${origin}/`, text: 'Home' },
        { href: `${origin}/about.html`, text: 'About us', rel: 'nofollow' },
        { href: 'javascript:void(0)', text: 'script' },
        { href: 'mailto:a@b.c', text: 'mail' },
      ],
      images: [
        { src: `${origin}/a.png`, alt: 'A' },
        { src: `${origin}/b.png`, alt: '', width: '3' },
      ],
      metadata: {
        description: 'Things',
        canonical: `${origin}/shop`,
        language: 'en',
        meta_tags: { description: 'Things', 'og:type': 'website' },
      },
      tables: [
        {
          caption: 'Prices',
          headers: ['Thing', 'Price'],
          rows: [
            ['Tea', '3'],
            ['Tea', '4'],
            ['none', 'none'],
          ],
        },
      ],
    });
  });

  it('resolves references against <base>', async () => {
    const page = '<base href="/deep/er/"><a href="x">x</a>';
    const { content, origin } = await read(page, { extract_links: true });
    expect(content.links).toEqual([{ href: `${origin}/deep/er/x`, text: 'x' }]);
  });

  it('finds the article of a page', async () => {
    const sentence =
      'The lighthouse keeper wrote down the weather, the ships and the birds, every single day. ';
    const page = `<title>The keeper | News</title><nav>${'<a href="/x">Menu</a>'.repeat(20)}</nav>
      <article><h1>The keeper</h1><p>${sentence.repeat(5)}</p><p>${sentence.repeat(5)}<a href="/more">more</a></p></article>
      <aside>Buy now</aside>`;
    const { content, origin, result } = await read(page, { extract_article: true });
    const article = content.article as Record<string, string>;
    expect(article.text).toContain('every single day.');
    expect(article.text).not.toMatch(/Menu|Buy/);
    expect(article.html).toContain(`href="${origin}/more"`);
    expect(result.text).toMatch(/^The keeper[^\n]*\n\n/);
    expect((await read('<p></p>', { extract_article: true })).content.article).toBeNull();
  });

  it('reads XML and plain text, and nothing else', async () => {
    const { origin } = await serveSite({
      '/feed.xml': '<rss><item><title>One</title><link>http://a/1</link></item></rss>',
      '/a.txt': 'plain\ttext',
      '/a.json': (_, response) => response.setHeader('content-type', 'application/json').end('{"a":1}'),
      '/a.pdf': (_, response) => response.setHeader('content-type', 'application/pdf').end('%PDF'),
    });
    expect(await call({ input: `${origin}/feed.xml`, selectors: { link: 'item > link' } })).toMatchObject({
      result: { content: { link: 'http://a/1' } },
    });
    expect((await call({ input: `${origin}/a.txt` })).text).toBe('plain\ttext');
    expect((await call({ input: `${origin}/a.json` })).text).toBe('{"a":1}');
    await expect(call({ input: `${origin}/a.txt`, selector: 'p' })).rejects.toThrow(/selectors find nothing/);
    await expect(call({ input: `${origin}/a.pdf` })).rejects.toThrow(/no web page/);
  });

  it('says when something is not complete', async () => {
    const page = `<body>${'<a href="/x">link</a> '.repeat(30)}</body>`;
    const links = await read(page, { extract_links: true, max_items: 10 });
    expect(links.content.links).toHaveLength(10);
    expect(links.result).toMatchObject({ result: { truncated: true }, metadata: { truncated: ['links'] } });
    const text = await read(page, { max_text_length: 50 });
    expect(text.content.text).toHaveLength(50);
    expect(text.result.metadata.truncated).toEqual(['text']);
  });

  it('follows redirects and asks the configuration about each', async () => {
    const elsewhere = await serveSite({ '/': 'there' });
    const { origin } = await serveSite({
      '/old': (_, response) => response.writeHead(301, { location: '/new' }).end(),
      '/new': '<title>New</title>',
      '/out': (_, response) => response.writeHead(302, { location: 'http://localhost:1/' }).end(),
      '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
    });
    expect(await call({ input: `${origin}/old` })).toMatchObject({
      result: { url: `${origin}/new` },
      metadata: { redirects: [`${origin}/old`], requested_url: `${origin}/old` },
    });
    const config = { web_tools: { blocked_domains: ['localhost'], max_redirects: 2 } };
    await expect(call({ input: `${origin}/out` }, { host: { config } })).rejects.toMatchObject({
      code: 'permission.net',
      hint: expect.stringContaining('blocked_domains'),
    });
    await expect(call({ input: `${origin}/loop` }, { host: { config } })).rejects.toThrow(/more than 2/);
    expect(elsewhere.seen).toEqual([]);
  });

  it('introduces itself as configured', async () => {
    let agent: string | undefined;
    const page: TestPage = ({ headers }, response) => {
      agent = headers['user-agent'];
      response.setHeader('content-type', 'text/html').end('x');
    };
    await read(page);
    expect(agent).toBe('Mozilla/5.0 (compatible; LLMSpell/1.0)');
    await read(page, {}, { host: { config: { web_tools: { user_agent: 'Reader/2' } } } });
    expect(agent).toBe('Reader/2');
  });

  it.each([404, 418, 500])('takes status %i for a failure', async (status) => {
    await expect(read((_, response) => response.writeHead(status).end())).rejects.toThrow(
      `HTTP error ${status}`,
    );
  });

  it.each(['not-a-url', 'ftp://unsupported.com', 'http://', '://broken', '', '   '])(
    'refuses %j',
    async (input) => {
      await expect(call({ input })).rejects.toMatchObject({
        code: 'input.invalid',
        message: expect.stringMatching(/URL validation failed: Invalid URL/),
      });
    },
  );

  it('repeats no password', async () => {
    for (const input of ['http://u:hunter22@127.0.0.1/', 'http://u:hunter22@:x/'])
      await expect(call({ input })).rejects.toMatchObject({
        code: 'input.invalid',
        message: expect.not.stringContaining('hunter22'),
      });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ wait_for_js: true }, /as the server sends them/],
    [{ selector: 'a[' }, /Invalid CSS selector 'a\['/],
    [{ selectors: { x: 'p:nope' } }, /Invalid CSS selector 'p:nope'.*nope/],
    [{ selectors: { links: 'a' }, extract_links: true }, /taken by extract_links/],
  ])('refuses %j', async (input, message) => {
    await expect(read('<p>x', input)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(message),
    });
  });

  it('names what a refused connection was about', async () => {
    await expect(call({ input: 'http://127.0.0.1:1/', respect_robots: false })).rejects.toThrow(
      /Failed to fetch URL: 127.0.0.1:1: .*ECONNREFUSED/,
    );
  });
});

describe('robots.txt', () => {
  const site = (robots: TestPage) => serveSite({ '/robots.txt': robots, '/a': 'a', '/private/b': 'b' });

  it.each<[string, string, boolean]>([
    ['User-agent: *\nDisallow: /private', '/private/b', false],
    ['User-agent: *\nDisallow: /private', '/a', true],
    ['User-agent: LLMSpell\nDisallow: /\n\nUser-agent: *\nAllow: /', '/a', false],
    ['User-agent: Other\nDisallow: /', '/a', true],
    ['User-agent: *\nDisallow: /private\nAllow: /private/b', '/private/b', true],
    ['<html>not robots</html>', '/a', true],
  ])('%j and %s: %s', async (robots, path, allowed) => {
    const { origin, seen } = await site(robots);
    const reading = call({ input: origin + path });
    if (allowed) await expect(reading).resolves.toMatchObject({ success: true });
    else await expect(reading).rejects.toThrow(/robots\.txt of .* does not allow/);
    expect(seen).toEqual(allowed ? ['/robots.txt', path] : ['/robots.txt']);
  });

  it('is not asked when told so', async () => {
    const { origin, seen } = await site('User-agent: *\nDisallow: /');
    await call({ input: `${origin}/a`, respect_robots: false });
    expect(seen).toEqual(['/a']);
  });

  it('refuses everything while it cannot be read', async () => {
    const { origin } = await site((_, response) => response.writeHead(503).end());
    await expect(call({ input: `${origin}/a` })).rejects.toThrow(/could not be read \(HTTP error 503\)/);
  });

  it('counts as missing when it leads where we may not go', async () => {
    const { origin } = await site((_, response) =>
      response.writeHead(302, { location: 'http://10.0.0.1/robots.txt' }).end(),
    );
    expect(await call({ input: `${origin}/a` })).toMatchObject({ success: true });
  });

  it('holds for redirects, too', async () => {
    const { origin, seen } = await site('User-agent: *\nDisallow: /private');
    const from = await serveSite({
      '/': (_, response) => response.writeHead(302, { location: `${origin}/private/b` }).end(),
    });
    await expect(call({ input: from.origin })).rejects.toThrow(/does not allow/);
    expect(seen).toEqual(['/robots.txt']);
  });

  it('sets the pace', async () => {
    const waits: number[] = [];
    const effects = { now: () => 1000, sleep: async (ms: number) => void waits.push(ms) };
    const { origin } = await site('User-agent: *\nCrawl-delay: 3');
    const host = { config: { web_tools: { scraping_delay_ms: 200 } } };
    await call({ input: `${origin}/a` }, { effects, host });
    expect(waits).toEqual([]);
    const other = await serveSite({
      '/a': (_, response) => response.writeHead(302, { location: '/b' }).end(),
      '/b': 'b',
    });
    await call({ input: `${other.origin}/a` }, { effects, host });
    expect(waits).toEqual([200]);
    const slow = await serveSite({
      '/robots.txt': 'User-agent: *\nCrawl-delay: 3',
      '/a': (_, response) => response.writeHead(302, { location: '/b' }).end(),
      '/b': 'b',
    });
    await call({ input: `${slow.origin}/a` }, { effects, host });
    expect(waits).toEqual([200, 3000]);
    await expect(call({ input: `${slow.origin}/a`, timeout: 2 }, { effects, host })).rejects.toMatchObject({
      code: 'component.timeout',
    });
  });
});

describe('encodings', () => {
  const bytes = (...values: number[]) => Buffer.from(values);
  const served =
    (type: string, body: Uint8Array): TestPage =>
    (_, response) =>
      response.setHeader('content-type', type).end(body);
  const meta = (charset: string) => Buffer.from(`<meta charset="${charset}"><p>`);

  it.each<[string, string, Uint8Array, string, string]>([
    ['the header', 'text/html; charset=ISO-8859-1', bytes(0xe9, 0x80), 'é€', 'windows-1252'],
    ['a meta tag', 'text/html', Buffer.concat([meta('Shift_JIS'), bytes(0x83, 0x65)]), 'テ', 'shift_jis'],
    [
      'an XML declaration',
      'text/xml',
      Buffer.concat([
        Buffer.from('<?xml version="1.0" encoding="koi8-r"?><a>'),
        bytes(0xc1),
        Buffer.from('</a>'),
      ]),
      'а',
      'koi8-r',
    ],
    [
      'the header before the meta tag',
      'text/html; charset=utf-8',
      Buffer.concat([meta('gbk'), Buffer.from('ü')]),
      'ü',
      'utf-8',
    ],
    ['a byte order mark', 'text/html; charset=latin1', Buffer.from('\ufeffü'), 'ü', 'utf-8'],
    ['UTF-16', 'text/html', Buffer.from('\ufeffü', 'utf16le'), 'ü', 'utf-16le'],
    ['nothing, UTF-8', 'text/html', Buffer.from('<p>naïve'), 'naïve', 'utf-8'],
    ['an unknown name', 'text/html; charset=nonsense', Buffer.from('ü'), 'ü', 'utf-8'],
    ['GB18030', 'text/html; charset=gb2312', bytes(0xc4, 0xe3), '你', 'gb2312'],
  ])('come from %s', async (_, type, body, text, charset) => {
    const { content, result } = await read(served(type, body));
    expect([content.text, result.metadata.charset]).toEqual([text, charset]);
  });

  it('can be chosen', async () => {
    const { content } = await read(served('text/html; charset=utf-8', bytes(0xe4)), { charset: 'cp437' });
    expect(content.text).toBe('Σ');
  });
});

describe('hostile pages', () => {
  it('end with the page size', async () => {
    const bomb = gzipSync(Buffer.alloc(12_000_000, 'x'));
    await expect(
      read((_, response) =>
        response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb),
      ),
    ).rejects.toThrow(/exceeds maximum allowed size/);
  });

  it('of ten megabytes keep nobody else from working', { timeout: 60_000 }, async () => {
    const page = '<p>some <b>text</b> that goes on and on and on and on and on and on</p>\n'.repeat(130_000);
    let turns = 0;
    const timer = setInterval(() => turns++, 20);
    const reading = read(page.slice(0, 9_900_000), {
      selector: 'p',
      max_items: 3,
      timeout: 8,
    });
    const outcome = await reading.then(
      ({ content }) => (content.selected_content as string[]).length,
      (error: { code: string }) => error.code,
    );
    clearInterval(timer);
    expect([3, 'component.timeout', 'limit.memory']).toContain(outcome);
    expect(turns).toBeGreaterThan(10);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['nested elements', '<div>'.repeat(400_000), {}],
    [
      'formatting that multiplies',
      Array.from({ length: 3000 }, (_, id) => `<b id=${id}>`).join('') + '<p>x'.repeat(16_000),
      {},
    ],
    ['quadratic selectors', '<i></i>'.repeat(50_000), { selector: 'b ~ i ~ i ~ i' }],
  ])('with %s are given up', { timeout: 60_000 }, async (_, page, input) => {
    await expect(read(page, { timeout: 5, ...input })).rejects.toMatchObject({
      code: expect.stringMatching(/component.timeout|limit.memory|tool.failed/),
    });
  });

  it.skipIf(process.platform !== 'linux')('leave no process behind when the call is cancelled', async () => {
    const abort = new AbortController();
    const reading = read('<div>'.repeat(400_000), {}, { signal: abort.signal });
    await vi.waitFor(() => expect(readers()).toHaveLength(1), { timeout: 10_000 });
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await vi.waitFor(() => expect(readers()).toEqual([]));
  });
});

/** The processes of this one that read pages. */
function readers(): string[] {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('data.linkedom');
    } catch {
      return false; // ended meanwhile
    }
  });
}

describe('a cancelled call', () => {
  it('closes its connection', async () => {
    const abort = new AbortController();
    let closed = false;
    const { origin } = await serveSite({
      '/': (request) => {
        request.socket.once('close', () => (closed = true));
        abort.abort(new Error('enough'));
      },
    });
    await expect(call({ input: origin }, { signal: abort.signal })).rejects.toThrow('enough');
    await vi.waitFor(() => expect(closed).toBe(true));
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nginxServer } from '../nginx-server.js';
import { stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const pages = (kind: string) =>
  [1, 2, 3]
    .map(
      (id) => `<url><loc>https://shop.test/${kind}/${id}?a=1&amp;b=2</loc><priority>0.${id}</priority></url>`,
    )
    .join('');

/** A site whose robots.txt names an index of two sitemaps, one of them packed by gzip, and one that is not there. */
export default toolCase({
  tool: 'sitemap-crawler',
  programs: ['nginx', 'gzip'],
  prepare(dir) {
    const site = join(dir, 'site');
    mkdirSync(site, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(site, name), text);
    write('index.html', '<!doctype html><title>Shop</title>');
    write('robots.txt', 'User-agent: *\nAllow: /\nSitemap: /maps.xml\n');
    const map = (name: string) => `<sitemap><loc>/${name}</loc></sitemap>`;
    write(
      'maps.xml',
      `<sitemapindex ${NAMESPACE}>${['tea.xml', 'gone.xml', 'cups.xml.gz'].map(map).join('')}</sitemapindex>`,
    );
    write('tea.xml', `<urlset ${NAMESPACE}>${pages('tea')}</urlset>`);
    write('cups.xml', `<urlset ${NAMESPACE}>${pages('cups')}</urlset>`);
    execFileSync('gzip', ['-f', join(site, 'cups.xml')]);
    return nginxServer(dir);
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({ url: `${url}/`, url_filter: '/[12]\\?', max_urls: 10 }),
  check({ result }, _dir, { url }) {
    expect(result).toMatchObject({
      urls_found: 4,
      urls: [
        { url: 'https://shop.test/tea/1?a=1&b=2', priority: 0.1 },
        { url: 'https://shop.test/tea/2?a=1&b=2' },
        { url: 'https://shop.test/cups/1?a=1&b=2' },
        { url: 'https://shop.test/cups/2?a=1&b=2' },
      ],
      errors: [{ url: `${url}/gone.xml`, code: 'tool.failed' }],
      stats: { sitemaps_processed: 3, index_files_found: 1, urls_filtered: 2 },
    });
  },
  close: stopServer,
});

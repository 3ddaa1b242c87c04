import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nginxServer } from '../nginx-server.js';
import { stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

const PAGE = `<!doctype html><html><head><title>Caf\xe9 menu</title><meta name="description" content="Drinks"></head>
<body><h1>Caf\xe9</h1><ul><li class="drink">Tea<li class="drink">Coffee</ul>
<table><tr><th>Drink<th>Price<tr><td>Tea<td>3</table><a href="contact.html">Contact</a></body></html>`;

export default toolCase({
  tool: 'web-scraper',
  programs: ['nginx'],
  prepare(dir) {
    mkdirSync(join(dir, 'site'), { recursive: true });
    writeFileSync(join(dir, 'site/menu.html'), PAGE, 'latin1');
    writeFileSync(join(dir, 'site/robots.txt'), 'User-agent: *\nDisallow: /private\n');
    return nginxServer(dir, 'charset iso-8859-1; location = /old { return 301 /menu.html; }');
  },
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  input: (_dir, { url }) => ({
    url: `${url}/old`,
    selectors: { heading: 'h1', drinks: 'li.drink', contact: 'a@href' },
    extract_tables: true,
    extract_meta: true,
  }),
  check({ result, metadata }, _dir, { url }) {
    expect(result).toMatchObject({
      url: `${url}/menu.html`,
      content: {
        heading: 'Café',
        drinks: ['Tea', 'Coffee'],
        contact: `${url}/contact.html`,
        tables: [{ headers: ['Drink', 'Price'], rows: [['Tea', '3']] }],
        metadata: { description: 'Drinks' },
      },
    });
    expect(metadata).toMatchObject({ charset: 'windows-1252', redirects: [`${url}/old`] });
  },
  close: stopServer,
});

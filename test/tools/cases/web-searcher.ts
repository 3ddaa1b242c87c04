import { expect } from 'vitest';
import { pythonServer, stopServer } from '../python-server.js';
import { toolCase } from '../tool-case.js';

/** Answers in the markup of DuckDuckGo's page without scripts. */
const HANDLER = `def do_POST(self):
    query = parse_qs(self.body().decode())["q"][0]
    hit = """<div class="result results_links web-result"><h2 class="result__title">
<a class="result__a" href="//duckduckgo.com/l/?uddg=https%%3A%%2F%%2Fexample.org%%2F%d&amp;rut=0">%s <b>%d</b></a></h2>
<a class="result__snippet" href="#">About %s</a></div>"""
    hits = "".join(hit % (n, query, n, query) for n in range(1, 6))
    self.answer(200, "<!DOCTYPE html><html><body><div id='links'>" + hits + "</div></body></html>")`;

export default toolCase({
  tool: 'web-searcher',
  programs: ['python3'],
  prepare: (dir) => pythonServer(dir, HANDLER),
  flags: (_dir, { port }) => [`--allow-net=127.0.0.1:${port}`],
  env: (_dir, { url }) => ({ WEBSEARCH_DUCKDUCKGO_BASE_URL: String(url) }),
  input: () => ({ query: 'spells', max_results: 2 }),
  check({ result }) {
    expect(result).toMatchObject({
      query: 'spells',
      provider: 'duckduckgo',
      count: 2,
      results: [
        { title: 'spells 1', url: 'https://example.org/1', snippet: 'About spells', rank: 1 },
        { title: 'spells 2', url: 'https://example.org/2', rank: 2 },
      ],
    });
  },
  close: stopServer,
});

import type { Answering, SeenRequest } from '../loopback.case.js';

/** A page of DuckDuckGo without scripts, in its own markup: an advertisement, two hits, a link to itself. */
export const DUCKDUCKGO_PAGE = `<!DOCTYPE html><html><body class="body--html">
<form id="search_form" class="search__form" name="x" action="/html/" method="post"></form>
<div class="serp__results"><div id="links" class="results">
<div class="result results_links results_links_deep result--ad"><div class="links_main links_deep result__body">
<h2 class="result__title"><a rel="nofollow" class="result__a" href="https://duckduckgo.com/y.js?ad_domain=shop.example&amp;u3=x">Buy Lua</a></h2>
<a class="result__snippet" href="#">An advertisement</a></div></div>
<div class="result results_links results_links_deep web-result"><div class="links_main links_deep result__body">
<h2 class="result__title"><a rel="nofollow" class="result__a"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fwww.lua.org%2Fpil%2F%3Fa%3D1%26b%3D2&amp;rut=0123abc">Programming in <b>Lua</b></a></h2>
<a class="result__snippet" href="//duckduckgo.com/l/?uddg=x">The first edition &amp; <b>Lua</b>
  for everybody.</a></div></div>
<div class="result results_links results_links_deep web-result"><div class="links_main links_deep result__body">
<h2 class="result__title"><a rel="nofollow" class="result__a" href="https://en.wikipedia.org/wiki/Lua">Lua - Wikipedia</a></h2>
<a class="result__snippet" href="#">A programming language.</a></div></div>
<div class="result results_links"><h2 class="result__title">
<a class="result__a" href="javascript:alert(1)">No page</a></h2></div>
</div></div></body></html>`;

/** What DuckDuckGo shows where it wants to see a person. */
export const DUCKDUCKGO_CAPTCHA = `<!DOCTYPE html><html><body><div class="anomaly-modal__mask"><div class="anomaly-modal__modal">
<div class="anomaly-modal__title">Unfortunately, bots use DuckDuckGo too.</div>
<form id="challenge-form" action="//duckduckgo.com/anomaly.js?sv=html" method="POST"></form></div></div></body></html>`;

/** An instant answer of DuckDuckGo. */
export const DUCKDUCKGO_ANSWER = {
  Heading: 'Lua',
  AbstractText: 'Lua is a language.',
  AbstractSource: 'Wikipedia',
  AbstractURL: 'https://en.wikipedia.org/wiki/Lua',
  Results: [{ FirstURL: 'https://www.lua.org', Text: 'Official site - lua.org' }],
  RelatedTopics: [
    { FirstURL: 'https://duckduckgo.com/c/Languages', Text: 'Languages - a category' },
    { Name: 'Moons', Topics: [{ FirstURL: 'https://duckduckgo.com/Moon', Text: 'Moon' }] },
  ],
};

/** What each engine answers, by its path. */
export const JSON_REPLIES: Readonly<Record<string, unknown>> = {
  'brave /res/v1/web/search': {
    type: 'search',
    web: {
      results: [{ title: 'Lua', url: 'https://lua.org/', description: 'A language', page_age: '2026-01-02' }],
    },
  },
  'brave /res/v1/news/search': {
    results: [
      {
        title: 'News',
        url: 'https://n.example/1',
        description: 'New',
        age: '1 day ago',
        meta_url: { hostname: 'n.example' },
      },
    ],
  },
  'brave /res/v1/images/search': {
    results: [
      {
        title: 'Moon',
        url: 'https://p.example/moon',
        source: 'p.example',
        thumbnail: { src: 'https://imgs.example/t' },
        properties: { url: 'https://p.example/moon.png' },
      },
    ],
  },
  'bing /v7.0/search': {
    _type: 'SearchResponse',
    webPages: { value: [{ name: 'Lua', url: 'https://lua.org/', snippet: 'A language' }] },
  },
  'bing /v7.0/news/search': {
    value: [
      {
        name: 'News',
        url: 'https://n.example/1',
        description: 'New',
        datePublished: '2026-01-02T03:04:05Z',
        provider: [{ name: 'N' }],
      },
    ],
  },
  'bing /v7.0/images/search': {
    value: [
      {
        name: 'Moon',
        contentUrl: 'https://p.example/moon.png',
        hostPageUrl: 'https://p.example/moon',
        thumbnailUrl: 'https://t/1',
      },
    ],
  },
  'google /customsearch/v1': {
    kind: 'customsearch#search',
    items: [
      {
        title: 'Lua',
        link: 'https://lua.org/',
        displayLink: 'lua.org',
        snippet: 'A language',
        image: { contextLink: 'https://lua.org/page', thumbnailLink: 'https://t/1' },
      },
    ],
  },
  'serpapi /search': {
    search_metadata: { status: 'Success' },
    organic_results: [{ position: 1, title: 'Lua', link: 'https://lua.org/', snippet: 'A language' }],
    news_results: [
      { title: 'News', link: 'https://n.example/1', snippet: 'New', source: 'N', date: '1 day ago' },
    ],
    images_results: [
      {
        title: 'Moon',
        link: 'https://p.example/moon',
        original: 'https://p.example/moon.png',
        thumbnail: 'https://t/1',
      },
    ],
  },
  'serperdev /search': {
    answerBox: { title: 'Lua', answer: 'A language', link: 'https://lua.org/about' },
    organic: [{ title: 'Lua', link: 'https://lua.org/', snippet: 'A language', position: 1 }],
  },
  'serperdev /news': {
    news: [{ title: 'News', link: 'https://n.example/1', snippet: 'New', date: '1 day ago', source: 'N' }],
  },
  'serperdev /images': {
    images: [
      {
        title: 'Moon',
        imageUrl: 'https://p.example/moon.png',
        thumbnailUrl: 'https://t/1',
        link: 'https://p.example/moon',
        source: 'P',
      },
    ],
  },
  'tavily /search': {
    query: 'lua',
    answer: 'Lua is a language.',
    images: ['https://p.example/1.png', { url: 'https://p.example/2.png', description: 'Two' }],
    results: [
      { title: 'Lua', url: 'https://lua.org/', content: 'A language', score: 0.9, published_date: 'Mon' },
    ],
  },
};

/** An engine on loopback: answers its own paths in its own format, and 404 for anything else. */
export const engineServer =
  (engine: string): Answering =>
  (seen: SeenRequest, response) => {
    const path = new URL(seen.path, 'http://x').pathname;
    if (engine === 'duckduckgo' && path === '/html/') return response.end(DUCKDUCKGO_PAGE);
    if (engine === 'duckduckgo' && path === '/') return response.end(JSON.stringify(DUCKDUCKGO_ANSWER));
    const reply = JSON_REPLIES[`${engine} ${path}`];
    return response.writeHead(reply ? 200 : 404).end(JSON.stringify(reply ?? {}));
  };

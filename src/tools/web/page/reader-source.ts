/**
 * What the process does with a page. In: `{ parse5, linkedom, readability }` (paths of packages) and the fields
 * of a `ReadJob`; out: a `PageContent`, or `{ invalid: { selector, message } }`.
 *
 * Lines of text are runs between block elements. Once `maxText` characters are given, no more text follows.
 */
export const READER_SOURCE = `
const { parse, serialize } = require(data.parse5);
const { parseHTML, DOMParser } = require(data.linkedom);
const withoutScripts = { scriptingEnabled: false };
const document = data.xml
  ? new DOMParser().parseFromString(data.text, 'text/xml')
  : parseHTML(serialize(parse(data.text, withoutScripts), withoutScripts)).document;

const SILENT = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'head']);
const BLOCKS = new Set(('address article aside blockquote body caption center dd details dialog dir div dl dt ' +
  'fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol ' +
  'option p pre search section select summary table tbody tfoot thead tr ul').split(' '));

let left = data.maxText;
let truncated = false;
function cut(text) {
  if (text.length > left) truncated = true;
  const kept = text.length > left ? text.slice(0, left) : text;
  left -= kept.length;
  return kept;
}

function linesOf(root) {
  const lines = [];
  let line = '';
  let size = 0;
  let pre = !data.xml && root.closest && root.closest('pre') ? 1 : 0;
  const flush = () => {
    const whole = !data.collapse ? line : pre ? line.trimEnd() : line.replace(/\\s+/g, ' ').trim();
    if (whole.trim() !== '') lines.push(whole);
    line = '';
  };
  const text = (value) => {
    size += value.length;
    if (!pre) return void (line += value);
    const parts = value.split('\\n');
    for (const part of parts.slice(0, -1)) { line += part; flush(); }
    line += parts.at(-1);
  };
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (size > left) return;
      if (child.nodeType === 3 || child.nodeType === 4) text(child.data);
      if (child.nodeType !== 1) continue;
      const name = child.localName;
      if (!data.xml && SILENT.has(name)) continue;
      const block = data.xml || name === 'br' || BLOCKS.has(name);
      if (block) flush();
      if (name === 'pre') pre++;
      walk(child);
      if (block) flush();
      if (name === 'pre') pre--;
      if (name === 'td' || name === 'th') line += ' ';
    }
  };
  walk(root);
  flush();
  return lines;
}

function linesWithin(root) {
  const kept = [];
  for (const line of linesOf(root)) {
    if (truncated) break;
    kept.push(cut(line));
  }
  return kept;
}
const textOf = (root) => linesWithin(root).join('\\n');

function hit(element, pick) {
  const found = {};
  if (pick.text) found.text = textOf(element);
  if (pick.lines) found.lines = linesWithin(element);
  if (pick.html || (pick.text && pick.htmlWhenEmpty && found.text === '')) found.html = cut(element.outerHTML);
  if (pick.attributes) {
    found.attributes = {};
    for (const name of pick.attributes === 'all' ? element.getAttributeNames() : pick.attributes) {
      const value = element.getAttribute(name);
      if (value !== null && name !== '__proto__') found.attributes[name] = cut(value);
    }
  }
  return found;
}

function choose(pick) {
  const elements = document.querySelectorAll(pick.selector);
  const hits = [];
  for (const element of [...elements].slice(0, pick.limit)) {
    if (truncated) break;
    hits.push(hit(element, pick));
  }
  return { total: elements.length, hits };
}

const SPAN = (cell, name) => Math.min(1000, Math.max(1, Number.parseInt(cell.getAttribute(name), 10) || 1));
function readTable(table) {
  const caption = table.querySelector('caption');
  const own = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
  return {
    caption: caption && caption.closest('table') === table ? textOf(caption) : '',
    total: own.length,
    rows: own.slice(0, data.tables.rows).map((row) =>
      [...row.children]
        .filter((cell) => cell.localName === 'td' || cell.localName === 'th')
        .slice(0, data.tables.columns)
        .map((cell) => ({
          text: textOf(cell),
          header: cell.localName === 'th',
          colspan: SPAN(cell, 'colspan'),
          rowspan: SPAN(cell, 'rowspan'),
        })),
    ),
  };
}

function readTables() {
  const all = [...document.querySelectorAll('table')];
  return { total: all.length, tables: all.slice(0, data.tables.limit).map(readTable) };
}

function baseOf() {
  const said = data.xml ? null : document.querySelector('base[href]');
  try {
    return new URL(said ? said.getAttribute('href') : '', data.url).href;
  } catch {
    return data.url;
  }
}

function readArticle(base) {
  const { Readability } = require(data.readability);
  for (const old of document.querySelectorAll('base')) old.remove();
  const element = document.createElement('base');
  element.setAttribute('href', base);
  document.head.prepend(element);
  const article = new Readability(document, { serializer: (content) => content }).parse();
  if (!article) return null;
  const { content, title, byline, excerpt, siteName, lang, publishedTime } = article;
  return { title, byline, excerpt, siteName, lang, publishedTime, text: textOf(content), html: cut(content.innerHTML) };
}

const picks = [];
for (const pick of data.picks) {
  try {
    picks.push(choose(pick));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return { invalid: { selector: pick.selector, message: error.message } };
  }
}
const base = baseOf();
const root = data.xml ? null : document.documentElement;
return {
  title: data.xml ? '' : document.title.replace(/\\s+/g, ' ').trim(),
  language: (root && root.getAttribute('lang')) || '',
  base,
  picks,
  tables: data.tables ? readTables() : null,
  lines: data.lines ? linesWithin(data.xml ? document : document.body || document) : null,
  article: data.article && !data.xml ? readArticle(base) : null,
  truncated,
};`;

/**
 * What the process does that reads and writes formats whose parsers can take very long:
 * `{ task, module, text | value }` in (`module` is where the package is), the result or an error out.
 */
export const CONVERT_SOURCE = `
const SAFE_LINK = /^(?:https?:|mailto:|tel:|[^:]*$|[^:]*[/?#])/i;

/** A link that runs nothing, or none; neither white space nor character references hide a scheme. */
function safeLink(href) {
  const plain = String(href).replace(/[\\u0000-\\u0020\\u007f-\\u009f]+/g, '').replace(/&#?\\w+;?/g, ':');
  return SAFE_LINK.test(plain) ? href : undefined;
}

const escapeHtml = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const TASKS = {
  readYaml({ parseAllDocuments }) {
    const documents = [...parseAllDocuments(data.text, { prettyErrors: true, strict: true })];
    for (const document of documents) if (document.errors.length > 0) throw document.errors[0];
    const values = documents.map((document) => document.toJS({ maxAliasCount: 100 }));
    return values.length === 1 ? values[0] : values;
  },
  writeYaml({ stringify }) {
    return stringify(data.value, { aliasDuplicateObjects: false });
  },
  readToml({ parse }) {
    return parse(data.text);
  },
  writeToml({ stringify }) {
    return stringify(data.value);
  },
  markdownToHtml({ Marked }) {
    const marked = new Marked({ gfm: true });
    marked.use({
      renderer: {
        html: ({ text }) => escapeHtml(text),
        link(token) {
          return safeLink(token.href) === undefined ? this.parser.parseInline(token.tokens) : false;
        },
        image(token) {
          return safeLink(token.href) === undefined ? escapeHtml(token.text) : false;
        },
      },
    });
    return marked.parse(data.text);
  },
  htmlToMarkdown(Turndown) {
    const turndown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
    turndown.remove(['script', 'style', 'noscript', 'iframe', 'object', 'embed', 'template', 'head']);
    turndown.addRule('unsafeLinks', {
      filter: (node) =>
        (node.nodeName === 'A' && safeLink(node.getAttribute('href') ?? '') === undefined) ||
        (node.nodeName === 'IMG' && safeLink(node.getAttribute('src') ?? '') === undefined),
      replacement: (content) => content,
    });
    return turndown.turndown(data.text) + '\\n';
  },
};

/** What JSON has no value for. Dates become text, numbers beyond all bounds nothing. */
function plain(value) {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value === null || typeof value !== 'object') return value ?? null;
  const out = {};
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(out, key, { value: plain(item), enumerable: true, configurable: true, writable: true });
  return out;
}

const loaded = require(data.module);
const result = TASKS[data.task](data.task.endsWith('Markdown') ? loaded.default ?? loaded : loaded);
return typeof result === 'string' && !data.task.startsWith('read') ? result : JSON.stringify(plain(result));
`;

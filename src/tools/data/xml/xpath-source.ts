/**
 * What the process does with an XPath query: `{ dom, xpath, text, query, namespaces, limit, maxCharacters }` in (the
 * first two are where the packages are), `{ value }`, `{ matches, count, truncated }` or `{ error }` out.
 */
export const XPATH_SOURCE = `
const { DOMParser, XMLSerializer } = require(data.dom);
const xpath = require(data.xpath);
const TYPES = { 1: 'element', 2: 'attribute', 3: 'text', 4: 'text', 7: 'instruction', 8: 'comment', 9: 'document' };
const MAX_XML = 20000;
const short = (text) => (text.length > MAX_XML ? text.slice(0, MAX_XML) + '…' : text);

function described(node) {
  const type = TYPES[node.nodeType] ?? 'namespace';
  const value = node.nodeType === 1 || node.nodeType === 9 ? node.textContent ?? '' : node.nodeValue ?? '';
  const match = { type, name: node.nodeName, value: short(value) };
  if (node.lineNumber > 0) match.line = node.lineNumber;
  if (node.nodeType !== 1) return match;
  match.attributes = Array.from(node.attributes, (item) => [item.nodeName, item.nodeValue]);
  match.xml = short(new XMLSerializer().serializeToString(node));
  return match;
}

const document = new DOMParser({ onError() {} }).parseFromString(data.text, 'text/xml');
let expression;
try {
  expression = xpath.parse(data.query);
} catch (error) {
  return { error: String(error.message) };
}
let found;
try {
  found = expression.evaluate({ node: document, namespaces: data.namespaces });
} catch (error) {
  return { error: String(error.message) };
}
if (typeof found.toArray !== 'function') {
  const value = found.constructor.name === 'XString' ? found.stringValue()
    : found.constructor.name === 'XBoolean' ? found.booleanValue() : found.numberValue();
  return { value: typeof value === 'number' && !Number.isFinite(value) ? null : value };
}
const nodes = found.toArray();
const matches = [];
let characters = 0;
for (const node of nodes) {
  if (matches.length >= data.limit || characters > data.maxCharacters) break;
  const match = described(node);
  characters += match.value.length + (match.xml ? match.xml.length : 0);
  matches.push(match);
}
return { matches, count: nodes.length, truncated: matches.length < nodes.length };`;

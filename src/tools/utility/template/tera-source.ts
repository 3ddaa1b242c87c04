import { TERA_FILTERS } from './tera-filters.js';

/**
 * What the thread does with a Tera (Jinja-like) template: `{ path, template, context }` in, `{ rendered }` or
 * `{ stage, message }` out.
 *
 * The engine compiles templates to JavaScript and would let them walk prototypes up to `Function`. Four things
 * keep a template inside: names are plain identifiers (the compiler pastes them into code unescaped); names
 * and members are looked up among own properties and a fixed list of methods; functions have no members;
 * and when rendering begins the thread has no constructor for code, no `require` and no `process`.
 */
export const TERA_SOURCE = `
const nunjucks = require(data.path);
const runtime = nunjucks.runtime;
const MAX_RANGE = 1000000;

const METHODS = {
  string: ['at', 'charAt', 'concat', 'endsWith', 'includes', 'indexOf', 'lastIndexOf', 'padEnd', 'padStart',
    'slice', 'split', 'startsWith', 'substring', 'toLowerCase', 'toUpperCase', 'toString', 'trim', 'trimEnd',
    'trimStart'],
  array: ['at', 'concat', 'includes', 'indexOf', 'join', 'lastIndexOf', 'slice', 'toString'],
  number: ['toFixed', 'toPrecision', 'toString'],
  boolean: ['toString'],
};

function kindOf(value) {
  if (Array.isArray(value)) return 'array';
  return value instanceof runtime.SafeString ? 'string' : typeof value;
}

let missing = '';
function absent(name) {
  missing = name;
  return undefined;
}

runtime.memberLookup = (object, key) => {
  const name = String(key);
  if (object === undefined || object === null || typeof object === 'function') return absent(name);
  const own = Object.hasOwn(Object(object), name);
  if (!own && !(METHODS[kindOf(object)] || []).includes(name)) return absent(name);
  const value = object[name];
  return typeof value === 'function' ? (...args) => value.apply(object, args) : value;
};

runtime.contextOrFrameLookup = (context, frame, name) => {
  const local = frame.lookup(name);
  if (local !== undefined) return local;
  if (Object.hasOwn(context.ctx, name)) return context.ctx[name];
  return Object.hasOwn(context.env.globals, name) ? context.env.globals[name] : absent(name);
};

function isKeywords(value) {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '__keywords');
}

/** Tera writes filter arguments by name; the engine takes them by position. */
function named(names, work) {
  return (...args) => {
    const last = args[args.length - 1];
    if (!isKeywords(last)) return work(...args);
    const rest = args.slice(0, -1);
    const offset = args.length - 1;
    names.forEach((name, index) => {
      if (Object.hasOwn(last, name)) rest[offset + index] = last[name];
    });
    return work(...rest);
  };
}

const env = new nunjucks.Environment([], { autoescape: true, throwOnUndefined: true });

const range = named(['start', 'end', 'step_by'], (start, end, step = 1) => {
  const [from, to] = end === undefined ? [0, start] : [start === undefined ? 0 : start, end];
  const count = Math.ceil((to - from) / step);
  if (!(count <= MAX_RANGE)) throw new Error('range is longer than ' + MAX_RANGE);
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + index * step);
});
env.addGlobal('range', range);

${TERA_FILTERS}
const original = (name) => env.getFilter(name);
const FILTERS = {
  default: [['value'], original('default')],
  join: [['sep'], original('join')],
  replace: [['from', 'to'], original('replace')],
  split: [['pat'], (text, separator) => String(text).split(separator)],
  slugify: [[], (text) => String(text).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')],
  json_encode: [['pretty'], (value, pretty) =>
    new runtime.SafeString(JSON.stringify(value, null, pretty ? 2 : 0).replace(/</g, '\\\\u003c'))],
  ...MORE_FILTERS,
};
for (const [name, [names, work]] of Object.entries(FILTERS)) {
  env.addFilter(name, named(names, (...args) => work.apply({ env }, args)));
}
for (const [name, test] of Object.entries(MORE_TESTS)) env.addTest(name, test);
for (const table of [env.filters, env.tests, env.globals]) Object.setPrototypeOf(table, null);

function refuseOddNames(template) {
  const tokens = nunjucks.lexer.lex(template, {});
  for (let token = tokens.nextToken(); token; token = tokens.nextToken()) {
    if (token.type === 'symbol' && !/^[A-Za-z_]\\w*$/.test(token.value))
      throw new Error('unexpected ' + JSON.stringify(token.value) + ' on line ' + (token.lineno + 1));
    if (token.type === 'regex') throw new Error('regular expressions are not available in templates');
  }
}

function withoutConstructors() {
  const blocked = () => { throw new Error('code cannot be made from text here'); };
  const kinds = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const kind of kinds)
    Object.defineProperty(Object.getPrototypeOf(kind), 'constructor', { value: blocked });
  globalThis.Function = blocked;
  globalThis.eval = blocked;
  for (const name of ['require', 'module', 'exports', 'process', 'WebAssembly', 'fetch', 'Worker'])
    delete globalThis[name];
}

let compiled;
try {
  refuseOddNames(data.template);
  compiled = new nunjucks.Template(data.template, env, 'template', true);
} catch (error) {
  return { stage: 'syntax', message: error.message };
}
try {
  withoutConstructors();
  return { rendered: compiled.render(data.context) };
} catch (error) {
  const unnamed = /null or undefined value|undefined or falsey/.test(error.message);
  return { stage: 'render', message: error.message + (unnamed && missing ? " ('" + missing + "')" : '') };
}`;

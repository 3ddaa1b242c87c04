import type { ApiClass, ApiFunction, ApiGlobal, ApiType } from './api.js';
import { luaParam, luaSignature } from './lua.js';
import { anchor, code, fence, GENERATED, markdownTable, page } from './markdown.js';
import { camelCase } from './names.js';
import { type FieldNode, luaText, namesIn, type TypeNode, typeScriptText } from './type-text.js';
import { scriptSignature } from './typescript.js';

/** Where members of one owner are found, and how a page refers to types. */
interface Place {
  owner: string;
  separator: '.' | ':';
  /** Named type → address of its description. */
  links: ReadonlyMap<string, string>;
}

/** `docs/reference/`: one page for each global, and their index. */
export function referencePages(globals: readonly ApiGlobal[]): Record<string, string> {
  const links = new Map(globals.flatMap((global) => linksOf(global)));
  const pages = globals.map(
    (global) => [`docs/reference/${fileOf(global)}`, globalPage(global, links)] as const,
  );
  return { 'docs/reference/README.md': indexPage(globals), ...Object.fromEntries(pages) };
}

/** Headings differ from those of members: `Agent.builder` and `AgentBuilder` would have the same anchor. */
const classHeading = (name: string) => `Class ${name}`;
const typeHeading = (name: string) => `Type ${name}`;

function linksOf(global: ApiGlobal): [string, string][] {
  const classes = global.classes.map(({ name }) => [name, classHeading(name)] as const);
  const types = global.types.map(({ name }) => [name, typeHeading(name)] as const);
  return [...classes, ...types].map(([name, heading]) => [name, `${fileOf(global)}#${anchor(heading)}`]);
}

const fileOf = ({ name }: ApiGlobal) => `${name.toLowerCase()}.md`;

function indexPage(globals: readonly ApiGlobal[]): string {
  const rows = globals.map((global) => [`[${code(global.name)}](${fileOf(global)})`, global.doc]);
  return page([
    GENERATED,
    '# API reference',
    'The globals that every spell sees, in Lua, JavaScript and TypeScript alike. Nothing has to be imported.',
    markdownTable(['Global', 'What it is for'], rows),
    'Names are shown as they are usually written: both `list_keys` and `listKeys` work in both languages. Calls block ' +
      'until their result is there; none needs `await`. What a call raises is a string in Lua (its code is in ' +
      '`Debug.last_error()`) and an `Error` with a `code` in JavaScript; all codes are in [errors](../errors.md).',
  ]);
}

function globalPage(global: ApiGlobal, links: Place['links']): string {
  const place: Place = { owner: global.name, separator: '.', links };
  const blocks = [
    GENERATED,
    `# ${global.name}`,
    global.doc,
    indexNote(global),
    markdownTable(['Member', 'What it does'], memberRows(global.functions, place)),
    ...global.functions.flatMap((fn) => functionBlocks(fn, place)),
    ...global.classes.flatMap((each) => classBlocks(each, links)),
    ...(global.types.length > 0
      ? ['## Types', ...global.types.flatMap((type) => typeBlocks(type, links))]
      : []),
  ];
  return page(blocks);
}

function indexNote({ name, index }: ApiGlobal): string {
  if (!index) return '';
  return `Any other key gives a ${code(luaText(index))}: ${code(`${name}["some-name"]`)}, ${code(`${name}.some_name`)}.`;
}

function memberRows(functions: readonly ApiFunction[], { owner, separator }: Place): string[][] {
  return functions.map((fn) => [
    `[${code(fn.name)}](#${anchor(owner + separator + fn.name)})`,
    firstSentence(fn.doc),
  ]);
}

function functionBlocks(fn: ApiFunction, place: Place): string[] {
  const { text, raises } = splitRaises(fn.doc);
  return [
    `### ${place.owner}${place.separator}${fn.name}`,
    text,
    markdownTable(['Language', 'Signature'], signatureRows(fn, place)),
    parameterTable(fn.params, place.links),
    resultText(fn, place.links),
    raises.length > 0 ? `**Raises:** ${raises.join(' ')}` : '',
    otherSpellings(fn),
    fn.local && place.separator === '.' ? 'Runs inside the script; nothing crosses to the kernel.' : '',
    ...(fn.example ? [fence('lua', fn.example.lua), fence('javascript', fn.example.javascript)] : []),
  ];
}

function signatureRows(fn: ApiFunction, { owner, separator }: Place): string[][] {
  return [
    ['Lua', code(`${owner}${separator}${luaSignature(fn)}`)],
    ['JavaScript', code(`${owner}.${scriptSignature(fn)}`)],
  ];
}

function parameterTable(params: readonly FieldNode[], links: Place['links']): string {
  const rows = params.map(({ name, type, optional, doc }) => [
    code(luaParam(name)),
    typeCell(type, links),
    optional ? 'no' : 'yes',
    doc,
  ]);
  return markdownTable(['Parameter', 'Type', 'Required', 'Meaning'], rows);
}

/** One type where both languages agree, else both. A type that is only a name leads to its description. */
function typeCell(type: TypeNode, links: Place['links']): string {
  const [lua, javascript] = [luaText(type), typeScriptText(type)];
  const text = lua === javascript ? code(lua) : `${code(lua)} / ${code(javascript)}`;
  const targets = namesIn(type).filter((name) => links.has(name));
  if (targets.length === 1) return `[${text}](${links.get(targets[0]!)})`;
  return [text, ...targets.map((name) => `[${name}](${links.get(name)})`)].join(', ');
}

function resultText({ returns, returnsDoc }: ApiFunction, links: Place['links']): string {
  if (returns.kind === 'nothing') return '';
  return `**Gives:** ${typeCell(returns, links)}${returnsDoc && ` – ${returnsDoc}`}`;
}

function otherSpellings({ name, spellings }: ApiFunction): string {
  const others = spellings.filter((each) => each !== camelCase(name));
  return others.length > 0 ? `**Other spellings:** ${others.map(code).join(', ')}` : '';
}

/** Takes the sentences about errors out of a text. */
function splitRaises(doc: string): { text: string; raises: string[] } {
  const all = sentences(doc);
  const isRaise = (sentence: string) => sentence.startsWith('Raises');
  const raises = all.filter(isRaise).map((sentence) => capital(sentence.replace(/^Raises:?\s*/, '')));
  return { text: all.filter((sentence) => !isRaise(sentence)).join(' '), raises };
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=[A-Z`])/);
}

const firstSentence = (doc: string) => sentences(doc)[0] ?? doc;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function classBlocks({ name, doc, kind, fields, methods }: ApiClass, links: Place['links']): string[] {
  const rows = fields.map((field) => [code(field.name), typeCell(field.type, links), field.doc]);
  return [
    `## ${classHeading(name)}`,
    doc,
    markdownTable(['Field', 'Type', 'Meaning'], rows),
    ...(kind === undefined
      ? [setterTable(methods)]
      : methodBlocks(methods, { owner: name, separator: ':', links })),
  ];
}

function methodBlocks(methods: readonly ApiFunction[], place: Place): string[] {
  const head = markdownTable(['Method', 'What it does'], memberRows(methods, place));
  return [head, ...methods.flatMap((method) => functionBlocks(method, place))];
}

/** The methods of a builder are alike: one line says all. */
function setterTable(methods: readonly ApiFunction[]): string {
  const rows = methods.map((method) => [
    code(luaSignature(method)),
    method.doc,
    method.spellings.map(code).join(', '),
  ]);
  return markdownTable(['Method', 'What it does', 'Other spellings'], rows);
}

function typeBlocks({ name, doc, type }: ApiType, links: Place['links']): string[] {
  if (type.kind !== 'object') return [`### ${typeHeading(name)}`, doc, typeCell(type, links)];
  const rows = type.fields.map((field) => [
    code(field.name),
    typeCell(field.type, links),
    field.optional ? 'maybe' : 'always',
    field.doc,
  ]);
  return [`### ${typeHeading(name)}`, doc, markdownTable(['Field', 'Type', 'Present', 'Meaning'], rows)];
}

import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { isExactNumber } from '../csv/value-kind.js';
import type { XmlElement, XmlNode } from './tree.js';

/** How elements become JSON and back. */
export interface JsonStyle {
  /** Before the names of attributes. */
  attributePrefix: string;
  /** The key of text beside attributes or elements. */
  textKey: string;
  /** Elements that are lists even when there is one. */
  arrays: ReadonlySet<string>;
  /** Text that is a number or true or false becomes one. */
  inferTypes: boolean;
}

/** The deepest JSON that is made, well below what a call may carry. */
const MAX_JSON_DEPTH = 180;
/** What XML 1.0 can hold. */
const INVALID =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const NAME = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.\u00b7-]*$/u;

/** An element as JSON: attributes and elements by name, those of one name in a list, text alone as text. */
export function elementToJson(element: XmlElement, style: JsonStyle): JsonValue {
  return content(element, style, 1);
}

/** An element as `{ name, attributes, children }`, which loses nothing but comments. */
export function elementToTree(element: XmlElement): JsonObject {
  const attributes: JsonObject = {};
  for (const [name, value] of element.attributes) setOwn(attributes, name, value);
  const children = element.children.flatMap((node) => treeNode(node));
  return { name: element.name, attributes, children };
}

/**
 * The element that JSON describes.
 * @param value one key, the root's name; or what the root holds when `root` is given
 * @throws `input.invalid` for names and characters that XML does not have
 */
export function jsonToElement(value: JsonValue, root: string | undefined, style: JsonStyle): XmlElement {
  if (root !== undefined) return elementOf(root, value, style, 1);
  const entries = isRecord(value) ? Object.entries(value as JsonObject) : [];
  const [only] = entries;
  if (only && entries.length === 1 && !Array.isArray(only[1])) return elementOf(only[0], only[1], style, 1);
  return elementOf('root', value, style, 1);
}

function content(element: XmlElement, style: JsonStyle, depth: number): JsonValue {
  if (depth > MAX_JSON_DEPTH / 2)
    throw fail(
      'input.invalid',
      `Elements are nested too deep for JSON: more than ${MAX_JSON_DEPTH / 2} levels`,
    );
  const text = ownText(element);
  const elements = element.children.filter((node) => node.kind === 'element');
  if (element.attributes.length === 0 && elements.length === 0) return scalar(text, style);
  const out: JsonObject = {};
  for (const [name, value] of element.attributes)
    setOwn(out, style.attributePrefix + name, scalar(value, style));
  for (const [name, group] of grouped(elements)) {
    const values = group.map((child) => content(child, style, depth + 1));
    setOwn(out, name, values.length === 1 && !style.arrays.has(name) ? values[0]! : values);
  }
  if (text !== '') setOwn(out, style.textKey, scalar(text, style));
  return out;
}

/** Elements by name, each name where it is first. */
function grouped(elements: readonly XmlElement[]): Map<string, XmlElement[]> {
  const groups = new Map<string, XmlElement[]>();
  for (const element of elements) {
    const group = groups.get(element.name);
    if (group) group.push(element);
    else groups.set(element.name, [element]);
  }
  return groups;
}

function ownText(element: XmlElement): string {
  const parts = element.children.map((node) =>
    node.kind === 'text' || node.kind === 'cdata' ? node.text : '',
  );
  return parts.join('').trim();
}

function scalar(text: string, { inferTypes }: JsonStyle): JsonValue {
  if (!inferTypes) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return isExactNumber(text) ? Number(text) : text;
}

function treeNode(node: XmlNode): JsonValue[] {
  if (node.kind === 'element') return [elementToTree(node)];
  if (node.kind === 'cdata') return [node.text];
  return node.kind === 'text' && node.text.trim() !== '' ? [node.text] : [];
}

function elementOf(name: string, value: JsonValue, style: JsonStyle, depth: number): XmlElement {
  if (depth > MAX_JSON_DEPTH)
    throw fail('input.invalid', `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
  const element: XmlElement = { kind: 'element', name: checkedName(name), attributes: [], children: [] };
  if (!isRecord(value)) {
    fill(element, Array.isArray(value) ? { item: value } : { [style.textKey]: value }, style, depth);
    return element;
  }
  fill(element, value as JsonObject, style, depth);
  return element;
}

function fill(element: XmlElement, value: JsonObject, style: JsonStyle, depth: number): void {
  for (const [key, item] of Object.entries(value)) {
    if (key === style.textKey) addText(element, textOf(item));
    else if (style.attributePrefix !== '' && key.startsWith(style.attributePrefix))
      element.attributes.push([checkedName(key.slice(style.attributePrefix.length)), textOf(item)]);
    else
      for (const one of Array.isArray(item) ? item : [item])
        element.children.push(elementOf(key, one, style, depth + 1));
  }
}

function addText(element: XmlElement, text: string): void {
  if (text !== '') element.children.push({ kind: 'text', text });
}

function textOf(value: JsonValue): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (INVALID.test(text)) throw fail('input.invalid', 'The text has a character that XML cannot hold');
  return text;
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw fail('input.invalid', `'${name}' is no name for an element or attribute of XML`);
}

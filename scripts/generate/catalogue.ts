import type { Catalogue, CatalogueEntry } from '../../src/cli/catalogue.js';
import type { ApiClass, ApiFunction, ApiGlobal } from './api.js';
import { luaSignature } from './lua.js';
import { luaText, typeScriptText } from './type-text.js';
import { scriptSignature } from './typescript.js';

/** `types/catalogue.json`: what hovers and completion show, one entry a line so that changes are readable. */
export function catalogueJson(globals: readonly ApiGlobal[]): string {
  const entries = Object.entries(catalogueOf(globals)).map(
    ([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`,
  );
  return `{\n${entries.join(',\n')}\n}\n`;
}

function catalogueOf(globals: readonly ApiGlobal[]): Catalogue {
  const catalogue: Catalogue = {};
  for (const global of globals) {
    catalogue[global.name] = { lua: global.name, javascript: global.name, doc: global.doc };
    for (const fn of global.functions)
      catalogue[`${global.name}.${fn.name}`] = functionEntry(fn, global.name, '.');
    for (const each of global.classes) addClass(catalogue, each);
  }
  return catalogue;
}

function addClass(catalogue: Catalogue, { name, kind, fields, methods }: ApiClass): void {
  const owner = kind ?? name;
  for (const field of fields) {
    catalogue[`${owner}:${field.name}`] = {
      lua: `${owner}.${field.name}: ${luaText(field.type)}`,
      javascript: `${owner}.${field.name}: ${typeScriptText(field.type)}`,
      doc: field.doc,
    };
  }
  for (const method of methods) catalogue[`${owner}:${method.name}`] = functionEntry(method, owner, ':');
}

function functionEntry(fn: ApiFunction, owner: string, separator: '.' | ':'): CatalogueEntry {
  return {
    lua: `${owner}${separator}${luaSignature(fn)}`,
    javascript: `${owner}.${scriptSignature(fn)}`,
    doc: fn.doc,
    ...(fn.spellings.length > 0 && { spellings: fn.spellings }),
    ...(fn.example && { example: fn.example }),
  };
}

import { promises } from 'node:fs';
import { packageFile } from './package-file.js';

/** What a hover shows of one name. */
export interface CatalogueEntry {
  /** The signature in Lua. */
  lua: string;
  /** The signature in JavaScript. */
  javascript: string;
  doc: string;
  /** Other names by which it is known. */
  spellings?: string[];
  example?: { lua: string; javascript: string };
}

/**
 * Everything a script can name: globals (`Tool`), their members (`Tool.execute`), and fields and methods of handles
 * and builders (`agent:execute`, `AgentBuilder:model`).
 */
export type Catalogue = Record<string, CatalogueEntry>;

/** The catalogue of this version, from the package's own `types/catalogue.json`. */
export async function loadCatalogue(): Promise<Catalogue> {
  return JSON.parse(await promises.readFile(packageFile('types/catalogue.json'), 'utf8')) as Catalogue;
}

/** The entry for a name in any accepted spelling: `State.list_keys`, `State.listKeys`, `State.list`. */
export function lookUp(catalogue: Catalogue, name: string): CatalogueEntry | undefined {
  if (Object.hasOwn(catalogue, name)) return catalogue[name];
  const at = name.search(/[.:]/);
  if (at < 0) return undefined;
  const [owner, member] = [name.slice(0, at + 1), name.slice(at + 1)];
  const found = Object.entries(catalogue).find(
    ([key, { spellings }]) => key.startsWith(owner) && spellings?.includes(member),
  );
  return found?.[1];
}

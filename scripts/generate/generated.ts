import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { updateReference } from '../../src/config/reference.js';
import { apiOf } from './api.js';
import { catalogueJson } from './catalogue.js';
import { cliReference } from './cli-reference.js';
import { errorsPage } from './errors-page.js';
import { commandsIndex, globalsIndex, manifestModule, providersIndex, toolsIndex } from './indexes.js';
import { luaLibrary } from './lua.js';
import { manifestOf } from './manifest.js';
import { referencePages } from './reference.js';
import { readSources, type Sources } from './sources.js';
import { toolPages } from './tool-pages.js';
import { typeScriptLibrary } from './typescript.js';

/** Every generated file: path from the root → its text. The same sources always give the same texts. */
export async function generated(root: string): Promise<Record<string, string>> {
  const sources = await readSources(root);
  return { ...modules(sources), ...libraries(sources), ...configuration(root) };
}

/** What the program itself is built from. */
function modules(sources: Sources): Record<string, string> {
  return {
    'src/globals/index.generated.ts': globalsIndex(sources),
    'src/tools/index.generated.ts': toolsIndex(sources),
    'src/providers/index.generated.ts': providersIndex(sources),
    'src/cli/index.generated.ts': commandsIndex(sources),
    'src/script/manifest.generated.ts': manifestModule(manifestOf(sources)),
  };
}

/** What editors and readers get. */
function libraries({ globals, tools, commands }: Sources): Record<string, string> {
  const api = apiOf(globals.map(({ definition }) => definition));
  return {
    'types/llmspell.d.ts': typeScriptLibrary(api),
    'types/llmspell.lua': luaLibrary(api),
    'types/catalogue.json': catalogueJson(api),
    ...referencePages(api),
    ...toolPages(tools.map(({ definition }) => definition)),
    'docs/errors.md': errorsPage(),
    'docs/reference/cli.md': cliReference(commands),
  };
}

/** The configuration's schema, and its tables inside the page about it. */
function configuration(root: string): Record<string, string> {
  const page = 'docs/configuration.md';
  return {
    'schema/llmspell.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    [page]: updateReference(readFileSync(join(root, page), 'utf8')),
  };
}

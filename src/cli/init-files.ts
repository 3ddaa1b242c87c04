import { existsSync, promises } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from './package-file.js';

/** Where a locally installed llmspell keeps its editor types, seen from the project. */
const INSTALLED_TYPES = 'node_modules/llmspell/types';

/** Where they are copied to when llmspell is not installed in the project. */
const COPIED_TYPES = '.llmspell/types';

/** What is copied: name beside the types → name in the package. */
const COPIES = {
  'llmspell.d.ts': 'types/llmspell.d.ts',
  'llmspell.lua': 'types/llmspell.lua',
  'llmspell.schema.json': 'schema/llmspell.schema.json',
} as const;

/** The files of a project that editors read, and where they look. */
export interface ProjectFiles {
  /** Belong to the user once written: path from the project → text. */
  files: Record<string, string>;
  /** Copies of what this version ships: path → text; empty when llmspell is installed locally. Safe to replace. */
  copies: Record<string, string>;
  /** Path of the configuration's JSON Schema from the project, for the `#:schema` line of `llmspell.toml`. */
  schema: string;
}

/** Everything that `llmspell init` writes besides `llmspell.toml`, for the project in `directory`. */
export async function projectFiles(directory: string): Promise<ProjectFiles> {
  if (existsSync(join(directory, INSTALLED_TYPES, 'llmspell.d.ts'))) {
    const schema = './node_modules/llmspell/schema/llmspell.schema.json';
    return { files: initFiles({ typesDir: INSTALLED_TYPES }), copies: {}, schema };
  }
  const copies = await typeFiles();
  return {
    files: initFiles({ typesDir: COPIED_TYPES }),
    copies,
    schema: `./${COPIED_TYPES}/llmspell.schema.json`,
  };
}

/**
 * The settings that let an editor complete and check spells at once, and a first spell.
 * @param options.typesDir folder of `llmspell.d.ts` and `llmspell.lua`, from the project, with `/`.
 */
export function initFiles({ typesDir }: { typesDir: string }): Record<string, string> {
  return {
    '.luarc.json': json(luaSettings(typesDir)),
    'jsconfig.json': json(javaScriptSettings(typesDir)),
    'spell.lua': SPELL,
  };
}

async function typeFiles(): Promise<Record<string, string>> {
  const texts = Object.entries(COPIES).map(
    async ([name, source]) =>
      [`${COPIED_TYPES}/${name}`, await promises.readFile(packageFile(source), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

/** Settings of the Lua language server. `Tool.get(name):execute()` would be doubted without the exception. */
function luaSettings(typesDir: string): object {
  return {
    $schema: 'https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json',
    'runtime.version': 'Lua 5.4',
    'workspace.library': [typesDir],
    'workspace.checkThirdParty': false,
    'diagnostics.disable': ['need-check-nil'],
  };
}

/**
 * Settings of the TypeScript language server, for JavaScript and TypeScript spells. Each spell is a program of its
 * own, so two of them may use the same names; neither a browser nor Node is there. The types stand in `files`, since
 * `exclude` covers what `include` names.
 */
function javaScriptSettings(typesDir: string): object {
  return {
    compilerOptions: {
      checkJs: true,
      strict: true,
      strictNullChecks: false,
      noImplicitAny: false,
      useUnknownInCatchVariables: false,
      target: 'ES2023',
      lib: ['ES2023'],
      module: 'ESNext',
      moduleResolution: 'Bundler',
      moduleDetection: 'force',
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      types: [],
      noEmit: true,
    },
    files: [`${typesDir}/llmspell.d.ts`],
    include: ['**/*.js', '**/*.mjs', '**/*.ts', '**/*.mts'],
    exclude: ['node_modules'],
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const SPELL = `-- A first spell. Run it with: llmspell run spell.lua --name Ada
local name = ARGS.name or "world"
print("Hello, " .. name .. "!")

-- Tools need neither a key nor the network.
local answer = Tool.execute("calculator", { input = "6 * 7" })
print("6 * 7 = " .. answer.result.result)

-- State outlives the spell: the next run counts on.
local runs = (State.get("runs") or 0) + 1
State.set("runs", runs)
print("This is run number " .. runs)
`;

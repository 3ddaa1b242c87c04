/** Writes every generated file, or with `--check` fails when one is not what it would be. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  commandsIndex,
  globalsIndex,
  manifestModule,
  providersIndex,
  toolsIndex,
} from './generate/indexes.js';
import { manifestOf } from './generate/manifest.js';
import { readSources } from './generate/sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));

async function generated(): Promise<Record<string, string>> {
  const sources = await readSources(root);
  return {
    'src/globals/index.generated.ts': globalsIndex(sources),
    'src/tools/index.generated.ts': toolsIndex(sources),
    'src/providers/index.generated.ts': providersIndex(sources),
    'src/cli/index.generated.ts': commandsIndex(sources),
    'src/script/manifest.generated.ts': manifestModule(manifestOf(sources)),
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, text] of Object.entries(await generated())) {
  const path = join(root, name);
  if (read(path) === text) continue;
  stale.push(name);
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const name of stale) console.log(check ? `out of date: ${name}` : `wrote ${name}`);
if (check && stale.length > 0) {
  console.error('Run: npm run generate');
  process.exitCode = 1;
}

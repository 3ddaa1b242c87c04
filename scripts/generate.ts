/** Writes every generated file, or with `--check` fails when one is not what it would be. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generated } from './generate/generated.js';
import { GENERATED } from './generate/markdown.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders whose generated pages go when what they describe is gone. */
const PAGES = ['docs/reference', 'docs/tools'];

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Generated pages that nothing generates any more. */
function leftovers(files: Record<string, string>): string[] {
  const folders = PAGES.filter((folder) => existsSync(join(root, folder)));
  const present = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  return present.filter(
    (name) => !Object.hasOwn(files, name) && read(join(root, name))?.startsWith(GENERATED),
  );
}

const check = process.argv.includes('--check');
const files = await generated(root);
const stale = Object.keys(files).filter((name) => read(join(root, name)) !== files[name]);
const gone = leftovers(files);

if (!check) {
  for (const name of stale) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), files[name]!);
  }
  for (const name of gone) rmSync(join(root, name));
}
for (const name of stale) console.log(check ? `out of date: ${name}` : `wrote ${name}`);
for (const name of gone) console.log(check ? `no longer generated: ${name}` : `removed ${name}`);
if (check && stale.length + gone.length > 0) {
  console.error('Run: npm run generate');
  process.exitCode = 1;
}

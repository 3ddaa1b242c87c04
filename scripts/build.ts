/**
 * Builds `dist/`: the program, the library in both module forms, and the isolate's thread. Everything is made in
 * a folder beside it and put in place at the end, so that whoever runs the old build never sees half of the new one.
 */
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundles, WASM } from '../rolldown.config.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const fresh = join(root, `dist.${process.pid}`);
const old = join(root, `dist.old.${process.pid}`);

mkdirSync(fresh, { recursive: true });
for (const { output, ...input } of bundles(fresh)) {
  const bundle = await rolldown({
    ...input,
    cwd: root,
    logLevel: 'warn',
    checks: { ineffectiveDynamicImport: false },
  });
  await bundle.write(output);
  await bundle.close();
}
for (const [name, from] of Object.entries(WASM)) copyFileSync(join(root, from), join(fresh, name));

/** The library as an ES module: the very same code as the CommonJS form, under its exported names. */
const library = createRequire(import.meta.url)(join(fresh, 'index.cjs')) as object;
const names = Object.keys(library)
  .filter((name) => /^\w+$/.test(name))
  .sort();
writeFileSync(
  join(fresh, 'index.mjs'),
  `import library from './index.cjs';\nexport const { ${names.join(', ')} } = library;\n`,
);

replace();

function replace(): void {
  try {
    renameSync(dist, old);
  } catch {
    // There was no earlier build.
  }
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

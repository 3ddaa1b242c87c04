/** Builds `dist/`: the program, the library in both module forms, and the isolate's thread. Prints only what is wrong. */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';
import configs from '../rolldown.config.js';

const dist = new URL('../dist/', import.meta.url);

for (const { output, ...input } of configs) {
  const bundle = await rolldown({ ...input, logLevel: 'warn' });
  await bundle.write(output);
  await bundle.close();
}

/** The library as an ES module: the very same code as the CommonJS form, under its exported names. */
const names = Object.keys(createRequire(import.meta.url)('../dist/index.cjs') as object).filter((name) =>
  /^\w+$/.test(name),
);
writeFileSync(
  new URL('index.mjs', dist),
  `import library from './index.cjs';\nexport const { ${names.sort().join(', ')} } = library;\n`,
);
rmSync(new URL('chunks', dist), { recursive: true, force: true });

import { copyFileSync, mkdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** Engines that ship inside the package, beside the code that loads them. */
const WASM = {
  'lua.wasm': 'node_modules/wasmoon/dist/glue.wasm',
  'quickjs.wasm': 'node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm',
};

/** Loaded from `node_modules` at run time: native code, and engines that run in threads of their own. */
const EXTERNAL = [/^node:/, 'lmdb', 'nunjucks', 'handlebars', 'jq-wasm'];

const shared = {
  platform: 'node' as const,
  external: EXTERNAL,
  transform: { target: 'node20' },
  moduleTypes: { '.lua': 'text' as const, '.prelude.js': 'text' as const },
};

export default defineConfig([
  {
    ...shared,
    input: { bin: 'src/bin.ts', index: 'src/index.ts' },
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      exports: 'named',
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      comments: { legal: false },
    },
    plugins: [
      {
        name: 'copy-engines',
        buildStart() {
          mkdirSync('dist', { recursive: true });
          for (const [name, from] of Object.entries(WASM)) copyFileSync(from, `dist/${name}`);
        },
      },
    ],
  },
  {
    ...shared,
    input: { isolate: 'src/isolate.ts' },
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/isolate-[name]-[hash].cjs',
      comments: { legal: false },
    },
  },
]);

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import type { Plugin } from 'rolldown';
import { currentCommit } from './scripts/build-commit.js';

/** Engines that ship inside the package, beside the code that loads them. */
const WASM = {
  'lua.wasm': 'node_modules/wasmoon/dist/glue.wasm',
  'quickjs.wasm': 'node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm',
};

/** Loaded from `node_modules` at run time: native code, and engines that run in threads of their own. */
const EXTERNAL = [/^node:/, 'lmdb', 'nunjucks', 'handlebars', 'jq-wasm'];

/**
 * One entry with chunks of its own. The program, the library and the isolate's thread share no chunks: each
 * starts with just the code it needs, which is most of what a cold start is made of.
 */
function entry(name: string, plugins: Plugin[] = []) {
  return {
    input: { [name]: `src/${name}.ts` },
    platform: 'node' as const,
    external: EXTERNAL,
    transform: { target: 'node20', define: { __LLMSPELL_COMMIT__: JSON.stringify(currentCommit()) } },
    moduleTypes: { '.lua': 'text' as const, '.prelude.js': 'text' as const },
    plugins,
    output: {
      dir: 'dist',
      format: 'cjs' as const,
      entryFileNames: '[name].cjs',
      chunkFileNames: `${name}/[name]-[hash].cjs`,
      exports: 'named' as const,
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      comments: { legal: false },
    },
  };
}

/** Empties what an earlier build left, and puts the engines beside the code. */
const prepare: Plugin = {
  name: 'prepare',
  buildStart() {
    for (const name of ['bin', 'index', 'isolate', 'chunks'])
      rmSync(`dist/${name}`, { recursive: true, force: true });
    mkdirSync('dist', { recursive: true });
    for (const [name, from] of Object.entries(WASM)) copyFileSync(from, `dist/${name}`);
  },
};

export default [entry('bin', [prepare]), entry('index'), entry('isolate')];

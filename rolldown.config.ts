import { currentCommit } from './scripts/build-commit.js';

/** Engines that ship inside the package, beside the code that loads them. */
export const WASM = {
  'lua.wasm': 'node_modules/wasmoon/dist/glue.wasm',
  'quickjs.wasm': 'node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm',
};

/** Loaded from `node_modules` at run time: native code, and engines that run in threads of their own. */
const EXTERNAL = [
  /^node:/,
  'lmdb',
  'nunjucks',
  'handlebars',
  'jq-wasm',
  'linkedom',
  'parse5',
  '@mozilla/readability',
  'node-sqlite3-wasm',
  'unpdf',
  'sharp',
  'mediainfo.js',
  '@xmldom/xmldom',
  'xpath',
  'lz4-napi',
  '@napi-rs/blake-hash',
  '@bokuweb/zstd-wasm',
  '@opentelemetry/api',
];

/** The modules from which a run starts; what they import statically comes along. */
const RUN_PATH =
  /src\/cli\/(main|terminal|commands\/(run|exec))\.ts|src\/config\/load\.ts|src\/storage\/journal-files\.ts/;

/**
 * One entry with chunks of its own. The program, the library and the isolate's thread share no chunks: each
 * starts with just the code it needs, which is most of what a cold start is made of.
 */
function entry(name: string, dir: string) {
  return {
    input: { [name]: `src/${name}.ts` },
    platform: 'node' as const,
    external: EXTERNAL,
    transform: { target: 'node20', define: { __LLMSPELL_COMMIT__: JSON.stringify(currentCommit()) } },
    moduleTypes: { '.lua': 'text' as const, '.prelude.js': 'text' as const },
    output: {
      dir,
      format: 'cjs' as const,
      entryFileNames: '[name].cjs',
      chunkFileNames: `${name}/[name]-[hash].cjs`,
      exports: 'named' as const,
      // What running a spell needs is one file: finding a file costs more than reading one.
      codeSplitting: {
        groups: [
          { name: 'thread', test: /src\/script\/(isolate-thread|protocol)\.ts/, priority: 2 },
          { name: 'run', test: RUN_PATH, priority: 1 },
        ],
      },
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      comments: { legal: false },
    },
  };
}

/** What is built into `dir`. */
export function bundles(dir: string) {
  return [entry('bin', dir), entry('index', dir), entry('isolate', dir)];
}

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestPlace } from './testing.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

/** The packages that a process has loaded after it loaded its configuration. */
function packagesLoaded(options: object): string[] {
  const register = path.resolve('node_modules/tsx/dist/loader.mjs');
  const spy = place.write(
    'spy.mjs',
    `import { register } from 'node:module';
     const { port1, port2 } = new MessageChannel();
     const seen = [];
     port1.on('message', (url) => seen.push(url)); port1.unref();
     register('data:text/javascript,' + encodeURIComponent(\`
       let port; export function initialize(data) { port = data.port; }
       export async function load(url, context, next) { port.postMessage(url); return next(url, context); }
     \`), { data: { port: port2 }, transferList: [port2] });
     const { loadConfig } = await import(${JSON.stringify(path.resolve('src/config/load.ts'))});
     await loadConfig(${JSON.stringify(options)});
     setTimeout(() => console.log(JSON.stringify(seen)), 50);`,
  );
  const output = execFileSync(process.execPath, ['--import', register, spy], { encoding: 'utf8' });
  const urls = JSON.parse(output) as string[];
  const names = urls.map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  expect(urls.some((url) => url.endsWith('/src/config/defaults.ts'))).toBe(true);
  return [...new Set(names.filter((name) => name !== undefined))];
}

test('without configuration neither the schema library nor the TOML parser is loaded', () => {
  expect(
    packagesLoaded(place.options({ env: { HOME: '/h', OPENAI_API_KEY: 'k', LLMSPELL_ENGINE: 'lua' } })),
  ).toEqual([]);
});

test('flags alone do not load them either', () => {
  expect(packagesLoaded(place.options({ overrides: { permissions: { read: ['*'] } } }))).toEqual([]);
});

test('with a file both are', () => {
  place.write('project/llmspell.toml', '');
  expect(packagesLoaded(place.options()).sort()).toEqual(['smol-toml', 'zod']);
});

/**
 * The parser for TypeScript and interactive sources. It takes as long to load as the whole rest of the engine, and
 * most scripts need none of it. A script runs synchronously, so it cannot be waited for with `import()`.
 */
export function syntax(): typeof import('./syntax.js') {
  return require('./syntax.js') as typeof import('./syntax.js');
}

// attack: names that only a host has
// expect: value []
['process', 'require', 'module', 'exports', 'Buffer', 'global', 'setImmediate', 'fetch', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'Deno', 'Bun', 'std', 'os', 'bjson', 'scriptArgs', 'importScripts', '__dirname', 'navigator', 'MessageChannel', 'Worker', 'performance', 'queueMicrotaskHost']
  .filter((name) => typeof globalThis[name] !== 'undefined' && !['performance'].includes(name));

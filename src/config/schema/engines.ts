import { count, flag, freeTable, oneOf, openTable, table } from './fields.js';

const securityLevel = () =>
  oneOf(
    ['Safe', 'Privileged', 'Unrestricted'],
    'Which standard-library functions the engine offers to scripts. Access to files, network and programs is granted in `[permissions]`.',
  );

const timeout = () =>
  count(
    'Milliseconds one execution may take. Overrides `runtime.script_timeout_seconds` for this engine.',
  ).optional();

/** `[engines.lua]`. */
export const luaEngine = table('Lua spells.', {
  stdlib: oneOf(
    ['None', 'Basic', 'Standard', 'All'],
    'How much of the Lua standard library there is: None leaves only the language, Basic adds string, table, math, utf8, coroutine and load, Standard adds os, io, require.',
  ),
  max_memory_bytes: count('Bytes of memory one Lua session may use.').optional(),
  enable_debug: flag(
    'Accepted for older files. The `debug` library is never there: it reaches past the sandbox.',
  ),
  timeout_ms: timeout(),
  security_level: securityLevel(),
});

/** `[engines.javascript]`, also used for TypeScript. */
export const javascriptEngine = table('JavaScript and TypeScript spells.', {
  strict_mode: flag('Run scripts in strict mode.'),
  max_heap_size_bytes: count('Bytes of memory one JavaScript session may use.'),
  enable_console: flag('Offer `console` to scripts.'),
  timeout_ms: timeout(),
  security_level: securityLevel(),
});

/** `[engines]`. */
export const engines = openTable(
  'Settings of the script engines.',
  { lua: luaEngine, javascript: javascriptEngine },
  freeTable('Settings of another engine, read by that engine.'),
);

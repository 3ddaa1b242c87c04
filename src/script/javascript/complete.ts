import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { Machine } from './machine.js';
import type { Prelude } from './prelude-host.js';
import { fromWire } from './wire.js';

const KEYWORDS = [
  'async',
  'await',
  'break',
  'case',
  'catch',
  'class',
  'const',
  'continue',
  'debugger',
  'default',
  'delete',
  'do',
  'else',
  'export',
  'extends',
  'false',
  'finally',
  'for',
  'function',
  'if',
  'import',
  'in',
  'instanceof',
  'let',
  'new',
  'null',
  'of',
  'return',
  'static',
  'super',
  'switch',
  'this',
  'throw',
  'true',
  'try',
  'typeof',
  'undefined',
  'var',
  'void',
  'while',
  'yield',
]; // prettier-ignore

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const INPUT_END = /((?:[A-Za-z_$][\w$]*\.)+)?([A-Za-z_$][\w$]*)?$/;

/**
 * Names that could continue the last word of `text`: keywords and globals, or the properties along a dotted path.
 * Only property descriptors are read: completion never runs a getter, a proxy's trap or any other code of the script.
 */
export function completeJavaScript(machine: Machine, prelude: Prelude, text: string): string[] {
  const [, path = '', prefix = ''] = INPUT_END.exec(text) ?? [];
  if (!path && !prefix) return [];
  const names = namesAt(machine, prelude, path.split('.').filter(Boolean));
  const all = path ? names : names.concat(KEYWORDS);
  const matching = all.filter((name) => IDENTIFIER.test(name) && name.startsWith(prefix));
  return [...new Set(matching)].sort().map((name) => path + name);
}

function namesAt(machine: Machine, prelude: Prelude, path: string[]): string[] {
  using base = machine.context.global.dup() as QuickJSHandle;
  return fromWire(prelude.text('namesAt', JSON.stringify(path), base)) as string[];
}

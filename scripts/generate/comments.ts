import type { ApiFunction } from './api.js';

/** A documentation comment for TypeScript; nothing when there is nothing to say. */
export function tsDoc(lines: string[], indent = ''): string {
  const safe = lines.flatMap((line) => line.replaceAll('*/', '* /').split('\n'));
  if (safe.length === 0 || safe.every((line) => line === '')) return '';
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`;
  const body = safe.map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${body.join('\n')}\n${indent} */\n`;
}

/** What TypeScript's comment on a function says. `param` gives a parameter's name in that language. */
export function tsDocLines(fn: ApiFunction, param: (name: string) => string): string[] {
  const params = fn.params
    .filter(({ doc }) => doc)
    .map(({ name, doc }) => `@param ${param(name)} ${withNull(doc)}`);
  const result = fn.returnsDoc ? [`@returns ${withNull(fn.returnsDoc)}`] : [];
  const example = fn.example ? ['@example', '```js', fn.example.javascript, '```'] : [];
  return [withNull(fn.doc), ...params, ...result, ...example];
}

/** Texts are written in Lua's words; its nil is null to JavaScript. */
export function withNull(doc: string): string {
  return doc.replaceAll(/\bnil\b/g, 'null');
}

/** A documentation comment for Lua. */
export function luaDoc(lines: string[]): string {
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map((line) => `---${line}\n`)
    .join('');
}

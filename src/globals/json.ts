import { z } from 'zod';
import { defineGlobal, member } from './define.js';
import { anyValue, text } from './types.js';

/** The global `JSON`. */
export default defineGlobal({
  name: 'JSON',
  doc: 'JSON text in and out. Runs inside the script; nothing crosses to the kernel.',
  members: {
    parse: member({
      doc: 'Parses JSON text. Integers stay integers and `3.0` stays a float; `null` becomes nil; an empty array stays an array. Raises `JSON parse error: …` with the position.',
      params: { text: text().describe('JSON text.') },
      returns: anyValue().describe('The value.'),
      aliases: ['decode'],
      where: 'isolate',
      example: {
        lua: 'local t = JSON.parse(\'{"n":1}\')\nprint(t.n)',
        javascript: 'const t = JSON.parse(\'{"n":1}\');\nprint(t.n);',
      },
    }),
    stringify: member({
      doc: 'JSON text of a value, compact and with sorted keys, or indented. Raises `Unsupported Lua type for JSON conversion` for functions and `Circular reference detected` for cycles.',
      params: {
        value: anyValue().describe('Any data.'),
        indent: z.union([z.number(), z.boolean()]).optional().describe('Spaces per level; none when absent.'),
      },
      returns: z.string().describe('JSON text.'),
      aliases: ['encode'],
      where: 'isolate',
      example: {
        lua: 'print(JSON.stringify({ b = 1, a = { 1, 2 } }))',
        javascript: 'print(JSON.stringify({ a: [1, 2], b: 1 }));',
      },
    }),
  },
});

import { z } from 'zod';
import { defineGlobal, member } from './define.js';

/** The global `Streaming`. */
export default defineGlobal({
  name: 'Streaming',
  doc: 'Sequences that a function makes while they are read.',
  members: {
    create: member({
      doc: 'A stream of what `body` yields. It has `next()`, `isDone()`, `collect()` and `each(visit)`.',
      params: {
        body: z
          .any()
          .describe('Lua: a function that calls `Streaming.yield`. JavaScript: a generator function.'),
      },
      returns: z.any(),
      where: 'isolate',
      example: {
        lua: 'local s = Streaming.create(function() Streaming.yield(1) Streaming.yield(2) end)\nprint(#s:collect())',
        javascript:
          'const s = Streaming.create(function* () { yield 1; yield 2; });\nprint(s.collect().length);',
      },
    }),
    yield: member({
      doc: 'Hands the next value to whoever reads the stream. In JavaScript use `yield` inside a generator function.',
      params: { value: z.any().describe('The value.') },
      where: 'isolate',
    }),
  },
});

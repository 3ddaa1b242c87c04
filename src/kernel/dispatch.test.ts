import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ScriptValue } from '../core/values.js';
import { type Call, defineGlobal, member } from '../globals/define.js';
import { Dispatcher } from './dispatch.js';

const definition = defineGlobal({
  name: 'Thing',
  doc: 'A global of a test.',
  members: {
    make: member({
      doc: 'Takes a name and a size.',
      params: { name: z.string(), options: z.object({ size: z.number() }).optional() },
      run: (_call, args) => ({ ...args }) as ScriptValue,
    }),
    nothing: member({ doc: 'Gives nothing.', params: {}, run: () => undefined }),
    local: member({ doc: 'Runs in the isolate.', params: {}, where: 'isolate' }),
  },
  handles: [
    {
      kind: 'thing',
      doc: 'One.',
      fields: { size: { doc: 'Its size.', type: z.number(), get: (self: { size: number }) => self.size } },
      methods: {
        grow: member<Record<never, never>, { size: number }>({
          doc: 'Grows.',
          params: {},
          run: (_call, _args, self) => self.size + 1,
        }),
      },
    },
  ],
});

const dispatcher = new Dispatcher({
  globals: { Thing: async () => ({ default: definition }) },
  handles: { thing: 'Thing' },
});
const run = (name: string, args: ScriptValue[] = [], self?: object) =>
  dispatcher.run(name, self, args, {} as Call, () => undefined);

describe('a member', () => {
  test('gets its arguments by name', async () => {
    expect(await run('Thing.make', ['x', { size: 3 }])).toEqual({ name: 'x', options: { size: 3 } });
    expect(await run('Thing.make', ['x', null])).toEqual({ name: 'x', options: undefined });
    expect(await run('Thing.nothing')).toBeNull();
  });

  test.each([
    [[], "bad argument #1 'name' to 'Thing.make' (missing)"],
    [[5], "bad argument #1 'name' to 'Thing.make': "],
    [['x', { size: 'large' }], "bad argument #2 'options' to 'Thing.make': 'size': "],
  ] as [ScriptValue[], string][])('%j: %s', async (args, message) => {
    await expect(run('Thing.make', args)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining(message) as string,
    });
  });

  test.each([
    'Thing.other',
    'Other.make',
    'Thing.local',
    'Thing.constructor',
    'Thing.__proto__',
    '',
    'make',
    '@host.make',
  ])('%s does not exist', async (name) => {
    await expect(run(name)).rejects.toMatchObject({ code: 'script.global_not_found' });
  });
});

describe('a handle', () => {
  test('has methods and fields', async () => {
    expect(await run('thing.grow', [], { size: 1 })).toBe(2);
    expect(await run('thing.size', [], { size: 1 })).toBe(1);
  });

  test('that is gone is an error, not a crash', async () => {
    await expect(run('thing.grow')).rejects.toMatchObject({ code: 'handle.released' });
    await expect(run('thing.size')).rejects.toMatchObject({ code: 'handle.released' });
  });

  test.each(['thing.make', 'thing.constructor', 'thing.toString', 'Thing.grow'])(
    'has no %s',
    async (name) => {
      await expect(run(name, [], { size: 1 })).rejects.toMatchObject({ code: 'script.global_not_found' });
    },
  );
});

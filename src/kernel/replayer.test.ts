import { describe, expect, test } from 'vitest';
import type { LlmspellError } from '../core/errors.js';
import { Secrets } from '../core/secrets.js';
import { float, type ScriptValue } from '../core/values.js';
import type { Recording } from './recording.js';
import type { Entry } from './recording-lines.js';
import { Replayer } from './replayer.js';

const call = (id: number, member: string, args: [] | Entry[] | unknown[] = [], handle?: string) =>
  ({ t: 'call', id, member, ...(handle && { handle }), args }) as Entry;
const result = (id: number, value: unknown = null) => ({ t: 'result', id, value }) as Entry;
const failure = (id: number, code: string) =>
  ({ t: 'result', id, error: { code, message: 'no', hint: 'try again' } }) as Entry;
const callback = (id: number, fn: number, args: unknown[] = []) => ({ t: 'callback', id, fn, args }) as Entry;

type RunCallback = (fn: number, args: ScriptValue[], replayer: Replayer) => Promise<ScriptValue>;

/** Replays entries to a script whose functions are `runCallback`. */
function replay(entries: Entry[], runCallback: RunCallback = async () => null) {
  const stops: LlmspellError[] = [];
  const replayer: Replayer = new Replayer({ entries, effects: [], secrets: [] } as unknown as Recording, {
    secrets: new Secrets(),
    show: () => {},
    releaseFunction: () => {},
    passStep: () => {},
    renameHandles: () => {},
    runCallback: (fn, args) => runCallback(fn, args, replayer),
    stop: (error) => void stops.push(error),
    stopAgain: (error) => void stops.push(error),
  });
  return { replayer, stops };
}

const diverged = (message: RegExp) =>
  expect.objectContaining({ code: 'replay.diverged', message: expect.stringMatching(message) });

describe('a script that does what it did', () => {
  test('is answered what it was answered', async () => {
    const { replayer, stops } = replay([
      call(1, 'State.load', ['global', 'a']),
      result(1, { $float: '3' }),
      call(2, 'agent.execute', ['hi'], 'agent:1'),
      failure(2, 'provider.timeout'),
      call(3, 'Tool.list'),
      result(3, ['calculator']),
    ]);
    expect(await replayer.call('State.load', undefined, ['global', 'a'])).toStrictEqual(float(3));
    await expect(replayer.call('agent.execute', 'agent:1', ['hi'])).rejects.toThrow(
      expect.objectContaining({ code: 'provider.timeout', message: 'no', hint: 'try again' }),
    );
    expect(await replayer.call('Tool.list', undefined, [])).toEqual(['calculator']);
    expect(stops).toEqual([]);
  });

  test('may name the keys of a record in another order', async () => {
    const { replayer } = replay([call(1, 'A.b', [{ a: 1, b: { c: 1, d: 2 } }]), result(1, 5)]);
    expect(await replayer.call('A.b', undefined, [{ b: { d: 2, c: 1 }, a: 1 }])).toBe(5);
  });

  test('has its functions called where they were, before the call is answered', async () => {
    const notes: string[] = [];
    const entries = [
      call(1, 'Tool.execute', ['greet']),
      callback(2, 9, [{ name: 'Ann' }]),
      call(3, 'State.load'),
      result(3, 'Hello'),
      result(2, 'Hello Ann'),
      result(1, 'Hello Ann!'),
    ];
    const { replayer } = replay(entries, async (fn, args, inner) => {
      notes.push(`function ${fn} ${JSON.stringify(args)}`);
      notes.push(`loaded ${await inner.call('State.load', undefined, [])}`);
      return 'Hello Ann';
    });
    notes.push(`executed ${await replayer.call('Tool.execute', undefined, ['greet'])}`);
    expect(notes).toEqual(['function 9 [{"name":"Ann"}]', 'loaded Hello', 'executed Hello Ann!']);
  });

  test('goes on when one of its functions fails, as it did', async () => {
    const entries = [call(1, 'A.b'), callback(2, 9), failure(2, 'script.error'), result(1, 'still here')];
    const { replayer } = replay(entries, () => Promise.reject(new Error('too bad')));
    expect(await replayer.call('A.b', undefined, [])).toBe('still here');
  });

  test('has calls that were under way together answered in the old order', async () => {
    const { replayer } = replay([call(1, 'A.slow'), call(2, 'A.fast'), result(2, 'fast'), result(1, 'slow')]);
    const order: ScriptValue[] = [];
    await Promise.all(
      ['A.slow', 'A.fast'].map(async (name) => order.push(await replayer.call(name, undefined, []))),
    );
    expect(order).toEqual(['fast', 'slow']);
  });
});

test('a replay that is stopped itself does not tell of differences', async () => {
  const { replayer, stops } = replay([call(1, 'Tool.list'), result(1, []), call(2, 'Tool.list')]);
  await replayer.call('Tool.list', undefined, []);
  replayer.stopped();
  expect(await replayer.ended({ error: { code: 'execution.interrupted', message: 'stop' } })).toBeUndefined();
  await replayer.closing();
  expect([replayer.failure, stops]).toEqual([undefined, []]);
});

test('what is left over at the end is a difference', async () => {
  const { replayer } = replay([call(1, 'Tool.list'), result(1, []), call(2, 'Tool.get', ['x'])]);
  await replayer.call('Tool.list', undefined, []);
  const error = await replayer.ended({ text: '5' });
  expect(error).toEqual(
    diverged(/^Crossing 2: expected Tool\.get\("x"\), but got its end with the result 5$/),
  );
});

describe('a script that does something else', () => {
  test.each<[string, string, string | undefined, ScriptValue[], RegExp]>([
    [
      'another member',
      'State.save',
      'agent:1',
      ['a'],
      /expected agent:1\.load\("a"\), but got agent:1\.save/,
    ],
    ['other arguments', 'State.load', 'agent:1', ['b'], /argument 1: "a" became "b"/],
    ['fewer arguments', 'State.load', 'agent:1', [], /argument 1: "a" is missing/],
    ['another kind of number', 'State.load', 'agent:1', ['a', float(1)], /argument 2: .*\$float.*came in/],
    ['another object', 'State.load', 'agent:2', ['a'], /agent:1.*agent:2/],
    ['no object', 'State.load', undefined, ['a'], /agent:1\.load.*State\.load/],
  ])('calling %s is ended there', async (_, member, handle, args, message) => {
    const { replayer, stops } = replay([
      call(1, 'Tool.list'),
      result(1, []),
      call(2, 'State.load', ['a'], 'agent:1'),
      result(2, 1),
    ]);
    await replayer.call('Tool.list', undefined, []);
    await expect(replayer.call(member, handle, args)).rejects.toThrow(diverged(message));
    expect(stops).toEqual([diverged(/^Crossing 2: /)]);
    await expect(replayer.call('State.load', 'agent:1', ['a'])).rejects.toBe(stops[0]);
    expect(stops).toHaveLength(1);
  });

  test('is ended when it goes on after the end', async () => {
    const { replayer, stops } = replay([call(1, 'Tool.list'), result(1, [])]);
    await replayer.call('Tool.list', undefined, []);
    await expect(replayer.call('Tool.list', undefined, [])).rejects.toThrow(
      diverged(/expected nothing more/),
    );
    expect(stops).toHaveLength(1);
  });

  test('is ended where the recording stops in the middle of a call', async () => {
    const { replayer } = replay([call(1, 'Tool.list')]);
    await expect(replayer.call('Tool.list', undefined, [])).rejects.toThrow(diverged(/waits for Tool\.list/));
  });

  test('is ended where the recording answers a call that nobody made', async () => {
    const { replayer } = replay([call(1, 'Tool.list'), result(2, [])]);
    await expect(replayer.call('Tool.list', undefined, [])).rejects.toThrow(
      diverged(/Crossing 1: expected the end of crossing 2/),
    );
  });

  test('is told so in a message that stays short', async () => {
    const { replayer, stops } = replay([call(1, 'A.b', ['y'.repeat(10_000)])]);
    await expect(replayer.call('A.b', undefined, ['x'.repeat(10_000)])).rejects.toThrow();
    expect(stops[0]!.message.length).toBeLessThan(1000);
  });
});

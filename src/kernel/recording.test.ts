import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fail, type LlmspellError } from '../core/errors.js';
import { Secrets } from '../core/secrets.js';
import type { ScriptValue } from '../core/values.js';
import { Recorder } from './recorder.js';
import { codeHash, readRecording } from './recording.js';
import { Replayer } from './replayer.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
  path = join(directory, 'run.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const header = {
  llmspell: 2,
  language: 'lua',
  source: { code: 'x', name: 'x.lua' },
  hash: codeHash('x'),
  seed: 1,
} as const;

/** A replay of what was recorded, and the order in which callbacks reached the script. */
function replay(runCallback: (fn: number, args: ScriptValue[]) => Promise<ScriptValue> = async () => null) {
  const stopped: LlmspellError[] = [];
  const replayer = new Replayer(readRecording(path), {
    secrets: new Secrets(),
    show: () => {},
    releaseFunction: () => {},
    passStep: () => {},
    renameHandles: () => {},
    runCallback,
    stop: (error) => void stopped.push(error),
    stopAgain: () => {},
  });
  return {
    replayer,
    stopped,
    call: (member: string, ...args: ScriptValue[]) => replayer.call(member, undefined, args),
  };
}

test('values, errors and clocks come back exactly', async () => {
  const recorder = new Recorder(path, header, new Secrets());
  const values: ScriptValue[] = [
    1,
    Object(-0) as ScriptValue,
    2n ** 62n,
    Object(3) as ScriptValue,
    Uint8Array.of(255),
    { $ref: 'x' },
    [null],
    '\ud83d\ude00',
  ];
  for (const value of values) await recorder.call('A.b', undefined, [value], async () => value);
  const failing = recorder.call('A.c', 'agent:1', [], async () => {
    throw fail('tool.failed', 'no', { hint: 'try' });
  });
  await expect(failing).rejects.toThrow('no');
  recorder.effect('clock', 12.5);
  recorder.close();

  const recording = readRecording(path);
  expect(recording.header).toEqual(header);
  expect(recording.effects).toEqual([12.5]);
  const { call, replayer, stopped } = replay();
  for (const value of values) expect(await call('A.b', value)).toEqual(value);
  await expect(replayer.call('A.c', 'agent:1', [])).rejects.toMatchObject({
    code: 'tool.failed',
    hint: 'try',
  });
  expect(stopped).toEqual([]);
});

test('callbacks that overlapped overlap again, and calls inside them find their answers', async () => {
  const recorder = new Recorder(path, header, new Secrets());
  const work = (tape: Pick<Recorder, 'call'>) => async (fn: number) => {
    const inner = await tape.call('Inner.call', undefined, [fn], async () => `inner ${fn}`);
    return `${inner} done`;
  };
  const live = work(recorder);
  const answer = await recorder.call('Outer.call', undefined, [], async () => {
    const both = [1, 2].map((fn) =>
      recorder.callback(fn, [], (onStart) => {
        onStart();
        return live(fn);
      }),
    );
    return Promise.all(both);
  });
  recorder.close();
  expect(answer).toEqual(['inner 1 done', 'inner 2 done']);

  const seen: ScriptValue[] = [];
  const { replayer, call, stopped } = replay(async (fn) => {
    const result = await work(replayer)(fn);
    seen.push(result);
    return result;
  });
  expect(await call('Outer.call')).toEqual(answer);
  expect(seen).toEqual(answer);
  expect(stopped).toEqual([]);
});

describe('a difference', () => {
  beforeEach(async () => {
    const recorder = new Recorder(path, header, new Secrets());
    await recorder.call('A.b', undefined, [1], async () => 'one');
    recorder.close();
  });

  test.each<[string, ScriptValue[]]>([
    ['A.b', [2]],
    ['A.c', [1]],
    ['A.b', []],
  ])('in %s(%j) ends the replay for good', async (member, args) => {
    const { call, stopped } = replay();
    await expect(call(member, ...args)).rejects.toMatchObject({
      code: 'replay.diverged',
      details: { crossing: 1 },
    });
    await expect(call('A.b', 1)).rejects.toMatchObject({ code: 'replay.diverged' });
    expect(stopped).toHaveLength(1);
  });

  test('is doing more than was recorded', async () => {
    const { call } = replay();
    expect(await call('A.b', 1)).toBe('one');
    await expect(call('A.b', 1)).rejects.toMatchObject({
      message: expect.stringContaining('expected nothing more') as string,
    });
  });

  test('is not the order of keys', async () => {
    const recorder = new Recorder(path, header, new Secrets());
    await recorder.call('A.b', undefined, [{ a: 1, b: 2 }], async () => 'same');
    recorder.close();
    expect(await replay().call('A.b', { b: 2, a: 1 })).toBe('same');
  });
});

test.each(['', 'null', '{}', '[]', 'text', '{"llmspell":2}', '{"llmspell":3}'])(
  '%j is no recording',
  (text) => {
    writeFileSync(path, text);
    expect(() => readRecording(path)).toThrow(expect.objectContaining({ code: 'replay.invalid' }));
  },
);

test('a recording that was cut off anywhere is refused or shorter, never misread', async () => {
  const recorder = new Recorder(path, header, new Secrets());
  await recorder.call('A.b', undefined, ['é'], async () => ({ list: [1, 2.5] }));
  recorder.close();
  const whole = readFileSync(path);
  const full = readRecording(path).entries;
  for (let end = 0; end < whole.length; end++) {
    writeFileSync(path, whole.subarray(0, end));
    let entries: unknown[] = [];
    try {
      entries = readRecording(path).entries;
    } catch (error) {
      expect(error).toMatchObject({ code: 'replay.invalid' });
    }
    expect(entries).toEqual(full.slice(0, entries.length));
  }
});

test('a file that cannot be written is an error', () => {
  expect(() => new Recorder(join(directory, 'no', 'run.jsonl'), header, new Secrets())).toThrow(
    expect.objectContaining({ code: 'storage.failed' }),
  );
});

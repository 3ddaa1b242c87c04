import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fail } from '../core/errors.js';
import { Secrets } from '../core/secrets.js';
import { float, reference, type ScriptValue } from '../core/values.js';
import { Recorder } from './recorder.js';
import { codeHash, readRecording } from './recording.js';
import type { RecordingHeader } from './recording-lines.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const code = 'return 1';
const HEADER: RecordingHeader = {
  llmspell: 2,
  language: 'lua',
  source: { name: 'spell.lua', code },
  hash: codeHash(code),
  seed: 7,
};

/** Records what `work` lets cross, and gives the file. */
async function record(work: (recorder: Recorder) => Promise<unknown>): Promise<string> {
  const path = join(directory, 'recording');
  const recorder = new Recorder(path, HEADER, new Secrets());
  await work(recorder);
  recorder.close();
  return path;
}

const now = async (value: ScriptValue) => value;

describe('a recording', () => {
  test('holds calls, callbacks and results in order, each result with the number of what it ends', async () => {
    const path = await record((tape) =>
      tape.call('Tool.execute', undefined, ['probe'], async () => {
        await tape.callback(3, [1], (onStart) => {
          onStart();
          return tape.call('stream.next', 'stream:2', [], () => now('inner'));
        });
        return 'outer';
      }),
    );
    expect(readRecording(path)).toMatchObject({
      header: HEADER,
      entries: [
        { t: 'call', id: 1, member: 'Tool.execute', args: ['probe'] },
        { t: 'callback', id: 2, fn: 3, args: [1] },
        { t: 'call', id: 3, member: 'stream.next', handle: 'stream:2', args: [] },
        { t: 'result', id: 3, value: 'inner' },
        { t: 'result', id: 2, value: 'inner' },
        { t: 'result', id: 1, value: 'outer' },
      ],
    });
  });

  test('keeps its clock readings apart, as the values that they were', async () => {
    const readings: ScriptValue[] = [1700000000, float(3), float(-0), 0.25, Number.NaN];
    const path = await record(async (tape) => {
      tape.effect('os.time', readings[0]!);
      await tape.call('State.load', undefined, [], () => now(null));
      for (const reading of readings.slice(1)) tape.effect('os.clock', reading);
    });
    const { effects, entries } = readRecording(path);
    expect(effects).toStrictEqual(readings);
    expect(entries.map(({ t }) => t)).toEqual(['call', 'result']);
  });

  test('passes on what the call gives, and what it throws, unchanged', async () => {
    const value = [float(3), reference('agent', 7), Uint8Array.of(255)];
    const error = fail('tool.failed', 'no', { hint: 'try again', details: { path: '/x' } });
    const path = await record(async (tape) => {
      expect(await tape.call('A.b', undefined, [], () => now(value))).toBe(value);
      await expect(tape.call('A.c', undefined, [], () => Promise.reject(error))).rejects.toBe(error);
      await expect(
        tape.callback(1, [], async (onStart) => {
          onStart();
          throw new TypeError('oops');
        }),
      ).rejects.toThrow('oops');
      // One that never began is not there.
      await expect(tape.callback(1, [], () => Promise.reject(error))).rejects.toBe(error);
    });
    const results = readRecording(path).entries.filter(({ t }) => t === 'result');
    expect(results).toMatchObject([
      { value: [{ $float: '3' }, { $ref: 'agent:7' }, { $bytes: '/w==' }] },
      { error: { code: 'tool.failed', message: 'no', hint: 'try again', details: { path: '/x' } } },
      { error: { code: 'internal.error', message: 'oops' } },
    ]);
  });

  test('is complete up to the last thing that happened, even if the process ends there', async () => {
    const path = join(directory, 'cut');
    const recorder = new Recorder(path, HEADER, new Secrets());
    void recorder.call('A.b', undefined, [], () => new Promise(() => {}));
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(2);
    recorder.close();
  });

  test('that cannot be written is an error with its path', () => {
    const path = join(directory, 'missing', 'recording');
    expect(() => new Recorder(path, HEADER, new Secrets())).toThrow(
      expect.objectContaining({ code: 'storage.failed', message: expect.stringContaining(path) }),
    );
  });
});

test('a secret that becomes known only by being used is masked where it crossed before, and as bytes', async () => {
  const path = join(directory, 'late');
  const secrets = new Secrets();
  secrets.add('known-before', 'FIRST');
  const recorder = new Recorder(
    path,
    { ...HEADER, source: { name: 'x', code: 'return "late secret"' } },
    secrets,
  );
  const bytes = new Uint8Array([255, ...Buffer.from('late secret')]);
  await recorder.call('A.b', undefined, ['late secret', 'known-before', bytes], async () => {
    secrets.add('late secret', 'SECOND');
    return { 'late secret': 'late%20secret' };
  });
  await recorder.ended({});
  recorder.close();
  expect(readFileSync(path, 'utf8')).not.toMatch(/late.{1,3}secret|known-before/);
  const { header, entries, secrets: tokens } = readRecording(path);
  expect(header.source.code).toBe('return "MASKED-SECRET-2"');
  expect(entries).toMatchObject([
    {
      args: [
        'MASKED-SECRET-2',
        'MASKED-SECRET-1',
        { $bytes: Buffer.from([255, ...Buffer.from('MASKED-SECRET-2')]).toString('base64') },
      ],
    },
    { value: { 'MASKED-SECRET-2': 'MASKED-SECRET-2' } },
    { t: 'ended' },
  ]);
  expect(tokens).toMatchObject([
    { token: 'MASKED-SECRET-1', name: 'FIRST' },
    { token: 'MASKED-SECRET-2', name: 'SECOND' },
  ]);
});

describe('no recording is', () => {
  const header = JSON.stringify(HEADER);
  test.each<[string, string | Uint8Array]>([
    ['an empty file', ''],
    ['text', 'print("hello")\n'],
    ['other JSON', '{"name": "llmspell"}\n'],
    ['JSON null', 'null\n'],
    ['a file of bytes', Uint8Array.of(0xff, 0x00, 0x80)],
    ['a header of another version', `${header.replace('"llmspell":2', '"llmspell":1')}\n`],
    ['a header without its code', `${header.replace('"code"', '"text"')}\n`],
    ['a header in no known language', `${header.replace('"lua"', '"cobol"')}\n`],
    ['a file that breaks off within a line', `${header}\n{"t":"call","id":1,"mem`],
    ['an entry that is null', `${header}\nnull\n`],
    ['an entry of no known kind', `${header}\n{"t":"cal","id":1}\n`],
    ['a call without its member', `${header}\n{"t":"call","id":1,"args":[]}\n`],
    ['a callback whose function is no number', `${header}\n{"t":"callback","id":1,"fn":"1","args":[]}\n`],
    ['a reading of no known form', `${header}\n{"t":"effect","name":"os.time","value":{"$date":1}}\n`],
    ['a result of no known form', `${header}\n{"t":"result","id":1,"value":{"$int":"many"}}\n`],
  ])('%s', (_, content) => {
    const path = join(directory, 'foreign');
    writeFileSync(path, content);
    expect(() => readRecording(path)).toThrow(expect.objectContaining({ code: 'replay.invalid' }));
  });

  test('a file that is not there', () => {
    expect(() => readRecording(join(directory, 'nothing'))).toThrow(
      expect.objectContaining({ code: 'replay.invalid', message: expect.stringContaining('nothing') }),
    );
  });
});

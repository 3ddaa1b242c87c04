import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import audioProcessor from './audio-processor.js';
import { has, make, probe, processesWith, testFolder } from './material.case.js';

const folder = testFolder();
const at = (name: string) => join(folder, name);
const run = async (input: JsonObject) => (await callTool(audioProcessor, input)).result as JsonObject;
const metadata = async (name: string) => (await run({ file_path: at(name) })).metadata as JsonObject;
const granted = (more: object) =>
  createPermissions({ ...noGrants(), read: [folder], write: [folder], ...more }, { cwd: folder });

/** A wave file of silence, made here. */
function wave(seconds: number, rate = 8000): Buffer {
  const data = Buffer.alloc(seconds * rate * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

describe('audio-processor', () => {
  itRunsItsSamples(audioProcessor);

  it('describes a wave file', async () => {
    writeFileSync(at('silence.wav'), wave(3));
    expect(await metadata('silence.wav')).toMatchObject({
      format: 'wav',
      duration_seconds: 3,
      sample_rate: 8000,
      channels: 1,
      bits_per_sample: 16,
      bit_rate: 128_000,
      lossless: true,
      title: null,
      file_size: 48_044,
    });
  });

  it.skipIf(!has('sox'))('knows the encoding behind an extended header', async () => {
    make(folder, 'sox', ['-n', '-r', '8000', '-b', '24', 'wide.wav', 'synth', '1', 'sine', '440']);
    expect(await metadata('wide.wav')).toMatchObject({ codec: 'PCM', lossless: true, bits_per_sample: 24 });
  });

  it.each<[JsonObject, string, string]>([
    [{}, 'input.invalid', "'file_path'"],
    [{ operation: 'play', file_path: 'x' }, 'input.invalid', "Unknown operation 'play'"],
    [{ operation: 'convert', file_path: 'x' }, 'input.invalid', "'target_path'"],
    [{ operation: 'convert', file_path: 'x', target_path: 'x.doc' }, 'input.invalid', 'not supported'],
    [
      { operation: 'convert', file_path: 'x', target_path: 'x', target_format: 'exe' },
      'input.invalid',
      'wav',
    ],
  ])('refuses %j', async (input, code, message) => {
    await expect(callTool(audioProcessor, input)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('refuses files that are larger than configured', async () => {
    const host = { config: { media: { max_file_size: 100 } } };
    await expect(
      callTool(audioProcessor, { file_path: at('silence.wav') }, { host: host as never }),
    ).rejects.toThrow('exceeds maximum');
  });

  it('stops reading a hostile file', async () => {
    const frames = Buffer.alloc(40_000_000);
    for (let offset = 0; offset < frames.length; offset += 4) frames.writeUInt32BE(0xfffb_9064, offset);
    writeFileSync(at('frames.mp3'), frames);
    const controller = new AbortController();
    const call = callTool(audioProcessor, { file_path: at('frames.mp3') }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await call.catch((error: unknown) => expect(error).toMatchObject({ code: 'component.cancelled' }));
  }, 20_000);

  it('needs the grant for ffmpeg to change anything, and says so', async () => {
    const input = { operation: 'convert', source_path: at('silence.wav'), target_path: at('never.mp3') };
    const call = callTool(audioProcessor, input, { permissions: granted({}) });
    await expect(call).rejects.toMatchObject({
      code: 'permission.run',
      hint: expect.stringContaining('ffmpeg'),
    });
    expect(existsSync(at('never.mp3'))).toBe(false);
  });

  it('names ffmpeg where it is missing', async () => {
    const permissions = { ...granted({ run: ['*'] }), searchPath: folder, cwd: folder };
    const input = { operation: 'convert', source_path: at('silence.wav'), target_path: at('never.mp3') };
    await expect(callTool(audioProcessor, input, { permissions })).rejects.toMatchObject({
      code: 'feature.missing',
      hint: expect.stringContaining('ffmpeg'),
    });
  });
});

describe.skipIf(!has('ffmpeg') || !has('sox') || !has('espeak-ng'))('audio-processor with ffmpeg', () => {
  beforeAll(() => {
    make(folder, 'espeak-ng', ['-w', 'speech.wav', 'The quick brown fox jumps over the lazy dog']);
    make(folder, 'sox', [
      '-n',
      '-r',
      '44100',
      '-c',
      '2',
      'stereo.wav',
      'synth',
      '2',
      'sine',
      '440',
      'sine',
      '880',
    ]);
    const tags = ['-metadata', 'title=Fox', '-metadata', 'artist=Reader', '-metadata', 'date=2020'];
    const convert = (name: string, ...more: string[]) =>
      make(folder, 'ffmpeg', ['-v', 'error', '-y', '-i', 'stereo.wav', ...tags, ...more, name]);
    for (const name of ['a.mp3', 'a.flac', 'a.ogg', 'a.opus', 'a.m4a', 'a.aiff', 'a.wma', 'a.aac'])
      convert(name);
    convert('vbr.mp3', '-q:a', '5', '-write_xing', '0');
    convert('tagged.aac', '-write_id3v2', '1');
    make(folder, 'ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=duration=2:size=64x48:rate=5',
      '-i',
      'stereo.wav',
      'film.avi',
    ]);
  }, 60_000);

  it.each<[string, JsonObject]>([
    ['a.mp3', { codec: 'MPEG 1 Layer 3', lossless: false, title: 'Fox', artist: 'Reader', year: 2020 }],
    ['vbr.mp3', { lossless: false }],
    ['a.flac', { codec: 'FLAC', lossless: true, bits_per_sample: 24, title: 'Fox' }],
    ['a.ogg', { codec: 'Vorbis I', title: 'Fox' }],
    ['a.opus', { codec: 'Opus', title: 'Fox', sample_rate: 48_000 }],
    ['a.m4a', { title: 'Fox', artist: 'Reader' }],
    ['a.aiff', { lossless: true }],
    ['a.wma', { title: 'Fox' }],
    ['a.aac', { codec: 'AAC' }],
    ['tagged.aac', { format: 'aac' }],
    ['film.avi', { format: 'avi' }],
  ])('describes %s', async (name, expected) => {
    const found = await metadata(name);
    const format = /vbr/.test(name) ? 'mp3' : name.replace(/.*\./, '');
    expect(found).toMatchObject({ format, channels: 2, sample_rate: 44_100, ...expected });
    expect(found.duration_seconds).toBeGreaterThan(1.98);
    expect(found.duration_seconds).toBeLessThan(2.25);
    expect(found.bit_rate).toBeGreaterThan(20_000);
  });

  it('goes by the content, not the name', async () => {
    copyFileSync(at('a.flac'), at('liar.mp3'));
    expect(await run({ operation: 'detect', file_path: at('liar.mp3') })).toMatchObject({ format: 'flac' });
  });

  it.each(['wav', 'mp3', 'flac', 'ogg', 'opus', 'm4a', 'aac', 'aiff'])('converts to %s', async (format) => {
    const target = at(`new.${format}`);
    const input = { operation: 'convert', source_path: at('speech.wav'), target_path: target };
    expect(await run(input)).toMatchObject({ success: true, target_format: format });
    expect(await metadata(`new.${format}`)).toMatchObject({ format });
    const length = Number(probe(at('speech.wav')).format.duration);
    expect(Math.abs(Number(probe(target).format.duration) - length)).toBeLessThan(0.4);
  });

  it('converts with the rate, channels and bit rate that are asked for or configured', async () => {
    const input = { operation: 'convert', source_path: at('stereo.wav'), target_path: at('rate.mp3') };
    await run({ ...input, sample_rate: 22_050, channels: 1, bit_rate: 64 });
    expect(probe(at('rate.mp3')).streams[0]).toMatchObject({
      sample_rate: '22050',
      channels: 1,
      bit_rate: '64000',
    });
    const host = { config: { media: { audio_sample_rate: 32_000 } } };
    await callTool(audioProcessor, input, { host: host as never });
    expect(probe(at('rate.mp3')).streams[0]).toMatchObject({ sample_rate: '32000' });
  });

  it('trims', async () => {
    const input = { operation: 'trim', source_path: at('stereo.wav'), target_path: at('part.wav') };
    await run({ ...input, start_seconds: 0.5, end_seconds: 1.25 });
    expect(await metadata('part.wav')).toMatchObject({ duration_seconds: 0.75 });
    await run({ ...input, start_seconds: 1.5, duration_seconds: 10 });
    expect(await metadata('part.wav')).toMatchObject({ duration_seconds: 0.5 });
    for (const bad of [
      {},
      { start_seconds: 5 },
      { start_seconds: 1, end_seconds: 1 },
      { end_seconds: 1, duration_seconds: 1 },
    ])
      await expect(run({ ...input, ...bad })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('extracts a channel, and the sound of a film', async () => {
    const input = { operation: 'extract', source_path: at('stereo.wav'), target_path: at('right.wav') };
    await run({ ...input, channel: 1 });
    expect(await metadata('right.wav')).toMatchObject({ channels: 1, duration_seconds: 2 });
    const heard = make(folder, 'ffmpeg', ['-v', 'error', '-i', 'right.wav', '-f', 's16le', '-']).length;
    expect(heard).toBeGreaterThan(0);
    await expect(run({ ...input, channel: 2 })).rejects.toMatchObject({ code: 'input.invalid' });
    await run({ ...input, source_path: at('film.avi') });
    expect(await metadata('right.wav')).toMatchObject({ channels: 2 });
    await expect(run({ ...input, stream: 3 })).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringMatching(/ffmpeg could not process '.*stereo\.wav': /),
    });
  });

  it('mixes down and normalizes', async () => {
    await run({ operation: 'mixdown', source_path: at('stereo.wav'), target_path: at('mono.wav') });
    expect(await metadata('mono.wav')).toMatchObject({ channels: 1, sample_rate: 44_100 });
    const input = {
      operation: 'normalize',
      source_path: at('stereo.wav'),
      target_path: at('loud.wav'),
      target_loudness: -23,
    };
    const { input_loudness } = await run(input);
    expect(input_loudness).toBeGreaterThan(-10);
    expect(await metadata('loud.wav')).toMatchObject({ sample_rate: 44_100 });
    const again = { ...input, source_path: at('loud.wav'), target_path: at('again.wav') };
    expect(Math.abs(Number((await run(again)).input_loudness) + 23)).toBeLessThan(1);
    const silent = { ...input, source_path: at('silence.wav') };
    await expect(run(silent)).rejects.toThrow('is silent');
  });

  it('may write over its own source', async () => {
    copyFileSync(at('stereo.wav'), at('same.wav'));
    const input = {
      operation: 'trim',
      source_path: at('same.wav'),
      target_path: at('same.wav'),
      end_seconds: 1,
    };
    await run(input);
    expect(await metadata('same.wav')).toMatchObject({ duration_seconds: 1 });
  });

  it('asks for the grant to write before ffmpeg starts', async () => {
    const permissions = createPermissions(
      { ...noGrants(), read: [folder], run: ['ffmpeg'] },
      { cwd: folder },
    );
    const { context, events } = testContext({ permissions });
    const input = { operation: 'convert', source_path: at('stereo.wav'), target_path: at('never.mp3') };
    await expect(callTool(audioProcessor, input, { permissions: context.permissions })).rejects.toMatchObject(
      {
        code: 'permission.write',
      },
    );
    expect(events.filter((event) => event.type === 'permission')).toEqual([]);
  });

  it('stops ffmpeg and leaves nothing behind', async () => {
    make(folder, 'sox', ['-n', '-r', '48000', '-c', '2', 'long.wav', 'synth', '600', 'pinknoise']);
    const before = readdirSync(folder).sort();
    const controller = new AbortController();
    const input = { operation: 'convert', source_path: at('long.wav'), target_path: at('stopped.opus') };
    const call = callTool(audioProcessor, input, { signal: controller.signal });
    const running = () => processesWith('llmspell-media-').length;
    while (running() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(running()).toBe(0);
    await vi.waitFor(() => expect(readdirSync(folder).sort()).toEqual(before), 3000);
  }, 30_000);

  it('gives up when the configured time is over', async () => {
    const host = { config: { media: { processing_timeout_seconds: 1 } } };
    const input = { operation: 'normalize', source_path: at('long.wav'), target_path: at('late.flac') };
    await expect(callTool(audioProcessor, input, { host: host as never })).rejects.toMatchObject({
      code: 'component.timeout',
      hint: expect.stringContaining('processing_timeout_seconds'),
    });
    expect(existsSync(at('late.flac'))).toBe(false);
  }, 30_000);

  it('refuses a result that grows too large', async () => {
    const host = { config: { media: { max_file_size: 750_000 } } };
    const input = {
      operation: 'convert',
      source_path: at('stereo.wav'),
      target_path: at('big.wav'),
      sample_rate: 96_000,
    };
    await expect(callTool(audioProcessor, input, { host: host as never })).rejects.toThrow('exceeds maximum');
    expect(existsSync(at('big.wav'))).toBe(false);
  });
});

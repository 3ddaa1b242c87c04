import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import type { Container } from './container.js';
import { inputArguments } from './ffmpeg/input.js';
import { runFfmpeg } from './ffmpeg/run.js';
import { mediaLimits } from './limits.js';
import { has, make, probe, processesWith, testFolder } from './material.case.js';
import videoProcessor from './video-processor.js';

const folder = testFolder();
const at = (name: string) => join(folder, name);
const run = async (input: JsonObject) => (await callTool(videoProcessor, input)).result as JsonObject;
const size = (name: string) => {
  const { width, height } = probe(at(name)).streams.find((stream) => stream.codec_type === 'video')!;
  return [width, height];
};
/** Colour in the middle of a picture. */
const color = (path: string) =>
  make(folder, 'ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-vf',
    'scale=1:1',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    'pixel',
    '-y',
  ]) + nearest(readFileSync(at('pixel')));

function nearest([red = 0, green = 0, blue = 0]: Buffer): string {
  if (Math.max(red, green, blue) < 60) return 'black';
  if (red > green && red > blue) return 'red';
  return green > blue ? 'green' : 'blue';
}

afterEach(() => vi.unstubAllEnvs());

describe('video-processor', () => {
  itRunsItsSamples(videoProcessor);

  it.each<[JsonObject, string, string]>([
    [{}, 'input.invalid', "'file_path'"],
    [{ operation: 'play', file_path: 'x' }, 'input.invalid', "Unknown operation 'play'"],
    [{ operation: 'extract_frame', file_path: 'x' }, 'input.invalid', "'target_path'"],
    [
      { operation: 'extract_frames', file_path: 'x', target_path: 'y', max_frames: 501 },
      'input.invalid',
      'max_frames',
    ],
    [{ operation: 'thumbnail', file_path: '/no/such', target_path: 'y.png' }, 'tool.failed', '/no'],
  ])('refuses %j', async (input, code, message) => {
    await expect(callTool(videoProcessor, input)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('describes what only begins like a film as far as it can, or says that it cannot', async () => {
    writeFileSync(
      at('broken.mkv'),
      Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(2000, 0xff)]),
    );
    const answer = await callTool(videoProcessor, { file_path: at('broken.mkv') }).catch(
      (error) => error as Error,
    );
    if (answer instanceof Error) expect(answer).toMatchObject({ code: 'tool.failed' });
    else expect(answer.result).toMatchObject({ metadata: { duration_seconds: null, resolution: null } });
  });
});

describe.skipIf(!has('ffmpeg'))('video-processor with ffmpeg', () => {
  beforeAll(() => {
    const film = (...args: string[]) => make(folder, 'ffmpeg', ['-v', 'error', '-y', ...args]);
    const colors = ['red', 'green', 'blue'].flatMap((name) => [
      '-f',
      'lavfi',
      '-i',
      `color=${name}:s=96x64:r=10:d=1`,
    ]);
    const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=3'];
    film(
      ...colors,
      ...sound,
      '-filter_complex',
      'concat=n=3:v=1:a=0[v]',
      '-map',
      '[v]',
      '-map',
      '3:a',
      '-metadata',
      'title=Colours',
      '-pix_fmt',
      'yuv420p',
      'a.mp4',
    );
    film('-i', 'a.mp4', '-c', 'copy', 'a.mov');
    film('-i', 'a.mp4', '-c', 'copy', 'a.mkv');
    film('-i', 'a.mp4', 'a.webm');
    film('-i', 'a.mp4', 'a.avi');
    film('-i', 'a.mp4', '-ar', '44100', 'a.flv');
    film('-i', 'a.mp4', 'a.wmv');
    film('-i', 'a.mp4', '-c', 'copy', '-movflags', '+faststart', 'fast.mp4');
    film('-i', 'a.mp4', '-vn', 'sound.mp4');
    film('-i', 'a.mp4', '-c', 'copy', '-metadata:s:v:0', 'rotate=90', 'upright.mp4');
  }, 120_000);

  it.each(['mp4', 'mov', 'mkv', 'webm', 'avi', 'flv', 'wmv'])('describes %s', async (format) => {
    const { metadata } = await run({ path: at(`a.${format}`), operation: 'get_info' });
    expect(metadata).toMatchObject({
      format,
      resolution: { width: 96, height: 64 },
      fps: 10,
      audio_channels: 1,
      video_codec: expect.any(String),
      audio_codec: expect.any(String),
      file_size: (await stat(at(`a.${format}`))).size,
      streams: [{ type: 'video' }, { type: 'audio' }],
    });
    expect(Math.abs(Number((metadata as JsonObject).duration_seconds) - 3)).toBeLessThan(0.2);
  });

  it('reads titles, and where the index stands plays no part', async () => {
    for (const name of ['a.mp4', 'fast.mp4'])
      expect(await run({ file_path: at(name) })).toMatchObject({
        metadata: { title: 'Colours', frame_count: 30 },
      });
  });

  it.each(['mp4', 'mov', 'mkv', 'webm', 'avi', 'flv'])('converts to %s', async (format) => {
    const target = at(`new.${format}`);
    const input = { operation: 'convert', source_path: at('a.mkv'), target_path: target, quality: 'low' };
    expect(await run(input)).toMatchObject({ success: true, format });
    const { streams, format: container } = probe(target);
    expect(streams.map((stream) => stream.codec_type)).toEqual(['video', 'audio']);
    expect(Math.abs(Number(container.duration) - 3)).toBeLessThan(0.3);
    expect(await run({ operation: 'detect', file_path: target })).toMatchObject({ format, supported: true });
  });

  it('resizes, in proportion or not', async () => {
    const input = { operation: 'resize', source_path: at('a.mp4'), target_path: at('small.mp4') };
    expect(await run({ ...input, width: 49 })).toMatchObject({ width: 48, height: 32 });
    expect(size('small.mp4')).toEqual([48, 32]);
    await run({ ...input, width: 40, height: 40, maintain_aspect_ratio: false, remove_audio: true });
    expect([size('small.mp4'), probe(at('small.mp4')).streams.length]).toEqual([[40, 40], 1]);
    await expect(run({ ...input, width: 12_000 })).rejects.toThrow('exceeds maximum dimensions');
    await expect(run(input)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('trims exactly, or at key frames without encoding anew', async () => {
    const input = { operation: 'trim', source_path: at('a.mp4'), target_path: at('part.mp4') };
    await run({ ...input, start_seconds: 1.2, end_seconds: 1.9 });
    expect(Math.abs(Number(probe(at('part.mp4')).format.duration) - 0.7)).toBeLessThan(0.12);
    await run({ operation: 'extract_frame', file_path: at('part.mp4'), target_path: at('first.png') });
    expect(color('first.png')).toBe('green');
    expect(await run({ ...input, duration_seconds: 1, copy_streams: true })).toMatchObject({ success: true });
    await expect(run(input)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it.each([
    [0, 'red'],
    [0.9, 'red'],
    [1, 'green'],
    [2.5, 'blue'],
  ])('extracts the frame at %d s', async (timestamp_seconds, expected) => {
    for (const extension of ['png', 'jpg', 'webp']) {
      const target_path = at(`frame.${extension}`);
      await run({ operation: 'extract_frame', file_path: at('a.mp4'), target_path, timestamp_seconds });
      expect(color(target_path)).toBe(expected);
    }
  });

  it('refuses moments beyond the end and formats that are no pictures', async () => {
    const input = { operation: 'extract_frame', file_path: at('a.mp4'), target_path: at('late.png') };
    await expect(run({ ...input, timestamp_seconds: 3 })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(run({ ...input, target_path: at('late.txt') })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(run({ ...input, file_path: at('sound.mp4') })).rejects.toThrow('holds no pictures');
  });

  it('makes thumbnails that fit into a box and stand upright', async () => {
    const input = { operation: 'thumbnail', file_path: at('a.mp4'), target_path: at('thumb.jpg') };
    await run({ ...input, max_width: 48, max_height: 48 });
    expect(size('thumb.jpg')).toEqual([48, 32]);
    await run(input);
    expect(size('thumb.jpg')).toEqual([96, 64]);
    await run({ ...input, file_path: at('upright.mp4'), max_height: 48 });
    expect(size('thumb.jpg')).toEqual([32, 48]);
    expect(await run({ file_path: at('upright.mp4') })).toMatchObject({
      metadata: { resolution: { width: 64, height: 96 } },
    });
  });

  it('extracts a frame every few seconds, and says when there are more', async () => {
    const input = { operation: 'extract_frames', file_path: at('a.mp4'), target_path: at('frames') };
    const all = await run({ ...input, interval_seconds: 0.5, target_format: 'png' });
    expect(all).toMatchObject({ count: 6, truncated: false });
    const frames = all.frames as JsonObject[];
    expect(frames.map((frame) => frame.timestamp_seconds)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(frames.map((frame) => color(String(frame.path)))).toEqual([
      'red',
      'red',
      'green',
      'green',
      'blue',
      'blue',
    ]);
    const some = await run({ ...input, interval_seconds: 0.5, max_frames: 2, start_seconds: 1.5 });
    expect(some).toMatchObject({
      count: 2,
      truncated: true,
      frames: [{ timestamp_seconds: 1.5 }, { timestamp_seconds: 2 }],
    });
    expect((some.frames as JsonObject[]).map((frame) => color(String(frame.path)))).toEqual([
      'green',
      'blue',
    ]);
  });

  it('extracts the sound', async () => {
    const input = { operation: 'extract_audio', file_path: at('a.webm'), target_path: at('sound.flac') };
    expect(await run(input)).toMatchObject({ format: 'flac' });
    expect(probe(at('sound.flac')).streams).toMatchObject([{ codec_name: 'flac' }]);
    await expect(run({ ...input, audio_stream: 1 })).rejects.toThrow('has no sound track 1');
  });

  it('reports how far it has come', async () => {
    const { context, events } = testContext();
    const { toolComponent } = await import('../component.js');
    const { invoke } = await import('../../core/invoke.js');
    const input = { operation: 'convert', source_path: at('a.mp4'), target_path: at('told.mp4') };
    await invoke(toolComponent(videoProcessor), input, context);
    const told = events.filter((event) => event.type === 'component.progress');
    expect(told.at(-1)).toMatchObject({ name: 'video-processor', fraction: 1 });
  });
});

describe.skipIf(!has('ffmpeg'))('video-processor against hostile films', () => {
  const granted = () =>
    createPermissions(
      { ...noGrants(), read: [at('in')], write: [at('in')], run: ['ffmpeg'] },
      { cwd: at('in') },
    );

  /** Reads a file as a film of a kind, past the check of its first bytes. */
  async function forced(path: string, container: Container): Promise<string> {
    const handle = await open(path);
    try {
      const args = [...inputArguments(container), '-c', 'copy', '-f', 'data', '-y', at('leak')];
      return await runFfmpeg(
        { args, fd: handle.fd, path },
        mediaLimits('video', { config: {} } as never),
        testContext().context,
      );
    } finally {
      await handle.close();
    }
  }

  beforeAll(() => {
    mkdirSync(at('in'));
    make(folder, 'ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x48:r=5', 'outside.ts']);
    const long = ['-f', 'lavfi', '-i', 'testsrc2=d=60:s=640x480:r=25', '-preset', 'ultrafast', '-crf', '45'];
    make(folder, 'ffmpeg', ['-v', 'error', ...long, 'long.mkv']);
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://${at('outside.ts')}\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n`;
    writeFileSync(at('in/list.mp4'), playlist);
    writeFileSync(at('in/concat.mp4'), `ffconcat version 1.0\nfile '${at('outside.ts')}'\n`);
    writeFileSync(
      at('in/dash.mp4'),
      `<?xml version="1.0"?><MPD><BaseURL>${at('outside.ts')}</BaseURL></MPD>`,
    );
    writeFileSync(
      at('in/sdp.mp4'),
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n',
    );
  });

  it.each(['list', 'concat', 'dash', 'sdp'])('starts nothing for a %s that is called mp4', async (name) => {
    for (const operation of ['convert', 'extract_frame', 'extract_audio']) {
      const input = { operation, source_path: at(`in/${name}.mp4`), target_path: at('in/out.mp4') };
      await expect(callTool(videoProcessor, input, { permissions: granted() })).rejects.toMatchObject({
        code: 'tool.failed',
        message: expect.stringContaining('not supported'),
      });
    }
    expect(existsSync(at('in/out.mp4'))).toBe(false);
  });

  it.each(['list', 'concat', 'dash', 'sdp'])(
    'reads no other file for a %s, whatever it is taken for',
    async (name) => {
      for (const container of ['mp4', 'mkv', 'webm', 'avi', 'flv', 'wmv', 'ogg', 'wav', 'mp3'] as const)
        await forced(at(`in/${name}.mp4`), container).catch((error) =>
          expect(error).toMatchObject({ code: 'tool.failed' }),
        );
      if (existsSync(at('leak')))
        expect(readFileSync(at('leak')).includes(readFileSync(at('outside.ts')).subarray(0, 188))).toBe(
          false,
        );
    },
    60_000,
  );

  it('needs the grant to read, and reads what was opened', async () => {
    const input = { operation: 'convert', source_path: at('a.mp4'), target_path: at('in/out.mp4') };
    await expect(callTool(videoProcessor, input, { permissions: granted() })).rejects.toMatchObject({
      code: 'permission.read',
    });
  });

  it('refuses frames with more pixels than allowed', async () => {
    const host = { config: { media: { image_max_dimensions: [50, 50] } } };
    const input = { operation: 'extract_frame', file_path: at('a.mp4'), target_path: at('in/x.png') };
    await expect(callTool(videoProcessor, input, { host: host as never })).rejects.toMatchObject({
      code: 'tool.failed',
    });
    expect(existsSync(at('in/x.png'))).toBe(false);
  });

  it.each(['convert', 'extract_frames'])(
    'stops %s and leaves nothing behind',
    async (operation) => {
      const scratch = at('scratch');
      mkdirSync(scratch, { recursive: true });
      vi.stubEnv('TMPDIR', scratch);
      const before = readdirSync(at('in')).sort();
      const controller = new AbortController();
      const input = {
        operation,
        source_path: at('long.mkv'),
        target_path: at('in/stopped.webm'),
        interval_seconds: 0.04,
        max_frames: 500,
      };
      const call = callTool(videoProcessor, input, { signal: controller.signal });
      const running = () => processesWith(scratch).length;
      while (running() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
      await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(running()).toBe(0);
      await vi.waitFor(() => expect(readdirSync(scratch)).toEqual([]), 3000);
      const left = () => readdirSync(at('in')).filter((name) => name !== 'stopped.webm');
      await vi.waitFor(() => expect(left().sort()).toEqual(before), 3000);
      if (existsSync(at('in/stopped.webm'))) expect(readdirSync(at('in/stopped.webm'))).toEqual([]);
    },
    60_000,
  );

  it('refuses frames that are too many bytes together', async () => {
    const host = { config: { media: { max_file_size: (await stat(at('long.mkv'))).size } } };
    const input = {
      operation: 'extract_frames',
      source_path: at('long.mkv'),
      target_path: at('in/many'),
      target_format: 'png',
      interval_seconds: 0.04,
      max_frames: 500,
    };
    const call = callTool(videoProcessor, input, { host: host as never });
    await expect(call).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('exceed'),
    });
  }, 60_000);

  it('stops reading metadata', async () => {
    const controller = new AbortController();
    const call = callTool(videoProcessor, { file_path: at('long.mkv') }, { signal: controller.signal });
    const running = () => processesWith('mediainfo.js').length;
    while (running() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(running()).toBe(0);
  });
});

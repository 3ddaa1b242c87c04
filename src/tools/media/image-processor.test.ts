import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import imageProcessor from './image-processor.js';
import { has, make, testFolder } from './material.case.js';

const folder = testFolder();
const at = (name: string) => join(folder, name);
type Result = Record<string, JsonObject & { [key: string]: never }>;

const run = async (input: JsonObject) => (await callTool(imageProcessor, input)).result as Result;
const metadata = async (name: string) => (await run({ file_path: at(name) })).metadata as JsonObject;
/** A colour of a picture, as ImageMagick sees it. */
const pixel = (name: string, x: number, y: number) =>
  make(folder, 'convert', [
    `${at(name)}[0]`,
    '-alpha',
    'off',
    '-depth',
    '8',
    '-format',
    `%[hex:p{${x},${y}}]`,
    'info:',
  ]).slice(0, 6);

/** A PNG header that claims any size. */
function claim(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer) =>
    Buffer.concat([uint32(data.length), Buffer.from(name), data, Buffer.alloc(4)]);
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 2, 0, 0, 0])]);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(1000)))]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

describe('image-processor', () => {
  itRunsItsSamples(imageProcessor);

  it('has the names and synonyms that scripts use', async () => {
    writeFileSync(at('claim.png'), claim(3, 4));
    const old = await callTool(imageProcessor, { operation: 'get_info', path: at('claim.png') });
    expect(old.result).toMatchObject({ metadata: { dimensions: { width: 3, height: 4 } } });
  });

  it.each<[JsonObject, string, string]>([
    [{}, 'input.invalid', "Missing required parameter 'file_path'"],
    [{ operation: 'blur', file_path: 'x' }, 'input.invalid', "Unknown operation 'blur'"],
    [{ operation: 'resize', source_path: 'x', width: 1 }, 'input.invalid', "'target_path'"],
    [{ operation: 'compare', file_path: 'x' }, 'input.invalid', "'compare_path'"],
    [
      { operation: 'watermark', file_path: 'x', target_path: 'y' },
      'input.invalid',
      "'text' or 'watermark_path'",
    ],
    [{ operation: 'convert', file_path: 'x', color: 'url(#a)' }, 'input.invalid', 'colour'],
    [{ operation: 'convert', file_path: 'x', background: '"/>' }, 'input.invalid', 'colour'],
    [{ file_path: '/no/such.png' }, 'tool.failed', "Failed to access '/no"],
  ])('refuses %j', async (input, code, message) => {
    await expect(callTool(imageProcessor, input)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('refuses pictures that claim more pixels than allowed, before anything is decoded', async () => {
    writeFileSync(at('bomb.png'), claim(60_000, 60_000));
    const input = {
      operation: 'resize',
      source_path: at('bomb.png'),
      target_path: at('bomb.out.png'),
      width: 9,
    };
    await expect(callTool(imageProcessor, input)).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('exceeds maximum dimensions of 10000 × 10000'),
    });
    expect(await metadata('bomb.png')).toMatchObject({ dimensions: { width: 60_000, height: 60_000 } });
    const smaller = { config: { media: { image_max_dimensions: [2, 2] } } } as const;
    await expect(
      callTool(imageProcessor, { ...input, source_path: at('claim.png') }, { host: smaller as never }),
    ).rejects.toThrow('exceeds maximum dimensions of 2 × 2');
  });

  it('refuses files that are larger than configured', async () => {
    const host = { config: { media: { max_file_size: 20 } } };
    for (const operation of ['detect', 'metadata', 'statistics'])
      await expect(
        callTool(imageProcessor, { operation, file_path: at('claim.png') }, { host: host as never }),
      ).rejects.toThrow('exceeds maximum');
  });

  it('opens no drawings, documents or other formats, whatever they are called', async () => {
    writeFileSync(at('a.png'), '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>');
    writeFileSync(at('b.png'), '%PDF-1.4\n');
    writeFileSync(at('c.png'), 'push graphic-context\nimage over 0,0 0,0 "/etc/passwd"');
    writeFileSync(
      at('d.gif'),
      'GIF89a  !!" <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
    );
    for (const name of ['a.png', 'b.png', 'c.png', 'd.gif'])
      await expect(
        run({ operation: 'convert', source_path: at(name), target_path: at('never.png') }),
      ).rejects.toMatchObject({ code: 'tool.failed' });
    expect(existsSync(at('never.png'))).toBe(false);
  });

  it('reads and writes only what is granted', async () => {
    writeFileSync(at('granted.png'), claim(3, 4));
    const permissions = createPermissions({ ...noGrants(), read: [at('granted.png')] }, { cwd: folder });
    const options = { permissions };
    await callTool(imageProcessor, { operation: 'detect', file_path: at('granted.png') }, options);
    await expect(callTool(imageProcessor, { file_path: at('claim.png') }, options)).rejects.toMatchObject({
      code: 'permission.read',
    });
  });
});

describe.skipIf(!has('convert') || !has('exiftool'))('image-processor with pictures of ImageMagick', () => {
  beforeAll(() => {
    const im = (...args: string[]) => make(folder, 'convert', args);
    im(
      '-size',
      '120x80',
      'gradient:red-blue',
      '-depth',
      '8',
      '-density',
      '150',
      '-units',
      'PixelsPerInch',
      'g.png',
    );
    for (const name of ['g.jpg', 'g.webp', 'g.bmp', 'BMP2:old.bmp', 'g.tiff', 'g.avif', 'g.gif'])
      im('g.png', name);
    im('g.png', '-define', 'webp:lossless=true', 'lossless.webp');
    im('g.png', '-define', 'tiff:endian=msb', 'msb.tiff');
    im('g.png', '-resize', '64x64!', 'g.ico');
    im('-delay', '10', '-size', '50x40', 'xc:red', 'xc:lime', 'xc:blue', '-loop', '0', 'film.gif');
    im('g.png', 'g.png', 'pages.tiff');
    im('-size', '3000x2000', 'plasma:', 'large.png');
    im('-size', '20x10', 'xc:red', '(', '-size', '20x10', 'xc:blue', ')', '-append', 'halves.png');
    im('g.jpg', 'turned.jpg');
    im('lossless.webp', '-define', 'webp:lossless=true', 'turned.webp');
    const tags = [
      '-Make=Canon',
      '-Model=EOS 5D',
      '-ISO=400',
      '-ExposureTime=1/125',
      '-FNumber=2.8',
      '-Orientation#=6',
    ];
    const place = ['-GPSLatitude=48.5', '-GPSLatitudeRef=N', '-GPSLongitude=9.25', '-GPSLongitudeRef=W'];
    const when = '-DateTimeOriginal=2024:05:06 07:08:09';
    for (const name of ['turned.jpg', 'turned.webp'])
      make(folder, 'exiftool', ['-q', '-overwrite_original', ...tags, ...place, when, name]);
  }, 60_000);

  it.each<[string, JsonObject]>([
    ['g.png', { format: 'png', bit_depth: 8, dpi: 150, pages: 1 }],
    ['g.jpg', { format: 'jpeg', color_mode: 'rgb', bit_depth: 8, dpi: 150 }],
    ['g.webp', { format: 'webp', color_mode: 'rgb' }],
    ['lossless.webp', { format: 'webp' }],
    ['g.bmp', { format: 'bmp', dpi: 150 }],
    ['old.bmp', { format: 'bmp', bit_depth: 8 }],
    ['g.tiff', { format: 'tiff', dpi: 150, bit_depth: 8, orientation: 1 }],
    ['msb.tiff', { format: 'tiff', dpi: 150 }],
    ['pages.tiff', { format: 'tiff', pages: 2 }],
    ['g.avif', { format: 'avif', bit_depth: 8 }],
    ['g.gif', { format: 'gif', color_mode: 'indexed', pages: 1 }],
  ])('describes %s', async (name, expected) => {
    const found = await metadata(name);
    expect(found).toMatchObject({ dimensions: { width: 120, height: 80 }, ...expected });
    const size = readFileSync(at(name)).length;
    expect(found).toMatchObject({ file_size: size, mime_type: expect.stringMatching(/^image\//) });
  });

  it('describes icons and animations', async () => {
    expect(await metadata('g.ico')).toMatchObject({ format: 'ico', dimensions: { width: 64, height: 64 } });
    expect(await metadata('film.gif')).toMatchObject({ pages: 3, frame_delays_ms: [100, 100, 100] });
  });

  it.each(['turned.jpg', 'turned.webp'])('reads the camera fields of %s', async (name) => {
    const { exif, orientation, dimensions } = (await metadata(name)) as Record<string, JsonObject>;
    expect(exif).toMatchObject({
      make: 'Canon',
      model: 'EOS 5D',
      iso: 400,
      exposure_time: 0.008,
      f_number: 2.8,
      taken: '2024-05-06T07:08:09',
      gps: { latitude: 48.5, longitude: -9.25 },
    });
    expect({ orientation, dimensions }).toEqual({ orientation: 6, dimensions: { width: 80, height: 120 } });
  });

  it.each<[JsonObject, [number, number]]>([
    [{ width: 60 }, [60, 40]],
    [{ height: 20 }, [30, 20]],
    [{ width: 60, height: 60 }, [60, 40]],
    [{ width: 60, height: 60, maintain_aspect_ratio: false }, [60, 60]],
    [{ width: 60, height: 60, fit: 'cover' }, [60, 60]],
    [{ width: 60, height: 60, fit: 'contain', background: '#00ff00' }, [60, 60]],
    [{ width: 60, height: 60, fit: 'outside' }, [90, 60]],
    [{ width: 240, allow_enlargement: false }, [120, 80]],
    [{ width: 240 }, [240, 160]],
  ])('resizes to %j', async (size, [width, height]) => {
    const target = at('resized.png');
    const result = await run({ operation: 'resize', source_path: at('g.png'), target_path: target, ...size });
    expect(result).toMatchObject({ success: true, width, height, format: 'png' });
    expect(make(folder, 'identify', ['-format', '%w %h %m', target])).toBe(`${width} ${height} PNG`);
  });

  it('refuses a size that follows from the proportions but is too large', async () => {
    writeFileSync(at('thin.png'), claim(1, 9000));
    const input = { operation: 'resize', source_path: at('thin.png'), target_path: at('x.png'), width: 100 };
    await expect(callTool(imageProcessor, input)).rejects.toThrow(
      '100 × 900000 pixels (the result) exceeds maximum',
    );
  });

  it.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'])('converts to %s', async (format) => {
    const target = at(`converted.${format}`);
    const result = await run({ operation: 'convert', source_path: at('g.png'), target_path: target });
    expect(result).toMatchObject({ format, width: 120, height: 80 });
    const seen = await run({ operation: 'detect', file_path: target });
    expect(seen).toMatchObject({ format, supported: true });
    const { similarity } = await run({ operation: 'compare', file_path: at('g.png'), compare_path: target });
    expect(similarity).toBeGreaterThan(0.9);
  });

  it('turns pictures upright and leaves camera and place behind, unless told to keep them', async () => {
    const input = { operation: 'convert', source_path: at('turned.jpg'), target_path: at('upright.jpg') };
    expect(await run(input)).toMatchObject({ width: 80, height: 120 });
    expect(await metadata('upright.jpg')).toMatchObject({ exif: null, orientation: null });
    await run({ ...input, keep_metadata: true });
    expect(await metadata('upright.jpg')).toMatchObject({
      exif: { make: 'Canon' },
      dimensions: { width: 80, height: 120 },
    });
  });

  it('keeps the frames of an animation', async () => {
    const source_path = at('film.gif');
    await run({ operation: 'resize', source_path, target_path: at('small.gif'), width: 25 });
    expect(make(folder, 'identify', ['-format', '%wx%h ', at('small.gif')])).toBe('25x20 25x20 25x20 ');
    const region = { x: 5, y: 5, width: 20, height: 10 };
    await run({ operation: 'crop', source_path, target_path: at('part.webp'), ...region });
    expect(await metadata('part.webp')).toMatchObject({ pages: 3, dimensions: { width: 20, height: 10 } });
    await run({ operation: 'convert', source_path, target_path: at('first.png') });
    expect(pixel('first.png', 1, 1)).toBe('FF0000');
  });

  it('crops, rotates and flips', async () => {
    const source_path = at('halves.png');
    const region = { x: 0, y: 5, width: 20, height: 10 };
    await run({ operation: 'crop', source_path, target_path: at('c.png'), ...region });
    expect([pixel('c.png', 0, 4), pixel('c.png', 0, 5)]).toEqual(['FF0000', '0000FF']);
    await run({ operation: 'rotate', source_path, target_path: at('r.png') });
    expect([pixel('r.png', 0, 0), pixel('r.png', 19, 0)]).toEqual(['0000FF', 'FF0000']);
    const slanted = { operation: 'rotate', source_path, target_path: at('s.jpg'), degrees: 45 };
    expect(await run(slanted)).toMatchObject({ width: 28, height: 28 });
    expect(pixel('s.jpg', 0, 0)).toMatch(/^F.F.F.$/);
    await run({ operation: 'flip', source_path, target_path: at('f.png'), direction: 'vertical' });
    expect([pixel('f.png', 0, 0), pixel('f.png', 0, 19)]).toEqual(['0000FF', 'FF0000']);
  });

  it('refuses a region outside the picture', async () => {
    const region = { x: 15, y: 0, width: 10, height: 5 };
    const input = { operation: 'crop', source_path: at('halves.png'), target_path: at('c.png'), ...region };
    await expect(callTool(imageProcessor, input)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('makes thumbnails, never larger than the picture', async () => {
    const input = { operation: 'thumbnail', source_path: at('g.png'), target_path: at('t.jpg') };
    expect(await run({ ...input, max_width: 30 })).toMatchObject({ width: 30, height: 20, format: 'jpeg' });
    expect(await run(input)).toMatchObject({ width: 120, height: 80 });
  });

  it('lays a text over a picture, whatever is in it', async () => {
    const input = { operation: 'watermark', source_path: at('g.png'), target_path: at('w.png'), opacity: 1 };
    await run({ ...input, text: '<b>&"\'</text><image href="/etc/passwd"/>', position: 'top-left' });
    const compared = { operation: 'compare', file_path: at('g.png'), compare_path: at('w.png') };
    expect(await run(compared)).toMatchObject({ same_dimensions: true, identical: false });
    await expect(run({ ...input, text: 'bell\u0007' })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('lays a picture over a picture, where and as strongly as asked', async () => {
    make(folder, 'convert', ['-size', '40x40', 'xc:lime', 'stamp.png']);
    make(folder, 'convert', ['-size', '100x100', 'xc:black', 'black.png']);
    const input = { operation: 'watermark', source_path: at('black.png'), target_path: at('w.png') };
    await run({ ...input, watermark_path: at('stamp.png'), margin: 0, opacity: 1, watermark_scale: 0.1 });
    expect([pixel('w.png', 95, 95), pixel('w.png', 89, 95), pixel('w.png', 5, 5)]).toEqual([
      '00FF00',
      '000000',
      '000000',
    ]);
    await run({ ...input, watermark_path: at('stamp.png'), opacity: 0.5, position: 'top-left' });
    expect(pixel('w.png', 20, 20)).toMatch(/^00(7F|80|81)00$/);
  });

  it('compares pixel by pixel and by structure', async () => {
    make(folder, 'convert', ['black.png', '-fill', 'white', '-draw', 'rectangle 0,0 9,9', 'dot.png']);
    const compared = { operation: 'compare', file_path: at('black.png'), compare_path: at('dot.png') };
    const target_path = at('diff.png');
    expect(await run({ ...compared, target_path })).toMatchObject({
      identical: false,
      different_pixels: 100,
      difference_percent: 1,
      max_difference: 255,
      target_path,
    });
    expect([pixel('diff.png', 5, 5), pixel('diff.png', 50, 50)]).toEqual(['FF0000', 'C0C0C0']);
    const same = await run({ ...compared, compare_path: at('black.png') });
    expect(same).toMatchObject({ identical: true, ssim: 1, psnr: null });
    expect(await run({ ...compared, compare_path: at('g.png') })).toMatchObject({ same_dimensions: false });
    make(folder, 'convert', ['-size', '100x100', 'xc:#050505', 'near.png']);
    const near = { ...compared, compare_path: at('near.png'), threshold: 5 };
    expect(await run(near)).toMatchObject({ identical: false, different_pixels: 0, max_difference: 5 });
  });

  it('agrees with ImageMagick on the structural similarity', async () => {
    make(folder, 'convert', ['-size', '200x150', 'plasma:red-blue', '-seed', '7', 'plasma.png']);
    make(folder, 'convert', ['plasma.png', '-quality', '10', 'rough.jpg']);
    const { ssim, psnr } = (await run({
      operation: 'compare',
      file_path: at('plasma.png'),
      compare_path: at('rough.jpg'),
    })) as unknown as Record<string, number>;
    expect(ssim).toBeGreaterThan(0.6);
    expect(ssim).toBeLessThan(1);
    expect(psnr).toBeGreaterThan(20);
  });

  it('measures colours', async () => {
    expect(await run({ operation: 'statistics', file_path: at('halves.png'), bins: 2 })).toMatchObject({
      channels: [
        { channel: 'red', min: 0, max: 255, mean: 127.5, standard_deviation: 127.5 },
        { channel: 'green', min: 0, max: 0, mean: 0 },
        { channel: 'blue', mean: 127.5 },
      ],
      mean_color: '#800080',
      opaque: true,
      entropy: 1,
      histogram: { red: [200, 200], green: [400, 0], brightness: [400, 0] },
    });
  });

  it('says what is broken', async () => {
    writeFileSync(at('cut.jpg'), readFileSync(at('turned.jpg')).subarray(0, 700));
    const input = { operation: 'convert', source_path: at('cut.jpg'), target_path: at('cut.png') };
    await expect(callTool(imageProcessor, input)).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('cut.jpg'),
    });
    expect(existsSync(at('cut.png'))).toBe(false);
    await expect(run({ ...input, source_path: at('g.bmp') })).rejects.toThrow('Image format not supported');
  });

  it('writes nothing once it was stopped', async () => {
    const before = readdirSync(folder).sort();
    for (const operation of ['convert', 'resize', 'rotate']) {
      const controller = new AbortController();
      const input = {
        operation,
        source_path: at('large.png'),
        target_path: at('stopped.avif'),
        width: 2900,
        degrees: 5,
      };
      const call = callTool(imageProcessor, input, { signal: controller.signal });
      setTimeout(() => controller.abort(), 60);
      await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(readdirSync(folder).sort()).toEqual(before);
    }
  }, 60_000);

  it('looks at many pixels without holding up the rest', async () => {
    let turns = 0;
    const watch = setInterval(() => {
      turns += 1;
    }, 1);
    const input = { operation: 'compare', file_path: at('large.png'), compare_path: at('large.png') };
    expect((await callTool(imageProcessor, input)).result).toMatchObject({ identical: true });
    clearInterval(watch);
    expect(turns).toBeGreaterThan(30); // eight passes of six megapixels, in parts of half a megapixel
  }, 60_000);

  it('stops looking at pixels', async () => {
    const controller = new AbortController();
    const input = {
      operation: 'compare',
      file_path: at('large.png'),
      compare_path: at('large.png'),
      target_path: at('stopped.png'),
    };
    const call = callTool(imageProcessor, input, { signal: controller.signal });
    setTimeout(() => controller.abort(), 400);
    await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(at('stopped.png'))).toBe(false);
  }, 60_000);

  it('gives up when the configured time is over', async () => {
    const host = { config: { media: { processing_timeout_seconds: 1 } } };
    const input = {
      operation: 'resize',
      source_path: at('large.png'),
      target_path: at('late.avif'),
      width: 9000,
    };
    await expect(callTool(imageProcessor, input, { host: host as never })).rejects.toMatchObject({
      code: 'component.timeout',
      hint: expect.stringContaining('processing_timeout_seconds'),
    });
    expect(existsSync(at('late.avif'))).toBe(false);
  }, 120_000);
});

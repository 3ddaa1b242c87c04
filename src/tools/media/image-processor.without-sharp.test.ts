import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import imageProcessor from './image-processor.js';
import { has, make, testFolder } from './material.case.js';

vi.mock('sharp', () => {
  throw new Error("Cannot find package 'sharp'");
});

const folder = testFolder();
const at = (name: string) => join(folder, name);

describe('image-processor where sharp is not installed', () => {
  itRunsItsSamples(imageProcessor);

  it.skipIf(!has('convert'))('detects and describes', async () => {
    for (const name of ['a.png', 'a.jpg', 'a.gif', 'a.webp', 'a.bmp', 'a.tiff', 'a.avif', 'a.ico']) {
      make(folder, 'convert', ['-size', '48x32', 'gradient:', name]);
      const { result } = await callTool(imageProcessor, { file_path: at(name) });
      expect(result, name).toMatchObject({ metadata: { dimensions: { width: 48, height: 32 } } });
      expect(result, name).not.toMatchObject({ metadata: { warning: expect.anything() } });
      const { result: seen } = await callTool(imageProcessor, { operation: 'detect', file_path: at(name) });
      expect(seen).toMatchObject({ mime_type: expect.stringMatching(/^image\//) });
    }
  });

  it.each(['resize', 'convert', 'statistics', 'thumbnail'])('names what %s needs', async (operation) => {
    writeFileSync(at('one.png'), Buffer.from(ONE_PIXEL, 'base64'));
    const input = { operation, source_path: at('one.png'), target_path: at('two.png'), width: 2 };
    await expect(callTool(imageProcessor, input)).rejects.toMatchObject({
      code: 'feature.missing',
      hint: 'Install it with: npm install sharp',
    });
  });
});

const ONE_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

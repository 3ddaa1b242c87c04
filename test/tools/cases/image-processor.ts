import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'image-processor',
  programs: ['convert', 'identify'],
  prepare(dir) {
    const scene = ['-size', '300x200', 'gradient:navy-orange', '-quality', '92', 'scene.jpg'];
    execFileSync('convert', scene, { cwd: dir });
    return undefined;
  },
  input: (dir) => ({
    operation: 'thumbnail',
    source_path: join(dir, 'scene.jpg'),
    target_path: join(dir, 'small', 'scene.webp'),
    max_width: 90,
    max_height: 90,
  }),
  check(answer, dir) {
    const target = join(dir, 'small', 'scene.webp');
    expect(answer).toMatchObject({
      success: true,
      result: { target_path: target, format: 'webp', width: 90, height: 60 },
    });
    expect(execFileSync('identify', ['-format', '%m %w %h', target], { encoding: 'utf8' })).toBe(
      'WEBP 90 60',
    );
  },
});

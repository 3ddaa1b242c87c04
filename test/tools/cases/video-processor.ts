import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'video-processor',
  programs: ['ffmpeg'],
  prepare(dir) {
    const film = ['-f', 'lavfi', '-i', 'testsrc=duration=3:size=128x96:rate=10', '-c:v', 'mpeg4', 'film.avi'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...film], { cwd: dir });
    return undefined;
  },
  flags: () => ['--allow-run=ffmpeg'],
  input: (dir) => ({
    operation: 'extract_frames',
    file_path: join(dir, 'film.avi'),
    target_path: join(dir, 'frames'),
    target_format: 'png',
    interval_seconds: 1,
  }),
  check(answer, dir) {
    const frame = (number: number) => join(dir, 'frames', `frame_000${number}.png`);
    expect(answer).toMatchObject({
      success: true,
      result: {
        count: 3,
        truncated: false,
        frames: [0, 1, 2].map((second) => ({ path: frame(second + 1), timestamp_seconds: second })),
      },
    });
    expect([1, 2, 3, 4].map((number) => existsSync(frame(number)))).toEqual([true, true, true, false]);
  },
});

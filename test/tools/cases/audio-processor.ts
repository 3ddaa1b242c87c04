import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'audio-processor',
  programs: ['espeak-ng', 'ffmpeg', 'soxi'],
  prepare(dir) {
    execFileSync('espeak-ng', ['-w', join(dir, 'speech.wav'), 'A spell is a short script']);
    return undefined;
  },
  flags: () => ['--allow-run=ffmpeg'],
  input: (dir) => ({
    operation: 'trim',
    source_path: join(dir, 'speech.wav'),
    target_path: join(dir, 'part.flac'),
    start_seconds: 0.25,
    duration_seconds: 0.5,
    sample_rate: 16_000,
  }),
  check(answer, dir) {
    expect(answer).toMatchObject({
      success: true,
      result: { target_format: 'flac', start_seconds: 0.25, duration_seconds: 0.5 },
    });
    const said = (flag: string) =>
      execFileSync('soxi', [flag, join(dir, 'part.flac')], { encoding: 'utf8' }).trim();
    expect([said('-t'), said('-r'), said('-s')]).toEqual(['flac', '16000', '8000']);
  },
});

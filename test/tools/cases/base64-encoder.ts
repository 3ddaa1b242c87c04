import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'base64-encoder',
  programs: ['base64'],
  prepare(dir) {
    writeFileSync(
      join(dir, 'bytes.bin'),
      Uint8Array.from({ length: 100_001 }, (_, i) => (i * 31) % 256),
    );
    writeFileSync(join(dir, 'bytes.b64'), execFileSync('base64', [join(dir, 'bytes.bin')]));
    return undefined;
  },
  input: (dir) => ({
    operation: 'decode',
    input_file: join(dir, 'bytes.b64'),
    output_file: join(dir, 'again.bin'),
  }),
  check(answer, dir) {
    expect(answer).toMatchObject({ success: true, result: { size: 100_001, variant: 'standard' } });
    expect(readFileSync(join(dir, 'again.bin'))).toEqual(readFileSync(join(dir, 'bytes.bin')));
  },
});

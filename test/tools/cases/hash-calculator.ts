import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'hash-calculator',
  programs: ['sha256sum'],
  prepare(dir) {
    writeFileSync(
      join(dir, 'bytes.bin'),
      Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256),
    );
    const sum = execFileSync('sha256sum', ['bytes.bin'], { cwd: dir, encoding: 'utf8' });
    return { hash: sum.split(' ')[0]! };
  },
  input: (dir, { hash }) => ({ operation: 'verify', file: join(dir, 'bytes.bin'), expected_hash: hash }),
  check: ({ result }) => expect(result).toMatchObject({ verified: true, algorithm: 'SHA-256' }),
});

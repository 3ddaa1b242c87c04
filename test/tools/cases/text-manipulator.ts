import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'text-manipulator',
  programs: ['printf'],
  prepare: () => ({ text: execFileSync('printf', ['%s\\n', 'straße', 'ÉTÉ', '日本'], { encoding: 'utf8' }) }),
  input: (_dir, { text }) => ({ operation: 'uppercase', input: text }),
  check: ({ result }) => expect(result).toMatchObject({ result: 'STRASSE\nÉTÉ\n日本\n' }),
});

import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'template-creator',
  programs: ['uname'],
  prepare: () => ({ system: execFileSync('uname', ['-s'], { encoding: 'utf8' }).trim() }),
  input: (_dir, { system }) => ({
    template: '{% for name in names %}{{ name }} runs {{ system }}. {% endfor %}',
    context: { names: ['Ann', '<Bob>'], system },
  }),
  check: ({ result }, _dir, { system }) =>
    expect(result).toMatchObject({
      engine: 'tera',
      rendered: `Ann runs ${system}. &lt;Bob&gt; runs ${system}. `,
    }),
});

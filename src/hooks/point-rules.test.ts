import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { HOOK_POINT_GROUPS, HOOK_POINTS } from '../core/hook-points.js';
import { hookPoint, ruleOf } from './point-rules.js';

const EVERYWHERE = ['continue', 'modified', 'fork', 'skipped'];

test('the page of the hooks says what each point is about and takes', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/hooks.md'), 'utf8');
  for (const [group, points] of Object.entries(HOOK_POINT_GROUPS))
    for (const point of points) {
      const { about, takes } = ruleOf(point);
      const more = takes.filter((kind) => !EVERYWHERE.includes(kind)).join(', ');
      const row = `| ${group} | \`${point}\` | ${about ? `\`${about}\`` : ''} | ${more} |`;
      expect(page.replace(/ +\|/g, ' |')).toContain(row.replace(/ +\|/g, ' |'));
      expect(
        EVERYWHERE.filter((kind) => !takes.includes(kind as never)),
        point,
      ).toEqual([]);
    }
});

test('there are forty-three points', () => {
  expect(new Set(HOOK_POINTS).size).toBe(43);
});

test.each([
  ['ToolError', 'ToolError'],
  ['BeforeToolInvocation', 'BeforeToolExecution'],
  ['AfterWorkflowStep', 'AfterWorkflowStage'],
  ['custom:mine', 'custom:mine'],
])('%s means %s', (text, point) => {
  expect(hookPoint(text)).toBe(point);
});

test.each(['InvalidHookPoint', 'toolerror', 'custom:', 'custom:a b', '__proto__', ''])(
  '%j is no point',
  (text) => {
    expect(() => hookPoint(text)).toThrow(expect.objectContaining({ code: 'hook.invalid_point' }));
  },
);

import { expect, test } from 'vitest';
import { z } from 'zod';
import { inputError } from './schema.js';

const SCHEMA = z.strictObject({
  path: z.string(),
  mode: z.enum(['read', 'write']).default('read'),
  limits: z.strictObject({ lines: z.number().int().min(1), pathology: z.string().optional() }).optional(),
  filters: z.array(z.strictObject({ column: z.string() })).optional(),
});

function problemsOf(input: unknown): string {
  const { error } = SCHEMA.safeParse(input);
  return inputError("tool 'files'", error!, SCHEMA).message;
}

test.each<[string, unknown, string[]]>([
  ['a missing field', {}, ["Missing required parameter 'path'"]],
  ['a wrong type', { path: 5 }, ["'path': expected string, received number"]],
  ['a wrong choice', { path: '', mode: 'rite' }, ["'mode': ", '"read"', '"write"']],
  ['a number out of range', { path: '', limits: { lines: 0 } }, ["'limits.lines': "]],
  ['a missing field inside', { path: '', limits: {} }, ["Missing required parameter 'limits.lines'"]],
  ['an unknown field', { path: '', pth: 1 }, ["unknown key 'pth', did you mean 'path'?"]],
  [
    'an unknown field inside',
    { path: '', limits: { lines: 1, lins: 2 } },
    ["unknown key 'limits.lins', did you mean 'limits.lines'?"],
  ],
  [
    'an unknown field inside a list',
    { path: '', filters: [{ column: 'a', colum: 'b' }] },
    ["unknown key 'filters.0.colum', did you mean 'filters.0.column'?"],
  ],
  ['an unknown field that resembles none', { path: '', zzzzzz: 1 }, ["unknown key 'zzzzzz'"]],
  ['two mistakes', { path: 1, limits: 2 }, ["'path': ", "'limits': "]],
  ['no record', 'path', ["'files': expected object"]],
])('%s is named', (_, input, parts) => {
  const message = problemsOf(input);
  expect(message).toMatch(/^Invalid input for tool 'files': /);
  for (const part of parts) expect(message).toContain(part);
});

test('a suggestion is only made when it is near', () => {
  expect(problemsOf({ path: '', zzzzzz: 1 })).not.toContain('did you mean');
});

test('the details name every field, for programs', () => {
  const { error } = SCHEMA.safeParse({ path: 1, limits: { lines: 'x' } });
  expect(inputError('it', error!, SCHEMA)).toMatchObject({
    code: 'input.invalid',
    details: {
      issues: [
        { path: 'path', message: expect.any(String) },
        { path: 'limits.lines', message: expect.any(String) },
      ],
    },
  });
});

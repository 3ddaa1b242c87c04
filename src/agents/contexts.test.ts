import { expect, test } from 'vitest';
import { AgentContexts } from './contexts.js';

function contexts() {
  let next = 0;
  return new AgentContexts(() => `id${++next}`);
}

test('own data shadows shared memory', () => {
  const all = contexts();
  const id = all.create({ scope: 'global', data: { a: 1 } });
  all.update(id, 'a', 2);
  all.update(id, 'b', 3);
  expect([all.get(id, 'a'), all.get(id, 'b'), all.get(id, 'c')]).toEqual([1, 3, undefined]);
  expect(all.shared.get('global', 'a')).toBe(2);
});

test('contexts at one scope share what they write, others do not see it', () => {
  const all = contexts();
  const scope = { type: 'workflow', id: 'w' };
  const [a, b] = [all.create({ scope }), all.create({ scope })];
  const other = all.create({});
  all.update(a, 'k', 'v');
  expect([all.get(b, 'k'), all.get(other, 'k')]).toEqual(['v', undefined]);
  all.update(b, 'k', null);
  expect(all.get(a, 'k')).toBeUndefined();
});

test.each([
  ['inherit', { x: 1, conversation_context: 'c' }],
  ['whatever', { x: 1, conversation_context: 'c' }],
  ['copy', { conversation_context: 'c' }],
  ['isolate', {}],
  ['share', { x: 1, conversation_context: 'c' }],
])('a child with %s', (inheritance, expected) => {
  const all = contexts();
  const parent = all.create({ data: { x: 1, conversation_context: 'c' }, user_id: 'ann' });
  const child = all.child(parent, { type: 'agent', id: 'a' }, inheritance);
  expect(all.view(child)).toEqual(expected);
  expect(all.identity(child)).toMatchObject({ user_id: 'ann' });
});

test('a child without a scope writes where its parent reads', () => {
  const all = contexts();
  const parent = all.create({});
  const child = all.child(parent, null, 'inherit');
  all.update(child, 'found', true);
  expect(all.get(parent, 'found')).toBe(true);
  all.remove(parent);
  expect(all.get(child, 'found')).toBe(true);
  expect(() => all.get(parent, 'found')).toThrow(
    expect.objectContaining({ code: 'agent.context_not_found' }),
  );
});

test.each([['planet'], [{ type: 'session' }], [{ type: 'planet', id: 'x' }], [5]])(
  'scope %j is refused',
  (scope) => {
    expect(() => contexts().create({ scope })).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  },
);

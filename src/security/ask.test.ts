import { expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import type { Answer, PermissionQuestion } from './ask.js';
import { noGrants } from './grants.js';
import { createPermissions } from './permissions.js';

function asked(answer: () => Answer) {
  const questions: PermissionQuestion[] = [];
  const ask = async (question: PermissionQuestion) => {
    questions.push(question);
    return answer();
  };
  return { permissions: createPermissions(noGrants(), { cwd: '/', ask }), questions };
}

it.each([
  ['env', '*'],
  ['env', 'AWS_*'],
  ['net', '*:443'],
  ['net', '!example.com:443'],
  ['run', '*'],
  ['db', 'postgres://*:5432/shop'],
] as const)(
  'refuses %s %s without asking: for good, it would be a grant for many',
  async (capability, target) => {
    const { permissions, questions } = asked(() => 'always');
    const { context } = testContext({ permissions });
    await expect(permissions.require(capability, target, context)).rejects.toThrow('Permission denied');
    expect(questions).toEqual([]);
  },
);

it('asks for a file whose name looks like a pattern', async () => {
  const { permissions, questions } = asked(() => 'run');
  const { context } = testContext({ permissions });
  await permissions.require('read', '/data/a*.csv', context);
  expect(questions).toHaveLength(1);
});

it('asks again after a question that was broken off', async () => {
  const broken = new AbortController();
  const { permissions, questions } = asked(() => (broken.signal.aborted ? 'run' : 'no'));
  const first = testContext({ permissions, signal: AbortSignal.abort() }).context;
  await expect(permissions.require('env', 'LANG', first)).rejects.toThrow();
  broken.abort();
  await permissions.require('env', 'LANG', testContext({ permissions }).context);
  expect(questions).toHaveLength(2);
});

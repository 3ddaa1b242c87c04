import { expect, test } from 'vitest';
import { Budget } from './budget.js';
import { noteWork, workEnded } from './unfinished.js';

const budget = () => new Budget({}, () => 0);

test('waits for a call that is still putting things in order, even if it fails', async () => {
  const run = budget();
  let tidy = false;
  noteWork(
    run,
    new Promise((_, reject) =>
      setTimeout(() => {
        tidy = true;
        reject(new Error('stopped'));
      }, 30),
    ),
  );
  await workEnded(run);
  expect(tidy).toBe(true);
});

test('does not wait for other runs, nor for ever', async () => {
  const stuck = budget();
  noteWork(stuck, new Promise(() => {}));
  await workEnded(budget());
  // That it settles at all is what counts: the call that is stuck never does.
  await workEnded(stuck);
});

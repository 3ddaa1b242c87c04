import { expect, test } from 'vitest';
import type { JournalEvent } from './events.js';
import { Journal } from './journal.js';

const output = (text: string) => ({ type: 'output', stream: 'stdout', text }) as const;

test('events are numbered from 1 without gaps, with run, path and time', () => {
  let now = 100;
  const journal = new Journal('run_1', () => now++);
  expect(journal.append('run', output('a'))).toEqual({
    run: 'run_1',
    seq: 1,
    path: 'run',
    time: 100,
    ...output('a'),
  });
  expect(journal.append('run/tool:x', output('b'))).toMatchObject({ seq: 2, path: 'run/tool:x', time: 101 });
});

test('every listener hears every later event in order, before append returns', () => {
  const journal = new Journal('run_1', () => 0);
  const heard: string[] = [];
  const listen = (name: string) => (event: JournalEvent) => heard.push(`${name}${event.seq}`);
  const stop = journal.subscribe(listen('a'));
  journal.append('run', output('1'));
  journal.subscribe(listen('b'));
  journal.append('run', output('2'));
  expect(heard).toEqual(['a1', 'a2', 'b2']);
  stop();
  journal.append('run', output('3'));
  expect(heard).toEqual(['a1', 'a2', 'b2', 'b3']);
});

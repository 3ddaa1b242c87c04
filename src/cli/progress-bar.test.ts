import { expect, it } from 'vitest';
import type { JournalEvent } from '../core/events.js';
import { ProgressBar } from './progress-bar.js';
import type { Terminal } from './terminal.js';

function bar(stderrIsTTY: boolean, quiet = false) {
  let shown = '';
  const write = (text: string) => {
    shown += text;
  };
  const real = { stderrIsTTY, out: write, err: write } as unknown as Terminal;
  const progress = new ProgressBar(real, quiet);
  const event = (type: string, more = {}) => progress.event({ type, name: 'zip', ...more } as JournalEvent);
  return { progress, event, shown: () => shown };
}

it('shows how far work is, and goes away before anything else is written', () => {
  const { progress, event, shown } = bar(true);
  event('component.progress', { message: 'a.txt', fraction: 0.5 });
  expect(shown()).toBe(`\r\u001b[Kzip [${'#'.repeat(12)}${'.'.repeat(12)}]  50 % a.txt`);
  progress.terminal.out('hello\n');
  progress.terminal.out('again\n');
  expect(shown().endsWith('a.txt\r\u001b[Khello\nagain\n')).toBe(true);
  event('component.progress', { message: 'no end\u001b[2J in sight' });
  expect(shown().endsWith('zip no end\\u001b[2J in sight')).toBe(true);
  event('component.finished');
  expect(shown().endsWith('sight\r\u001b[K')).toBe(true);
});

it('is not there without a terminal, nor where silence was asked for', () => {
  for (const { event, shown } of [bar(false), bar(true, true)]) {
    event('component.progress', { message: 'a', fraction: 1 });
    event('component.finished');
    expect(shown()).toBe('');
  }
});

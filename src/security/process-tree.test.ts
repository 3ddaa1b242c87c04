import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { endTree, endTreeAtExit, endTreeNow, PROCESS_MARK } from './process-tree.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process that prints a line once it is there. */
async function start(script: string, mark: string | undefined, detached = true): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH, ...(mark !== undefined && { [PROCESS_MARK]: mark }) };
  const child = spawn('sh', ['-c', script], { env, detached, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise<NodeJS.Signals | null>((resolve) => {
    if (child.signalCode !== null) resolve(child.signalCode);
    child.once('exit', (_, signal) => resolve(signal));
  });

function lives(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe.skipIf(process.platform !== 'linux')('endTree', () => {
  it('leaves others alone', async () => {
    const other = await start('echo; exec sleep 60', 'b-mark');
    const unmarked = await start('echo; exec sleep 60', undefined);
    const ours = await start('echo; exec sleep 60', 'a-mark');
    await endTree(ours.pid!, 'a-mark');
    expect(await ended(ours)).toBe('SIGKILL');
    expect([lives(other.pid!), lives(unmarked.pid!)]).toEqual([true, true]);
  });

  it('does not take a stranger with the number of an ended leader for it', async () => {
    const stranger = await start('echo; exec sleep 60', undefined);
    await endTree(stranger.pid!, 'gone-mark', true);
    expect(lives(stranger.pid!)).toBe(true);
  });

  it('never ends this process, even when it carries the mark', async () => {
    await endTree(process.pid, 'some-mark', true);
    const child = await start(`echo; exec sleep 60`, 'outer-mark');
    await endTree(child.pid!, 'outer-mark');
    expect(lives(process.pid)).toBe(true);
  });

  it('is done when there is nothing to end', async () => {
    await endTree(2 ** 22 - 1, 'no-such-mark');
  });

  it('copes with names that look like the rest of the line', async () => {
    const script = `cp $(command -v sleep) "/tmp/a) S 1 1 1 $$"; echo; exec "/tmp/a) S 1 1 1 $$" 60`;
    const child = await start(script, 'odd-mark');
    await endTree(child.pid!, 'odd-mark');
    expect(await ended(child)).toBe('SIGKILL');
    const { rmSync } = await import('node:fs');
    rmSync(`/tmp/a) S 1 1 1 ${child.pid}`, { force: true });
  });

  it('works without waiting, too', async () => {
    const child = await start('setsid sleep 61 & echo $!; wait', 'now-mark');
    endTreeNow(child.pid!, 'now-mark');
    expect(await ended(child)).toBe('SIGKILL');
  });
});

describe('endTreeAtExit', () => {
  it('has one listener, however many trees, and none when they are dismissed', () => {
    const before = process.listenerCount('exit');
    const dismiss = [1, 2, 3].map((mark) => endTreeAtExit(2 ** 22 - 1, `mark-${mark}`));
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (const one of [...dismiss, ...dismiss]) one();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

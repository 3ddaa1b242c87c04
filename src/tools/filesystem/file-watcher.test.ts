import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { State } from '../../state/state.js';
import { memoryStore } from '../../storage/memory.js';
import { normalizeToolInput, toolComponent } from '../component.js';
import { bareHost } from '../host.js';
import { itRunsItsSamples } from '../run-tool.case.js';
import fileWatcher from './file-watcher.js';
import type { WatchEvent } from './watch/events.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-watch-')));
});
afterEach(() => rm(dir, { recursive: true }));

const state = new State(memoryStore());

/** Calls the tool; `watching` is settled when it has begun to watch. */
function start(input: JsonObject, options: { signal?: AbortSignal; read?: string[] } = {}) {
  const permissions = createPermissions({ ...noGrants(), read: options.read ?? [dir] }, { cwd: dir });
  let begun = () => {};
  const watching = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { context, events } = testContext({ permissions, ...(options.signal && { signal: options.signal }) });
  const observed = { ...context, child: watchedChild(context, begun) };
  const host = bareHost({ state: async () => state });
  const call = invoke(toolComponent(fileWatcher, host), normalizeToolInput(fileWatcher, input), observed);
  return { call, watching, journal: events };
}
type Context = ReturnType<typeof testContext>['context'];
function watchedChild(context: Context, begun: () => void): Context['child'] {
  return (...args) => {
    const child = context.child(...args);
    const emit: Context['emit'] = (event) => {
      if (event.type === 'component.progress') begun();
      child.emit(event);
    };
    return { ...child, emit, limit: (timeoutMs) => ({ ...child.limit(timeoutMs), emit }) };
  };
}

async function changesWhile(work: () => Promise<unknown>, input: JsonObject = {}): Promise<WatchEvent[]> {
  const { call, watching } = start({ operation: 'watch', input: [dir], timeout_ms: 5000, ...input });
  await watching;
  await work();
  return ((await call).result as unknown as { events: WatchEvent[] }).events;
}
const brief = (events: WatchEvent[]) =>
  events
    .map(
      ({ event_type, path, old_path }) =>
        `${event_type} ${old_path ? `${old_path.slice(dir.length + 1)} ` : ''}${path.slice(dir.length + 1)}`,
    )
    .sort();

/** What this process has asked the kernel to watch. */
function inotifyWatches(): number {
  let count = 0;
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (!readlinkSync(`/proc/self/fd/${fd}`).includes('inotify')) continue;
      count += readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^inotify wd/gm)?.length ?? 0;
    } catch {
      // Closed meanwhile.
    }
  }
  return count;
}

describe('file-watcher', () => {
  itRunsItsSamples(fileWatcher);

  it('sees files made, changed, removed and renamed', async () => {
    await mkdir(join(dir, 'sub'));
    for (const name of ['changed', 'removed', 'old', 'sub/moved']) await writeFile(join(dir, name), name);
    const events = await changesWhile(async () => {
      await writeFile(join(dir, 'made'), 'x');
      await appendFile(join(dir, 'changed'), 'more');
      await rm(join(dir, 'removed'));
      await rename(join(dir, 'old'), join(dir, 'new'));
      await rename(join(dir, 'sub/moved'), join(dir, 'moved'));
      await mkdir(join(dir, 'folder'));
    });
    expect(brief(events)).toEqual([
      'Create folder',
      'Create made',
      'Delete removed',
      'Modify changed',
      'Rename old new',
      'Rename sub/moved moved',
    ]);
    expect(events[0]).toMatchObject({ kind: 'file', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('does not take a new file in the place of a removed one for a rename', async () => {
    await writeFile(join(dir, 'a'), 'a');
    const events = await changesWhile(async () => {
      await rm(join(dir, 'a'));
      await writeFile(join(dir, 'b'), 'b');
    });
    expect(brief(events)).toEqual(['Create b', 'Delete a']);
  });

  it('tells only what matches, and only as deep as asked', async () => {
    await mkdir(join(dir, 'sub'));
    const work = async () => {
      for (const name of ['a.txt', 'b.md', 'sub/c.txt']) await writeFile(join(dir, name), 'x');
    };
    expect(brief(await changesWhile(work, { pattern: '*.txt' }))).toEqual([
      'Create a.txt',
      'Create sub/c.txt',
    ]);
    for (const name of ['a.txt', 'b.md', 'sub/c.txt']) await rm(join(dir, name));
    expect(brief(await changesWhile(work, { pattern: 'sub/**' }))).toEqual(['Create sub/c.txt']);
    for (const name of ['a.txt', 'b.md', 'sub/c.txt']) await rm(join(dir, name));
    expect(brief(await changesWhile(work, { recursive: false }))).toEqual(['Create a.txt', 'Create b.md']);
  });

  it('watches single files', async () => {
    await writeFile(join(dir, 'one'), 'x');
    const work = async () => {
      await writeFile(join(dir, 'other'), 'x');
      await appendFile(join(dir, 'one'), 'x');
    };
    expect(brief(await changesWhile(work, { input: join(dir, 'one') }))).toEqual(['Modify one']);
  });

  it('takes many changes of one file for one, and stops when there are enough', async () => {
    const burst = await changesWhile(async () => {
      for (let i = 0; i < 20; i++) await appendFile(join(dir, 'log'), `${i}\n`);
    });
    expect(brief(burst)).toEqual(['Create log']);
    const many = await changesWhile(
      async () => {
        for (let i = 0; i < 20; i++) await writeFile(join(dir, `f${i}`), 'x');
      },
      { max_events: 5 },
    );
    expect(many).toHaveLength(5);
  });

  it('tells nothing of what is not granted, behind links or beside', async () => {
    const outside = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-outside-')));
    try {
      await mkdir(join(dir, 'open/deep'), { recursive: true });
      await mkdir(join(dir, 'closed'));
      await symlink(outside, join(dir, 'open/link'));
      const { call, watching } = start(
        { operation: 'watch', input: [join(dir, 'open')], timeout_ms: 3000 },
        { read: [join(dir, 'open')] },
      );
      await watching;
      await writeFile(join(outside, 'secret'), 'x');
      await writeFile(join(dir, 'closed/secret'), 'x');
      await writeFile(join(dir, 'open/deep/seen'), 'x');
      const { events } = (await call).result as unknown as { events: WatchEvent[] };
      expect(events.map(({ path }) => path)).toEqual([join(dir, 'open/deep/seen')]);
      await expect(start({ operation: 'watch', input: [outside] }).call).rejects.toMatchObject({
        code: 'permission.read',
      });
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'watches nothing any more once it has answered or was aborted',
    async () => {
      for (let i = 0; i < 10; i++) await mkdir(join(dir, `d${i}`));
      const before = inotifyWatches();
      await start({ operation: 'watch', input: [dir], timeout_ms: 50 }).call;
      expect(inotifyWatches()).toBe(before);
      const controller = new AbortController();
      const { call, watching } = start({ operation: 'watch', input: [dir] }, { signal: controller.signal });
      await watching;
      expect(inotifyWatches()).toBeGreaterThanOrEqual(before + 11);
      const since = performance.now();
      controller.abort();
      await expect(call).rejects.toMatchObject({ code: 'component.cancelled' });
      while (inotifyWatches() > before && performance.now() - since < 1000)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(inotifyWatches()).toBe(before);
    },
  );

  it('remembers what it saw and tells what has changed since', async () => {
    const ask = async (extra: JsonObject = {}) =>
      (await start({ operation: 'get_changes', path: dir, ...extra }).call).result as unknown as {
        events: WatchEvent[];
        first: boolean;
        files: number;
      };
    await mkdir(join(dir, 'sub'));
    for (const name of ['a', 'b', 'c']) await writeFile(join(dir, name), name);
    await utimes(join(dir, 'c'), 1_600_000_000, 1_600_000_000.123);
    expect(await ask()).toMatchObject({ first: true, events: [], files: 4 });
    expect(await ask()).toMatchObject({ first: false, events: [] });
    await rm(join(dir, 'a'));
    await writeFile(join(dir, 'b'), 'longer');
    await rename(join(dir, 'c'), join(dir, 'sub/c2'));
    await writeFile(join(dir, 'sub/d'), 'new');
    const expected = ['Create sub/d', 'Delete a', 'Modify b', 'Rename c sub/c2'];
    expect(brief((await ask({ keep: true })).events)).toEqual(expected);
    expect(brief((await ask()).events)).toEqual(expected);
    expect((await ask()).events).toEqual([]);
    expect((await ask({ snapshot: 'mine' })).first).toBe(true);
    expect((await start({ operation: 'unwatch', path: dir }).call).result).toEqual({ forgotten: true });
    expect((await start({ operation: 'unwatch', path: dir }).call).result).toEqual({ forgotten: false });
    expect((await ask()).first).toBe(true);
  });

  it.each<[JsonObject, string, RegExp]>([
    [{ operation: 'watch' }, 'input.invalid', /Missing required array parameter 'input'/],
    [{ operation: 'watch', input: [] }, 'input.invalid', /input/],
    [{ operation: 'watch', input: ['none'] }, 'tool.failed', /File watching failed: .*does not exist/],
    [{ operation: 'watch', input: ['.'], pattern: '(?=x)' }, 'input.invalid', /Invalid glob/],
    [{ operation: 'watch', input: ['.'], max_events: 0 }, 'input.invalid', /max_events/],
    [{ operation: 'watch', input: Array.from({ length: 101 }, () => '.') }, 'input.invalid', /input/],
    [{ operation: 'look' }, 'input.invalid', /Unknown operation/],
  ])('refuses %j', async (input, code, message) => {
    await expect(start(input).call).rejects.toMatchObject({ code });
    await expect(start(input).call).rejects.toThrow(message);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { TestContextOptions } from '../../core/testing.js';
import { State } from '../../state/state.js';
import { memoryStore } from '../../storage/memory.js';
import type { ToolHost } from '../host.js';
import { callTool } from '../run-tool.case.js';
import { compareLines, normalizeLines } from './monitor/compare.js';
import { MOST_VISITS } from './monitor/snapshots.js';
import { closeSitesAfterEach, itRunsItsSamplesGuarded, loopbackOnly, serveSite } from './page/site.case.js';
import webpageMonitor from './webpage-monitor.js';

closeSitesAfterEach();

type Options = TestContextOptions & { host?: Partial<ToolHost> };
type Found = Record<string, unknown> & { changes: Record<string, unknown>[] };

/** A monitor with a memory of its own. */
function monitor() {
  const state = new State(memoryStore());
  return async (input: Record<string, unknown>, options: Options = {}) => {
    const host = { state: async () => state };
    const { result } = await callTool(webpageMonitor, input, {
      permissions: loopbackOnly(),
      host,
      ...options,
    });
    return result as unknown as Found;
  };
}
const page = (...lines: string[]) => `<body>${lines.map((line) => `<p>${line}</p>`).join('\n')}</body>`;

describe('webpage-monitor', () => {
  itRunsItsSamplesGuarded(webpageMonitor);

  it('remembers a page from visit to visit', async () => {
    const call = monitor();
    const site = await serveSite({ '/': page('one', 'two', 'three') });
    const input = site.origin;
    expect(await call({ input })).toMatchObject({
      has_changes: false,
      message: expect.stringContaining('No previous content'),
      current_content: 'one\ntwo\nthree',
      remembered: true,
    });
    expect(await call({ input })).toMatchObject({ has_changes: false, change_count: 0 });
    site.put({ '/': page('one', 'zwei', 'three', 'four') });
    expect(await call({ operation: 'monitor', input })).toMatchObject({
      has_changes: true,
      change_count: 2,
      added_lines: 2,
      removed_lines: 1,
      previous_content: 'one\ntwo\nthree',
      diff: '- two\n+ zwei\n+ four',
      changes: [
        { type: 'modification', old_line: 2, new_line: 2, old_content: 'two', new_content: 'zwei', group: 0 },
        { type: 'addition', new_line: 4, content: 'four', group: 1 },
      ],
    });
    expect(await call({ input })).toMatchObject({ has_changes: false });
  });

  it('keeps pages and selectors apart, lists and forgets them', async () => {
    const call = monitor();
    const site = await serveSite({ '/': '<h1>a</h1><p>1</p>', '/b': 'b' });
    const input = `${site.origin}/`;
    await call({ input });
    await call({ input, selector: 'p' });
    await call({ input: `${site.origin}/b` });
    site.put({ '/': '<h1>a</h1><p>2</p>' });
    expect(await call({ input, selector: 'h1' })).toMatchObject({
      message: expect.stringContaining('No previous'),
    });
    expect(await call({ input, selector: 'p' })).toMatchObject({ diff: '- 1\n+ 2', selector_used: 'p' });
    expect(await call({ operation: 'history' })).toMatchObject({ count: 4 });
    expect(await call({ operation: 'history', input, selector: 'p' })).toMatchObject({
      count: 1,
      pages: [{ selector: 'p', checks: [{ changed: false }, { changed: true, added: 1, removed: 1 }] }],
    });
    expect(await call({ operation: 'reset', input, selector: 'p' })).toMatchObject({ removed: true });
    expect(await call({ operation: 'reset', input, selector: 'p' })).toMatchObject({ removed: false });
    expect(await call({ input, selector: 'p' })).toMatchObject({
      message: expect.stringContaining('No previous'),
    });
  });

  it('remembers so many visits and no more', async () => {
    const call = monitor();
    const { origin: input } = await serveSite({
      '/': (_, response) => response.setHeader('content-type', 'text/plain').end('x'),
    });
    for (let visit = 0; visit < MOST_VISITS + 3; visit++) await call({ input });
    const { pages } = (await call({ operation: 'history' })) as unknown as { pages: { checks: unknown[] }[] };
    expect(pages[0]!.checks).toHaveLength(MOST_VISITS);
  });

  it('compares without remembering', async () => {
    const call = monitor();
    const site = await serveSite({ '/': page('one', 'two') });
    const input = site.origin;
    await call({ input });
    site.put({ '/': page('one') });
    const changed = {
      has_changes: true,
      changes: [{ type: 'deletion', old_line: 2, content: 'two' }],
      remembered: false,
    };
    expect(await call({ input, remember: false })).toMatchObject(changed);
    expect(await call({ input, remember: false })).toMatchObject(changed);
  });

  it('compares with what it is given, and needs no memory for that', async () => {
    const { origin: input } = await serveSite({ '/': page('one', 'two') });
    const call = (more: object) =>
      callTool(webpageMonitor, { input, ...more }, { permissions: loopbackOnly() });
    expect(await call({ previous_content: 'one\nthree' })).toMatchObject({
      result: { has_changes: true, diff: '- three\n+ two', remembered: false },
      text: 'The page has changed (lines added: 1, removed: 1)\n- three\n+ two',
    });
    const same = await call({ previous_content: 'one\ntwo' });
    expect(same.result).toMatchObject({ has_changes: false });
    const { current_hash } = same.result as { current_hash: string };
    expect(await call({ previous_hash: current_hash })).toMatchObject({ result: { has_changes: false } });
    expect(await call({ previous_hash: 'f00' })).toMatchObject({ result: { has_changes: true } });
  });

  it('ignores white space and still compares lines', async () => {
    const call = monitor();
    const site = await serveSite({ '/': '<p>one  two\nthree</p><p>four</p>' });
    const input = site.origin;
    await call({ input });
    site.put({ '/': '<p>\n one two three</p>\n\n<p>five</p>' });
    expect(await call({ input, remember: false })).toMatchObject({ diff: '- four\n+ five' });
    expect(await call({ input, ignore_whitespace: false })).toMatchObject({
      diff: '- one  two\n- three\n- four\n+ \n+  one two three\n+ five',
    });
  });

  it('names what is wrong', async () => {
    const call = monitor();
    const { origin: input } = await serveSite({ '/': 'x' });
    await expect(call({ input, selector: '.none' })).rejects.toThrow(
      /No elements found for selector '.none'/,
    );
    await expect(call({ input: `${input}/gone` })).rejects.toThrow('HTTP error 404');
    await expect(call({ input, selector: 'p[' })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(call({})).rejects.toThrow(/Missing required parameter 'input'/);
    await expect(call({ operation: 'watch', input })).rejects.toThrow(/Unknown operation 'watch'/);
  });

  it.each(['not-a-url', 'ftp://unsupported.com', 'http://', '://broken', ''])('refuses %j', async (input) => {
    await expect(monitor()({ input })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(/Invalid URL/),
      hint: expect.stringContaining('URL must start with'),
    });
  });

  it('does what robots.txt says', async () => {
    const { origin } = await serveSite({ '/robots.txt': 'User-agent: *\nDisallow: /', '/': 'x' });
    await expect(monitor()({ input: origin })).rejects.toThrow(/does not allow/);
    expect(await monitor()({ input: origin, respect_robots: false })).toMatchObject({ has_changes: false });
  });

  it('remembers nothing of a visit that is cancelled', async () => {
    const call = monitor();
    const abort = new AbortController();
    let closed = false;
    const { origin: input } = await serveSite({
      '/': (request, response) => {
        request.socket.once('close', () => (closed = true));
        response.setHeader('content-type', 'text/html').write('<p>part');
        abort.abort(new Error('enough'));
      },
    });
    await expect(call({ input }, { signal: abort.signal })).rejects.toThrow('enough');
    await vi.waitFor(() => expect(closed).toBe(true));
    expect(await call({ operation: 'history' })).toMatchObject({ count: 0 });
  });
});

describe('comparing lines', () => {
  it('gives up on details where texts are too different', async () => {
    const before = Array.from({ length: 5000 }, (_, number) => `old ${number}`);
    const after = Array.from({ length: 5000 }, (_, number) => `new ${number}`);
    expect(await compareLines(before, after)).toMatchObject({
      coarse: true,
      added: 5000,
      removed: 5000,
      changes: [{ type: 'modification', old_line: 1, new_line: 1 }],
    });
    const long = Array.from({ length: 30_000 }, (_, number) => `line ${number}`);
    expect(await compareLines(long, [...long.slice(1, -1), 'x'])).toMatchObject({ coarse: true });
  });

  it('does not see a change where there is none', async () => {
    const long = Array.from({ length: 30_000 }, String);
    expect(await compareLines(long, [...long])).toMatchObject({ changes: [], coarse: false });
    expect(await compareLines(long, [...long.slice(0, 100), 'x', ...long.slice(100)])).toMatchObject({
      changes: [{ type: 'addition', new_line: 101, content: 'x' }],
    });
    expect(await compareLines([], [])).toMatchObject({ changes: [] });
    expect(normalizeLines([' a\n b ', '', '\t'], true)).toEqual(['a b']);
  });
});

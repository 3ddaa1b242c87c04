import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './support/cli.js';

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-'));
  await cli('exec', '--quiet', 'Session.create({ name = "only" })');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const cli = (...args: string[]) => runCli(args, { cwd: home, env: { LLMSPELL_HOME: join(home, 'data') } });

const sessions = async () =>
  JSON.parse((await cli('session', 'list', '--output', 'json')).stdout) as { id: string; name: string }[];

test.each(['show', 'suspend', 'complete', 'delete', 'export', 'replay'])(
  'session %s takes no empty id for the only session there is',
  async (command) => {
    const { code, stderr } = await cli('session', command, '');
    expect(code).toBe(1);
    expect(stderr).toContain('session.not_found');
    expect((await sessions()).map(({ name }) => name)).toEqual(['only']);
  },
);

test('a file becomes an artifact and comes back as it was', async () => {
  const content = Buffer.from([0, 255, 10, 13, 1]);
  writeFileSync(join(home, 'in.bin'), content);
  expect((await cli('artifact', 'put', 'only', 'in.bin')).code).toBe(0);
  expect((await cli('artifact', 'get', 'only', 'in.bin', '--out', 'out.bin')).code).toBe(0);
  expect(readFileSync(join(home, 'out.bin'))).toEqual(content);
  expect(await cli('artifact', 'verify')).toMatchObject({
    code: 0,
    stdout: '1 artifacts read, 0 damaged.\n',
  });
});

test('what goes wrong in a replay has no place in a script that nobody wrote', async () => {
  const { code, stderr } = await cli('session', 'replay', 'only');
  expect(code).toBe(1);
  expect(stderr).toContain('replay.nothing');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a tenant whose name is a path keeps to a folder of its own', async () => {
  for (const tenant of ['.', '..', '../..']) {
    const { code, stderr } = await cli('runs', 'list', '--tenant', tenant, '--output', 'json');
    expect({ tenant, code, stderr }).toEqual({ tenant, code: 0, stderr: '' });
  }
  expect(JSON.parse((await cli('runs', 'list', '--tenant', '.', '--output', 'json')).stdout)).toEqual([]);
  expect((await cli('runs', 'list', '--tenant', '')).stderr).toContain('A tenant has a name');
});

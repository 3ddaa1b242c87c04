import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/core/events.js';
import { invoke } from '../../src/core/invoke.js';
import { testContext } from '../../src/core/testing.js';
import type { JsonObject, JsonValue } from '../../src/core/values.js';
import { type Grants, noGrants } from '../../src/security/grants.js';
import { createPermissions } from '../../src/security/permissions.js';
import { normalizeToolInput, toolComponent } from '../../src/tools/component.js';
import type { ToolDefinition, ToolSample } from '../../src/tools/define.js';
import { bareHost } from '../../src/tools/host.js';
import { BUILT_IN_TOOLS } from '../../src/tools/index.generated.js';
import { type Reach, reachingParameters } from '../../src/tools/parameters.js';
import type { ToolResult } from '../../src/tools/result.js';

// Hostile values for every parameter of every tool that reaches outside: paths, addresses, programs, variables. The
// folder of a call is granted, nothing else is; a file beside it and a server on this machine tell what got through.

const CANARY = 'canary-5a1f-outside';
const TOOLS = await Promise.all(BUILT_IN_TOOLS.map((entry) => entry.load()));

/** Every parameter of every tool that reaches for one of these, with the samples that use it. */
function reaching(...wanted: Reach[]) {
  return TOOLS.flatMap((tool) =>
    [...reachingParameters(tool.input)]
      .filter(([, reach]) => wanted.includes(reach))
      .map(([parameter, reach]) => [`${tool.name} ${parameter}`, { tool, parameter, reach }] as const),
  );
}

/** Samples that succeed come first: with them only the hostile value can be what is refused. */
const usesOf = ({ tool, parameter }: { tool: ToolDefinition; parameter: string }) =>
  [
    ...tool.samples.filter((sample) => !sample.error),
    ...tool.samples.filter((sample) => sample.error),
  ].filter((sample) => Object.hasOwn(normalizeToolInput(tool, sample.input) as JsonObject, parameter));

let base: string;
let inside: string;
let outside: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
  [inside, outside] = [join(base, 'inside'), join(base, 'outside')];
  await mkdir(inside);
  await mkdir(outside);
  await writeFile(join(outside, 'secret.txt'), CANARY);
  await symlink(outside, join(inside, 'link-to-folder'));
  await symlink(join(outside, 'secret.txt'), join(inside, 'link-to-file'));
  await symlink(join(outside, 'new.txt'), join(inside, 'dangling'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** What a call gave, or what it raised, and what it was allowed to do. */
interface Seen {
  result?: ToolResult;
  error?: Error & { code?: string };
  granted: { capability: string; target: string }[];
}

async function callWith(
  tool: ToolDefinition,
  sample: Pick<ToolSample, 'input' | 'files'>,
  parameter: string,
  value: JsonValue,
  grants: Partial<Grants> = {},
): Promise<Seen> {
  for (const [name, text] of Object.entries(sample.files ?? {})) await writeFile(join(inside, name), text);
  const plain = JSON.parse(JSON.stringify(sample.input).replaceAll('{{dir}}', inside)) as JsonObject;
  const input = normalizeToolInput(tool, plain) as JsonObject;
  const shaped = Array.isArray(input[parameter]) ? [value] : value;
  const permissions = createPermissions(
    { ...noGrants(), read: [inside], write: [inside], ...grants },
    { cwd: inside },
  );
  const { context, events } = testContext({ permissions });
  const call = invoke(toolComponent(tool, bareHost()), { ...input, [parameter]: shaped }, context);
  const seen = await call.then(
    (result) => ({ result }),
    (error: Error) => ({ error }),
  );
  return { ...seen, granted: events.flatMap(grantedTarget) };
}

function grantedTarget(event: JournalEvent): Seen['granted'] {
  return event.type === 'permission' && event.granted ? [event] : [];
}

/** The call said no, with a stable code that is not an accident of the program. */
function expectRefused({ result, error }: Seen, value: JsonValue): void {
  if (result)
    expect(result.success, `${JSON.stringify(value)} gave ${JSON.stringify(result).slice(0, 300)}`).toBe(
      false,
    );
  else
    expect(error!.code, `${JSON.stringify(value)}: ${error!.stack}`).toMatch(
      /^(permission\.|input\.invalid|tool\.failed|feature\.missing)/,
    );
}

async function outsideAsItWas(): Promise<void> {
  expect(await readdir(outside)).toEqual(['secret.txt']);
  expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe(CANARY);
  expect((await readdir(base)).sort()).toEqual(['inside', 'outside']);
}

const paths = () => [
  join(outside, 'secret.txt'),
  join(outside, 'new.txt'),
  outside,
  '../outside/secret.txt',
  '../outside/new.txt',
  join(inside, '..', 'outside', 'secret.txt'),
  `${inside}/./x/../../outside/secret.txt`,
  'link-to-file',
  'link-to-folder/secret.txt',
  'link-to-folder/new.txt',
  'dangling',
  join(inside, 'link-to-folder', 'secret.txt'),
  `/proc/self/root${outside}/secret.txt`,
  `/proc/self/cwd/../../../../../../..${outside}/secret.txt`,
  '/proc/self/environ',
  '/etc/passwd',
  '/etc/../etc/passwd',
  `${inside}-sibling/x`,
  '/dev/zero',
  '/dev/stdin',
  `${join(outside, 'secret.txt')}\0.txt`,
  'bad\0name',
  '',
];

/** What stays inside or names nothing: it may be anything but a way out. */
const odd = () => [
  '..%2foutside%2fsecret.txt',
  '%2e%2e/outside/secret.txt',
  '....//outside/secret.txt',
  '~/secret.txt',
  '~root/.bashrc',
  'C:\\Windows\\win.ini',
  '\\\\server\\share\\x',
  '..\\outside\\secret.txt',
  `file://${outside}/secret.txt`,
  '-rf',
  'a'.repeat(5000),
];

describe('paths', () => {
  it.each(reaching('read', 'write', 'archive'))('%s is shown in a sample', (_name, target) => {
    expect(usesOf(target).length).toBeGreaterThan(0);
  });

  it.each(reaching('read', 'write', 'archive'))(
    '%s leads nowhere outside',
    { timeout: 120_000 },
    async (_name, target) => {
      for (const sample of usesOf(target)) {
        for (const value of paths()) {
          const seen = await callWith(target.tool, sample, target.parameter, value);
          expectRefused(seen, value);
          expect(JSON.stringify(seen.result ?? null)).not.toContain(CANARY);
        }
        for (const value of odd()) {
          const seen = await callWith(target.tool, sample, target.parameter, value);
          expect(JSON.stringify(seen.result ?? null)).not.toContain(CANARY);
          for (const { capability, target: path } of seen.granted)
            if (capability === 'read' || capability === 'write') expect(path.startsWith(inside)).toBe(true);
        }
      }
      await outsideAsItWas();
    },
  );
});

/** Listens on this machine and counts who comes. */
async function canaryServer(): Promise<{ port: number; visits(): number; close(): void }> {
  let visits = 0;
  const server: Server = createServer((socket) => {
    visits++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, visits: () => visits, close: () => server.close() };
}

const LOOPBACK = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST.',
  'sub.localhost',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.1',
  '127.1',
  '127.0.1',
  '0177.0.0.1',
  '①②⑦.⓪.⓪.①',
];
const SPECIAL = [
  '169.254.169.254',
  '10.0.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '[fe80::1]',
  '[fd00::1]',
  '224.0.0.1',
  '255.255.255.255',
];

let canary: Awaited<ReturnType<typeof canaryServer>>;
beforeAll(async () => {
  canary = await canaryServer();
});
afterAll(() => canary.close());

const addresses = () => [
  ...LOOPBACK.map((host) => `http://${host}:${canary.port}/`),
  ...SPECIAL.map((host) => `http://${host}/latest/meta-data/`),
  `http://user:${CANARY}@127.0.0.1:${canary.port}/`,
  `http://example.com@127.0.0.1:${canary.port}/`,
  `http://127.0.0.1:${canary.port}#@example.com/`,
  `http:\\\\127.0.0.1:${canary.port}\\`,
  `file://${outside}/secret.txt`,
  'file:///etc/passwd',
  `gopher://127.0.0.1:${canary.port}/_GET`,
  `dict://127.0.0.1:${canary.port}/`,
  `ftp://127.0.0.1:${canary.port}/`,
  'data:text/html,hello',
  'javascript:alert(1)',
  'http://[fe80::1%25lo]/',
  'not-a-url',
  'http://',
  '://broken',
  '',
];

/** Tools that look at an address without going there. */
const OFFLINE = new Set(['url-analyzer']);

describe('addresses', () => {
  it.each(reaching('url').filter(([, { tool }]) => !OFFLINE.has(tool.name)))(
    '%s reaches nobody without a grant, nor this machine when everything is granted',
    { timeout: 120_000 },
    async (_name, target) => {
      const [sample = { input: {} }] = usesOf(target);
      for (const grants of [{}, { net: ['*'] }])
        for (const value of addresses())
          expectRefused(await callWith(target.tool, sample, target.parameter, value, grants), value);
      expect(canary.visits()).toBe(0);
    },
  );

  it.each(reaching('host'))('%s neither', { timeout: 120_000 }, async (_name, target) => {
    const [sample = { input: {} }] = usesOf(target);
    for (const grants of [{}, { net: ['*'] }])
      for (const host of [...LOOPBACK, ...SPECIAL])
        for (const value of [host, `${host}:${canary.port}`])
          expectRefused(await callWith(target.tool, sample, target.parameter, value, grants), value);
    expect(canary.visits()).toBe(0);
  });

  it.each(reaching('database'))('%s neither', { timeout: 120_000 }, async (_name, target) => {
    const [sample = { input: {} }] = usesOf(target);
    const values = [
      ...LOOPBACK.flatMap((host) =>
        ['postgres', 'mysql'].map((kind) => `${kind}://u:p@${host}:${canary.port}/x`),
      ),
      `sqlite:${outside}/secret.txt`,
      'sqlite:../outside/new.db',
      'sqlite:link-to-folder/new.db',
      'sqlite:dangling',
      `sqlite:file:${outside}/secret.txt?mode=rw`,
      'sqlite::memory:?vfs=unix-none',
      'oracle://localhost/x',
      '',
    ];
    for (const value of values)
      expectRefused(await callWith(target.tool, sample, target.parameter, value), value);
    const everything = { db: ['*'], net: ['*'] };
    for (const value of values.filter((one) => !one.startsWith('sqlite:')))
      expectRefused(await callWith(target.tool, sample, target.parameter, value, everything), value);
    expect(canary.visits()).toBe(0);
    await outsideAsItWas();
  });
});

describe('programs', () => {
  it.each(reaching('program'))(
    '%s starts nothing without a grant, and no shell with one',
    { timeout: 120_000 },
    async (_name, target) => {
      const [sample = { input: {} }] = usesOf(target);
      const mark = join(outside, 'pwned');
      const programs = [
        'sh',
        '/bin/sh',
        '../../../bin/sh',
        `/proc/self/root/bin/sh`,
        `touch ${mark}`,
        `; touch ${mark}`,
        `echo && touch ${mark}`,
        `echo | touch ${mark}`,
        `$(touch ${mark})`,
        `\`touch ${mark}\``,
        `sh -c 'touch ${mark}'`,
        'echo\0sh',
        '-c',
        '',
      ];
      for (const grants of [{}, { run: ['echo'] }])
        for (const value of programs)
          expectRefused(await callWith(target.tool, sample, target.parameter, value, grants), value);
      await outsideAsItWas();
    },
  );
});

describe('variables', () => {
  it.each(reaching('variable'))('%s tells nothing without a grant', async (_name, target) => {
    process.env.LLMSPELL_TEST_SECRET_TOKEN = CANARY;
    const [sample = { input: {} }] = usesOf(target);
    for (const value of [
      'LLMSPELL_TEST_SECRET_TOKEN',
      'HOME',
      'PATH',
      'LD_PRELOAD',
      'A=B',
      'A\0',
      '',
      '__proto__',
    ]) {
      const seen = await callWith(target.tool, sample, target.parameter, value);
      expect(JSON.stringify(seen.result ?? null)).not.toContain(CANARY);
      if (process.env.HOME)
        expect(JSON.stringify(seen.result?.result ?? null)).not.toContain(`"${process.env.HOME}"`);
    }
    delete process.env.LLMSPELL_TEST_SECRET_TOKEN;
  });
});

describe('every tool', () => {
  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s does nothing once its call is cancelled',
    async (_name, tool) => {
      for (const sample of tool.samples.slice(0, 3)) {
        const permissions = createPermissions(
          { ...noGrants(), read: [inside], write: [inside] },
          { cwd: inside },
        );
        const { context, events } = testContext({
          permissions,
          signal: AbortSignal.abort(new Error('enough')),
        });
        const call = invoke(toolComponent(tool), normalizeToolInput(tool, sample.input), context);
        await expect(call).rejects.toThrow('enough');
        expect(events.filter((event) => event.type === 'permission')).toEqual([]);
      }
      expect((await readdir(inside)).sort()).toEqual(['dangling', 'link-to-file', 'link-to-folder']);
    },
  );

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    '%s refuses nonsense with a code',
    async (_name, tool) => {
      const nonsense = [
        null,
        1,
        'text',
        [],
        {},
        { operation: 'no-such-operation' },
        { operation: 7 },
        { input: { $gt: '' } },
      ];
      for (const input of nonsense) {
        const permissions = createPermissions(noGrants(), { cwd: inside });
        const { context } = testContext({ permissions });
        const call = invoke(toolComponent(tool), normalizeToolInput(tool, input), context);
        const error = await call.then(
          () => undefined,
          (thrown: Error & { code?: string }) => thrown,
        );
        if (error)
          expect(error.code, `${JSON.stringify(input)}: ${error.stack}`).toMatch(
            /^(input\.invalid|permission\.|tool\.failed|feature\.missing|component\.timeout)/,
          );
      }
    },
  );
});

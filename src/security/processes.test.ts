import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { type Grants, noGrants } from './grants.js';
import { createPermissions } from './permissions.js';
import { grantedProgram, type ProcessOptions, startGuarded } from './processes.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-processes-')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function contextWith(grants: Partial<Grants>, extra: { signal?: AbortSignal; searchPath?: string } = {}) {
  const { signal, searchPath } = extra;
  const permissions = createPermissions({ ...noGrants(), ...grants }, { cwd: dir, searchPath });
  return testContext({ permissions, ...(signal && { signal }) });
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Runs a program to its end. */
async function run(program: string, args: string[], grants: Partial<Grants>, options: ProcessOptions = {}) {
  const { context } = contextWith(grants);
  const child = await startGuarded(program, args, context, options);
  child.stdin.end();
  const [out, err, how] = await Promise.all([textOf(child.stdout), textOf(child.stderr), child.ended]);
  return { out, err, ...how };
}

/** The processes whose command line holds a text. */
function running(text: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line));
}

/** A length of sleep that no other process has, to find it again. */
let sleeps = 0;
const uniqueSleep = () => `${7000 + (sleeps += 1)}.${process.pid}`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function program(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

describe('startGuarded', () => {
  it('starts a granted program with exactly the given arguments', async () => {
    const args = ['%s|', 'a b', '$HOME', '`id`', ';ls', '*', '', "'", '"', '\n', '--', 'ü'];
    const { out, code } = await run('printf', args, { run: ['printf'] });
    expect([out, code]).toEqual([
      args
        .slice(1)
        .map((arg) => `${arg}|`)
        .join(''),
      0,
    ]);
  });

  it('refuses what is not granted and journals it', async () => {
    const { context, events } = contextWith({ run: ['cat'] });
    await expect(startGuarded('echo', [], context)).rejects.toMatchObject({
      code: 'permission.run',
      hint: expect.stringContaining('--allow-run='),
    });
    expect(events).toMatchObject([{ type: 'permission', capability: 'run', granted: false }]);
  });

  it.each([
    ['', []],
    ['  ', []],
    ['ec\0ho', []],
    ['echo', ['a\0b']],
  ])('refuses %j %j', async (name, args) => {
    await expect(run(name, args, { run: ['*'] })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('says when there is no such program, and when its arguments are too long', async () => {
    await expect(run('no-such-program', [], { run: ['*'] })).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('not found'),
    });
    await expect(run('echo', ['x'.repeat(3_000_000)], { run: ['*'] })).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('too long'),
    });
    const broken = program('broken', '#!/no/such/interpreter\n');
    await expect(run(broken, [], { run: [broken] })).rejects.toMatchObject({ code: 'tool.failed' });
  });

  it('gives it standard input', async () => {
    const { context } = contextWith({ run: ['cat'] });
    const child = await startGuarded('cat', [], context);
    child.stdin.end('hello');
    expect(await textOf(child.stdout)).toBe('hello');
  });

  it('survives a program that reads nothing of its input', async () => {
    const { context } = contextWith({ run: ['true'] });
    const child = await startGuarded('true', [], context);
    child.stdin.end(Buffer.alloc(5_000_000));
    await expect(child.ended).resolves.toEqual({ code: 0, signal: null });
  });

  it('gives it open files', async () => {
    writeFileSync(join(dir, 'a.txt'), 'from a descriptor');
    const fd = openSync(join(dir, 'a.txt'), 'r');
    const { out } = await run('cat', ['/dev/fd/3'], { run: ['cat'] }, { files: [fd] });
    expect(out).toBe('from a descriptor');
  });

  it('gives it no terminal', async () => {
    const { code } = await run('sh', ['-c', 'exec 3</dev/tty'], { run: ['sh'] });
    expect(code).not.toBe(0);
  });

  it('tells the signal that ended it', async () => {
    expect(await run('sh', ['-c', 'kill -9 $$'], { run: ['sh'] })).toMatchObject({
      code: null,
      signal: 'SIGKILL',
    });
  });

  it('adds no listener per process to the program itself', async () => {
    const { context } = contextWith({ run: ['sleep'] });
    const before = process.listenerCount('exit');
    const many = await Promise.all(Array.from({ length: 12 }, () => startGuarded('sleep', ['60'], context)));
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(before + 1);
    await Promise.all(many.map((child) => child.end()));
    await Promise.all(many.map((child) => child.ended));
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('the folder', () => {
  it('is the one that is asked for', async () => {
    mkdirSync(join(dir, 'sub'));
    const grants = { run: ['pwd'], read: [dir] };
    expect((await run('pwd', [], grants, { cwd: join(dir, 'sub') })).out).toBe(`${dir}/sub\n`);
    expect((await run('pwd', [], grants, { cwd: 'sub' })).out).toBe(`${dir}/sub\n`);
    expect((await run('pwd', [], grants)).out).toBe(`${dir}\n`);
  });

  it('has to be granted, whether or not it is there', async () => {
    const refused = expect.objectContaining({ code: 'permission.read' });
    for (const cwd of ['/etc', '/no/such/folder', '/proc/self/cwd/..'])
      await expect(run('pwd', [], { run: ['pwd'], read: [dir] }, { cwd })).rejects.toThrow(refused);
  });

  it('is granted by where a link leads', async () => {
    symlinkSync('/etc', join(dir, 'link'));
    await expect(
      run('pwd', [], { run: ['pwd'], read: [dir] }, { cwd: join(dir, 'link') }),
    ).rejects.toMatchObject({ code: 'permission.read' });
  });

  it('is journaled', async () => {
    const { context, events } = contextWith({ run: ['true'], read: [dir] });
    await (await startGuarded('true', [], context, { cwd: dir })).ended;
    expect(events).toContainEqual(
      expect.objectContaining({ capability: 'read', target: dir, granted: true }),
    );
  });

  it('is a folder', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(
      run('pwd', [], { run: ['pwd'], read: [dir] }, { cwd: join(dir, 'file') }),
    ).rejects.toMatchObject({ code: 'tool.failed' });
  });
});

describe('the environment', () => {
  it('is clean', async () => {
    process.env.LLMSPELL_TEST_CANARY = 'leaked';
    const { out } = await run('env', [], { run: ['env'] }, { env: { MINE: 'a=b' } });
    delete process.env.LLMSPELL_TEST_CANARY;
    const names = out
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual(['HOME', 'LANG', 'LLMSPELL_PROCESS', 'MINE', 'PATH']);
    expect(out).toContain('MINE=a=b\n');
  });

  it.each([
    ['LD_PRELOAD', '/tmp/evil.so'],
    ['ld_preload', '/tmp/evil.so'],
    ['NODE_OPTIONS', '--require=/tmp/evil.js'],
    ['GIT_SSH_COMMAND', 'touch /tmp/evil'],
    ['GIT_CONFIG_GLOBAL', '/tmp/evil'],
    ['PATH', '/tmp'],
    ['HOME', '/tmp'],
    ['BASH_ENV', '/tmp/evil.sh'],
    ['BASH_FUNC_ls%%', '() { evil; }'],
    ['PYTHONSTARTUP', '/tmp/evil.py'],
    ['_JAVA_OPTIONS', '-javaagent:evil.jar'],
    ['LESSOPEN', '|evil %s'],
    ['TAR_OPTIONS', '--checkpoint-action=exec=evil'],
    ['MAGICK_CONFIGURE_PATH', '/tmp'],
    ['DBUS_SESSION_BUS_ADDRESS', 'unixexec:path=/tmp/evil'],
    ['XDG_CONFIG_HOME', '/tmp'],
  ])('cannot hold %s=%s', async (name, value) => {
    await expect(run('env', [], { run: ['*'] }, { env: { [name]: value } })).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining(name),
    });
  });

  it.each(['', 'A=B', 'A\0'])('has no variable named %j', async (name) => {
    await expect(run('env', [], { run: ['*'] }, { env: { [name]: 'x' } })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('may say again what holds anyway', async () => {
    const env = { HOME: process.env.HOME ?? '/' };
    expect(await run('env', [], { run: ['env'] }, { env })).toMatchObject({ code: 0 });
  });

  it('has a search path without places that the run can write', async () => {
    const { context } = contextWith(
      { run: ['env'], write: [dir] },
      { searchPath: `${dir}::.:relative:/usr/bin:/bin` },
    );
    const child = await startGuarded('env', [], context);
    const path = /^PATH=(.*)$/m.exec(await textOf(child.stdout))?.[1];
    expect(path?.split(':')).toEqual([...new Set([await realpath('/usr/bin'), await realpath('/bin')])]);
  });
});

describe('a program granted by its name', () => {
  const evil = '#!/bin/sh\necho evil\n';

  it('is never one that the run could have written', async () => {
    program('echo', evil);
    const { context, events } = contextWith(
      { run: ['echo'], write: [dir] },
      { searchPath: `${dir}:/usr/bin:/bin` },
    );
    expect(await grantedProgram('echo', context)).toBe(join(await realpath('/usr/bin'), 'echo'));
    await expect(grantedProgram(join(dir, 'echo'), context)).rejects.toMatchObject({
      code: 'permission.run',
      hint: expect.stringContaining(`--allow-run=${dir}/echo`),
    });
    expect(events.at(-1)).toMatchObject({ capability: 'run', granted: false });
  });

  it('is refused when there is no other', async () => {
    program('only-here', evil);
    const { context } = contextWith({ run: ['only-here'], write: [dir] }, { searchPath: dir });
    await expect(grantedProgram('only-here', context)).rejects.toMatchObject({
      code: 'permission.run',
      message: expect.stringContaining('where the run may write'),
    });
  });

  it('is not a link to what the run can write', async () => {
    mkdirSync(join(dir, 'bin'));
    mkdirSync(join(dir, 'work'));
    writeFileSync(join(dir, 'work', 'real'), evil);
    chmodSync(join(dir, 'work', 'real'), 0o755);
    symlinkSync(join(dir, 'work', 'real'), join(dir, 'bin', 'tool'));
    const { context } = contextWith(
      { run: ['tool'], write: [join(dir, 'work')] },
      { searchPath: join(dir, 'bin') },
    );
    await expect(grantedProgram('tool', context)).rejects.toMatchObject({ code: 'permission.run' });
  });

  it('lies in the search path, not in the working folder', async () => {
    const path = program('spellbook', evil);
    const { context } = contextWith({ run: ['spellbook'] }, { searchPath: '/usr/bin::.' });
    await expect(grantedProgram('spellbook', context)).rejects.toMatchObject({ code: 'tool.failed' });
    for (const name of [path, './spellbook'])
      await expect(grantedProgram(name, context)).rejects.toMatchObject({ code: 'permission.run' });
  });

  it('may lie there when its path is granted, or everything', async () => {
    const path = program('tool', evil);
    for (const run of [[path], ['./tool'], ['*']]) {
      const { context } = contextWith({ run, write: [dir] }, { searchPath: dir });
      expect(await grantedProgram('tool', context)).toBe(path);
      expect(await grantedProgram('./tool', context)).toBe(path);
    }
  });
});

describe('the end', () => {
  /** What a shell script leaves running when the context aborts, or when it ends. */
  async function leftAfterAbort(script: (sleep: string) => string): Promise<string[]> {
    const sleep = uniqueSleep();
    const abort = new AbortController();
    const { context } = contextWith({ run: ['sh'] }, { signal: abort.signal });
    const child = await startGuarded('sh', ['-c', script(sleep)], context);
    await until(() => running(sleep).some((line) => / sleep /.test(line)));
    abort.abort(new Error('enough'));
    await expect(child.ended).rejects.toThrow('enough');
    return running(sleep);
  }

  it.each<[string, (sleep: string) => string]>([
    ['children', (s) => `sleep ${s}; true`],
    ['grandchildren', (s) => `sh -c "sh -c 'sleep ${s}; true'; true"; true`],
    ['background jobs', (s) => `sleep ${s} & sleep ${s} & wait`],
    ['what ignores signals', (s) => `trap '' TERM INT HUP; sleep ${s}; sleep ${s}`],
    ['daemons with a session of their own', (s) => `setsid sh -c 'sleep ${s} & exit' & sleep ${s}`],
    ['children with another environment', (s) => `env -i sleep ${s}; true`],
    ['children with another environment and session', (s) => `env -i setsid sleep ${s} & sleep ${s}`],
    ['orphans with another environment', (s) => `sh -c 'env -i sleep ${s} & exit'; sleep ${s}`],
    ['what starts others all the time', (s) => `while :; do setsid sleep ${s} & sleep 0.01; done`],
  ])('takes %s along', async (_title, script) => {
    expect(await leftAfterAbort(script)).toEqual([]);
  });

  it('does not start anything after an abort', async () => {
    const { context } = contextWith({ run: ['touch'] }, { signal: AbortSignal.abort(new Error('too late')) });
    await expect(startGuarded('touch', [join(dir, 'mark')], context)).rejects.toThrow('too late');
    expect(existsSync(join(dir, 'mark'))).toBe(false);
  });

  it.each<[string, (sleep: string) => string]>([
    ['a background job', (s) => `sleep ${s} & echo done`],
    ['a daemon', (s) => `setsid sleep ${s} & echo done`],
  ])('comes although %s holds the output open', async (_title, script) => {
    const sleep = uniqueSleep();
    expect(await run('sh', ['-c', script(sleep)], { run: ['sh'] })).toMatchObject({ out: 'done\n', code: 0 });
    expect(running(sleep)).toEqual([]);
  });

  it('comes although something out of reach holds the output open', async () => {
    const sleep = uniqueSleep();
    // A daemon without a trace: another session, no parent, no environment.
    const script = `setsid sh -c 'env -i setsid sleep ${sleep} & exit'; sleep 0.1; echo done`;
    expect(await run('sh', ['-c', script], { run: ['sh'] })).toMatchObject({ out: 'done\n', code: 0 });
    for (const line of running(sleep)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  });

  it('loses nothing that a slow reader has not read yet', async () => {
    const { context } = contextWith({ run: ['sh'] });
    const child = await startGuarded('sh', ['-c', 'head -c 200000 /dev/zero'], context);
    child.stderr.resume();
    let bytes = 0;
    for await (const chunk of child.stdout) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      bytes += (chunk as Buffer).length;
    }
    expect(bytes).toBe(200_000);
    await child.ended;
  });

  it('can be asked for and keeps what was printed', async () => {
    const sleep = uniqueSleep();
    const { context } = contextWith({ run: ['sh'] });
    const child = await startGuarded('sh', ['-c', `echo first; sleep ${sleep}; echo second`], context);
    const out = textOf(child.stdout);
    await until(() => running(sleep).some((line) => / sleep /.test(line)));
    await child.end();
    await expect(child.ended).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    expect([await out, running(sleep)]).toEqual(['first\n', []]);
  });

  it('reaches processes that an inner llmspell has started', async () => {
    const sleep = uniqueSleep();
    const inner = `LLMSPELL_PROCESS=$LLMSPELL_PROCESS:inner setsid sleep ${sleep} & exit`;
    await run('sh', ['-c', inner], { run: ['sh'] });
    expect(running(sleep)).toEqual([]);
  });

  it('of the whole program is the end of what it started', async () => {
    const sleep = uniqueSleep();
    const source = new URL('./processes.ts', import.meta.url).pathname;
    const testing = new URL('../core/testing.ts', import.meta.url).pathname;
    writeFileSync(
      join(dir, 'main.mts'),
      `import { startGuarded } from ${JSON.stringify(source)};
       import { testContext } from ${JSON.stringify(testing)};
       const script = 'setsid sleep ${sleep} & sleep ${sleep}';
       await startGuarded('sh', ['-c', script], testContext().context);
       setTimeout(() => process.exit(7), 300);`,
    );
    const code = await new Promise((resolve) =>
      spawn('npx', ['tsx', join(dir, 'main.mts')], { stdio: 'ignore' }).once('exit', resolve),
    );
    expect(code).toBe(7);
    expect(running(sleep)).toEqual([]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BIN, cleanEnvironment } from './support/cli.js';

/** What a script prints when it is in the loop. */
const BEGUN = 'print("begun")';
const SWALLOWS = `${BEGUN} while true do pcall(function() while true do end end) end`;
const NEVER_YIELDS = `${BEGUN} local x = (("a"):rep(30)):find((".-"):rep(14) .. "b")`;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts the program as the leader of a process group, lets `meanwhile` act once the script runs. */
async function interrupted(
  args: string[],
  meanwhile: (child: ChildProcess) => void,
  input: Readable | 'ignore' = 'ignore',
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: cleanEnvironment(home),
    cwd: home,
    detached: true,
    timeout: 25_000,
    killSignal: 'SIGKILL',
    stdio: [input, 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout!.once('data', () => meanwhile(child));
  const ended = await new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  expect(() => process.kill(-child.pid!, 0), 'nothing of the process group is left').toThrow('ESRCH');
  return ended;
}

/** Presses Ctrl-C when what follows the print is surely at work. */
const once = (child: ChildProcess) => void setTimeout(() => child.kill('SIGINT'), 150);

describe('Ctrl-C', () => {
  test('ends a script that swallows every error', async () => {
    const { code, stderr } = await interrupted(['exec', SWALLOWS], once);
    expect(stderr).toContain('Error [execution.interrupted]');
    expect(code).toBe(130);
  });

  test('ends a spell in a file, which is told where', async () => {
    await writeFile(join(home, 'loop.lua'), `${BEGUN}\n\nwhile true do end\n`);
    const { code, stderr } = await interrupted(['run', 'loop.lua'], once);
    expect(stderr).toContain('loop.lua:3');
    expect(code).toBe(130);
  });

  test('ends a native function that never yields, with its engine', async () => {
    const { code, stderr } = await interrupted(['exec', NEVER_YIELDS], once);
    expect(stderr).toContain('Error [execution.killed]');
    expect(code).toBe(130);
  });

  test('ends a coroutine inside a protected call', async () => {
    const code = `${BEGUN} coroutine.wrap(function() while true do pcall(function() repeat until false end) end end)()`;
    expect(await interrupted(['exec', code], once)).toMatchObject({ code: 130 });
  });

  test('ends a JavaScript loop that swallows every error', async () => {
    const loop = 'console.log("begun"); for (;;) { try { for (;;) {} } catch {} finally { continue } }';
    const { code, stderr } = await interrupted(['exec', '--engine', 'js', loop], once);
    expect(stderr).toContain('Error [execution.interrupted]');
    expect(code).toBe(130);
  });

  test('ends a script that waits for input and would go on with an error', async () => {
    const code = `${BEGUN} pcall(io.read) print("not " .. "reached")`;
    const waiting = spawn('sleep', ['20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const ended = await interrupted(['exec', code], once, waiting.stdout);
      expect(ended).toMatchObject({ code: 130, signal: null, stdout: 'begun\n' });
      expect(ended.stderr).toContain('Error [execution.interrupted]');
    } finally {
      waiting.kill();
    }
  });

  test('a second one ends the process at once', async () => {
    const { code, stderr } = await interrupted(['exec', NEVER_YIELDS], (child) => {
      once(child);
      // Within the grace period that the first one gives; signals that come together would be one.
      setTimeout(() => child.kill('SIGINT'), 300);
    });
    expect(code).toBe(130);
    expect(stderr).toBe('');
  });

  test('leaves no half-written file, not even when it comes twice at once, as from npm', async () => {
    await writeFile(join(home, 'big.bin'), randomBytes(60_000_000));
    const code = `${BEGUN} Tool.execute("archive-handler",
      { operation = "create", path = "${home}/big.zip", files = { "big.bin" } })`;
    const halfWritten = (names: string[]) => names.filter((name) => name.includes('big.zip'));
    let halfway: string[] = [];
    const { code: exit } = await interrupted(['exec', code], (child) => {
      const watch = setInterval(() => {
        halfway = readdirSync(home);
        if (halfWritten(halfway).length === 0) return;
        clearInterval(watch);
        child.kill('SIGINT');
        child.kill('SIGTERM');
      }, 20);
    });
    expect(halfWritten(halfway)).toHaveLength(1);
    expect({ exit, left: halfWritten(await readdir(home)) }).toEqual({ exit: 130, left: [] });
  });

  test('SIGTERM ends a script like Ctrl-C', async () => {
    const { code, signal } = await interrupted(['exec', SWALLOWS], (child) => void child.kill('SIGTERM'));
    expect({ code, signal }).toEqual({ code: 130, signal: null });
  });

  test('ends a REPL that reads a pipe', async () => {
    const script = join(home, 'lines.txt');
    await writeFile(script, `${SWALLOWS}\nprint("never")\n`);
    const shell = `exec '${process.execPath}' '${BIN}' repl < lines.txt`;
    const child = spawn('sh', ['-c', shell], { env: cleanEnvironment(home), cwd: home, timeout: 25_000 });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(stdout).toBe('begun\n');
  });
});

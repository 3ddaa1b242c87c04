import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { BIN, type CliResult, cleanEnvironment } from './cli.js';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/**
 * A folder as a reader of the docs has it before them: copies of `docs/` and `examples/`, a home of its own, and
 * `llmspell` as a command of the shell.
 */
export class Workspace {
  private constructor(
    private readonly base: string,
    /** The folder to work in. */
    readonly directory: string,
  ) {}

  static async open(): Promise<Workspace> {
    const base = await mkdtemp(join(tmpdir(), 'llmspell-'));
    const directory = join(base, 'work');
    for (const name of ['docs', 'examples'])
      await cp(join(ROOT, name), join(directory, name), { recursive: true });
    const bin = join(base, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'llmspell'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {
      mode: 0o755,
    });
    return new Workspace(base, directory);
  }

  /** Puts a file into the folder. */
  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.directory, name), text);
  }

  /** Names of the files in the folder. */
  list(): Promise<string[]> {
    return readdir(this.directory);
  }

  /** Runs shell commands in the folder; ends at the first that fails. */
  sh(script: string, timeoutMs = 25_000): Promise<CliResult> {
    const env = cleanEnvironment(join(this.base, 'home'));
    env.PATH = [join(this.base, 'bin'), env.PATH].join(delimiter);
    return new Promise((done, failed) => {
      const child = spawn('sh', ['-e', '-c', script], { cwd: this.directory, env, timeout: timeoutMs });
      const text = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (chunk: string) => {
          text[name] += chunk;
        });
      child.on('error', failed);
      child.on('close', (code, signal) => done({ code, signal, ...text }));
      child.stdin.end();
    });
  }

  /** Removes the folder. */
  close(): Promise<void> {
    return rm(this.base, { recursive: true, force: true });
  }
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a program is in the search path, or in one of the further folders. */
export function findServer(program: string, folders: readonly string[] = []): string | undefined {
  const places = [...folders, ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return places.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server with a folder of its own, both gone after `close`. */
export class TemporaryServer {
  private child: ChildProcess | undefined;
  private output = '';
  private readonly lastResort = () => this.child?.kill('SIGKILL');

  private constructor(
    readonly folder: string,
    /** Who runs it where the tests run as root, which database servers refuse. */
    private readonly user: string,
  ) {}

  static async create(user: string): Promise<TemporaryServer> {
    const server = new TemporaryServer(await mkdtemp(join(tmpdir(), 'llmspell-server-')), user);
    await server.own('.');
    return server;
  }

  /** Gives a file in the folder to the server's user. */
  async own(name: string): Promise<void> {
    if (isRoot()) await run('chown', ['-R', this.user, join(this.folder, name)]);
  }

  /** Runs a program as the server's user, to its end. */
  async run(program: string, args: readonly string[]): Promise<void> {
    const [command, ...rest] = this.asUser(program, args);
    await run(command!, rest, { cwd: this.folder });
  }

  /** Starts the server and waits until it answers. */
  async start(program: string, args: readonly string[], ready: () => Promise<unknown>): Promise<void> {
    const [command, ...rest] = this.asUser(program, args);
    const child = spawn(command!, rest, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    process.once('exit', this.lastResort);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    await this.untilReady(child, ready);
  }

  /** Ends the server and removes its folder. */
  async close(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGQUIT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(timer);
    }
    process.removeListener('exit', this.lastResort);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** With `setpriv`, the kernel ends the server when the tests are ended. */
  private asUser(program: string, args: readonly string[]): string[] {
    if (!isRoot()) return [program, ...args];
    const as = [`--reuid=${this.user}`, `--regid=${this.user}`, '--clear-groups', '--pdeathsig=KILL'];
    return ['setpriv', ...as, '--', program, ...args];
  }

  private async untilReady(child: ChildProcess, ready: () => Promise<unknown>): Promise<void> {
    const end = Date.now() + 30_000;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`The server ended: ${this.output.slice(-2000)}`);
      try {
        await ready();
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error(`${String(error)}\n${this.output.slice(-2000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function isRoot(): boolean {
  return userInfo().uid === 0;
}

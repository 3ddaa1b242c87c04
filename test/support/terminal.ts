import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BIN, type CliOptions, cleanEnvironment } from './cli.js';

/** Runs a program on a pseudo-terminal of 80 columns and copies between it and its own standard streams. */
const BRIDGE = `
import fcntl, os, pty, select, signal, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
sources = [terminal, 0]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b''
        if not data:
            sources.remove(source)
            if source == 0:
                os.kill(pid, signal.SIGHUP)
        else:
            os.write(1 if source == terminal else terminal, data)
status = os.waitpid(pid, 0)[1]
os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;

/** Milliseconds until a text that does not appear fails the test. */
const PATIENCE_MS = 20_000;

/** Whether this machine can give a program a terminal. */
export function terminalAvailable(): boolean {
  return spawnSync('python3', ['-c', 'import pty']).status === 0;
}

/** The built program on a pseudo-terminal, with a person's fingers and eyes. */
export class TerminalProgram {
  /** Everything that was shown. */
  shown = '';
  /** How the program ended. */
  readonly exit: Promise<number | null>;
  private seen = 0;
  private ended: number | undefined;
  private notify: () => void = () => {};

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    /** Its home directory. */
    readonly home: string,
  ) {
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      this.shown += chunk;
      this.notify();
    });
    this.exit = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    void this.exit.then((code) => {
      this.ended = code ?? -1;
      this.notify();
    });
  }

  /** Starts the program; `home` keeps what an earlier one has left there. */
  static async start(args: readonly string[], options: CliOptions & { home?: string } = {}) {
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'llmspell-')));
    const env = cleanEnvironment(home, { TERM: 'xterm', ...options.env });
    const child = spawn('python3', ['-c', BRIDGE, process.execPath, BIN, ...args], {
      env,
      cwd: options.cwd ?? home,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new TerminalProgram(child, home);
  }

  /** Types keys. */
  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** Waits until `text` is shown after what was waited for before; returns what was shown up to it. */
  async see(text: string): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const at = this.shown.indexOf(text, this.seen);
      if (at >= 0) {
        const part = this.shown.slice(this.seen, at);
        this.seen = at + text.length;
        return part;
      }
      if (Date.now() > deadline || this.ended !== undefined)
        throw new Error(`never shown: ${JSON.stringify(text)} (exit code ${this.ended})\n${this.shown}`);
      await this.change();
    }
  }

  /** Ends it if it still runs, and removes its home. */
  async dispose(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
    await rm(this.home, { recursive: true, force: true });
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 200);
      this.notify = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
